// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stress case: workers in user mode map, touch, protect, move and unmap pages, fork,
 * share pages with a thread and take faults on purpose, on all processors at once. What
 * they read back is one hash, which depends on the seed alone: the same natively and on
 * every profile, with one processor and four, with PAE and without.
 *
 *   stress hash=H pages=N faults=N switches=N instructions=N
 *
 * pages and faults do not depend on the machine either; switches do. instructions are
 * ticks of the TSC, which are instructions under -icount shift=0; 0 without a TSC.
 */
#include "stress_user.h"
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "mark.h"
#include "mm.h"
#include "options.h"
#include "paging.h"
#include "percpu.h"
#include "process.h"
#include "syscall.h"
#include "test.h"

#define WORKERS 8u

static uint32_t refused(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < CPU_MAX; i++)
		sum += cpus[i].faults;
	return sum;
}

/* Who ran a process since the counts in `before`. */
static unsigned processors(const uint32_t *before)
{
	unsigned ran = 0;

	for (unsigned i = 0; i < CPU_MAX; i++)
		ran += cpus[i].switches != before[i];
	return ran;
}

TEST(stress, "stress.run", VMI_CALL_SetPxE, VMI_CALL_SetPxELong, VMI_CALL_UpdatePxE,
     VMI_CALL_UpdatePxELong, VMI_CALL_AllocatePage, VMI_CALL_ReleasePage, VMI_CALL_InvalPage,
     VMI_CALL_FlushTLB, VMI_CALL_SetLazyMode, VMI_CALL_SetCR3, VMI_CALL_UpdateKernelStack,
     VMI_CALL_SetLDT, VMI_CALL_WriteLDTEntry, VMI_CALL_WriteGDTEntry, VMI_CALL_IRET,
     VMI_CALL_SYSEXIT)
{
	const struct program program = { stress_text, (uint32_t)(stress_text_end - stress_text) };
	uint32_t before = frames_free(), pages = mm_pages(), faults = mm_faults() + refused();
	uint32_t switches = processes_switches(), hash = STRESS_START, workers[WORKERS], results[WORKERS];
	const struct options *o = options_get();
	uint32_t ran[CPU_MAX], wrong = processes_wrong(), ticks = cpus[0].ticks;
	uint64_t start = 0, end = 0;

	for (uint32_t i = 0; i < WORKERS; i++) {
		uint32_t sysenter = i & 1 && cpu_has(CPU_SEP) ? STRESS_SYSENTER : 0;

		workers[i] = process_create(&program, o->seed, i, o->rounds | sysenter);
		if (!workers[i]) {
			test_error("no room for worker %u", i);
			return;
		}
	}
	for (unsigned i = 0; i < CPU_MAX; i++)
		ran[i] = cpus[i].switches;
	mark(MARK_START);
	if (cpu_has(CPU_TSC))
		start = raw_rdtsc();
	processes_run();
	if (cpu_has(CPU_TSC))
		end = raw_rdtsc();
	mark(MARK_STRESS);
	for (uint32_t i = 0; i < WORKERS; i++)
		results[i] = process_reap(workers[i], 0);
	for (uint32_t i = 0; i < WORKERS; i++)
		hash = stress_mix(hash, results[i]);
	printf("stress hash=0x%08x pages=%u faults=%u switches=%u instructions=%llu\n", hash,
	       mm_pages() - pages, mm_faults() + refused() - faults,
	       processes_switches() - switches, (unsigned long long)(end - start));
	CHECK(cpus[0].ticks != ticks, "no tick came meanwhile");
	CHECK_EQ("things found wrong by processes", processes_wrong() - wrong, 0);
	for (uint32_t i = 0; i < WORKERS; i++)
		CHECK(results[i] != SYS_NONE, "worker %u was ended by a fault", i);
	test_note("on %u of %u processors", processors(ran), cpu_count);
	CHECK_EQ("frames after the last process", frames_free(), before);
	CHECK_EQ("the page-table root", raw_read_cr3(), kernel_mm.root);
}
