// SPDX-License-Identifier: GPL-2.0-only
/* Every processor asks, marches, and runs processes of its own, at the same time as the first. */
#include "check.h"
#include "console.h"
#include "cpu.h"
#include "entry.h"
#include "proc.h"
#include "raw.h"
#include "rom.h"
#include "signals.h"
#include "smp.h"

#define ROUNDS 4

/* What a processor found. Written by it, read after it is done. */
static struct found {
	uint32_t interrupt_flag, sites, tables, processes, signals;
	const char *first, *lost;
} found[CPUS_MAX];

static void sites_here(struct found *f)
{
	f->lost = march_lost();
	for (int round = 0; rom && round < ROUNDS; round++)
		f->sites += patch_compare(sites_start, sites_end);
}

static void processes_here(struct found *f)
{
	static const uint8_t *const programs[] = { user_int80, user_touch, user_fork, user_yield,
						   user_sysenter };
	uint32_t count = sizeof(programs) / sizeof(programs[0]) - !(features & CPUID1_EDX_SEP);

	for (uint32_t i = 0; i < count; i++) {
		struct proc *p = proc_create(programs[i]);

		proc_run_all();
		f->processes += !proc_passed(p);
		if (p)
			proc_free(p);
	}
}

static void job(void)
{
	struct cpu *cpu = this_cpu();
	struct found *f = &found[cpu->number];
	struct vmi_descriptor_pointer gdt;

	pv_cpu_ops.store_gdt(&gdt);
	f->tables += gdt.base != (uint32_t)cpu->gdt;
	f->tables += pv_cpu_ops.store_tr() != SEL_TSS;
	f->tables += pv_cpu_ops.read_cr4() != raw_read_cr4();
	pv_irq_ops.irq_enable();
	f->interrupt_flag += !(raw_eflags() & EFLAGS_IF);
	pv_irq_ops.irq_disable();
	f->interrupt_flag += (raw_eflags() & EFLAGS_IF) != 0;
	sites_here(f);
	processes_here(f);
	signals_prepare();
	f->signals = signals_failing(&f->first);
}

static void name(char *to, uint32_t size, uint32_t cpu, const char *what)
{
	snprintf(to, size, "smp.cpu%u_%s", cpu, what);
}

static void report(uint32_t cpu, const char *what, uint32_t value)
{
	char text[40];

	name(text, sizeof(text), cpu, what);
	check_equal(text, value, 0);
}

static bool start(uint32_t cpu)
{
	char text[40];
	bool up = smp_start(cpu);

	name(text, sizeof(text), cpu, "online");
	check(text, up, "it did not come up after INIT and two SIPIs");
	return up;
}

static void judge(uint32_t cpu)
{
	char text[40];
	struct found *f = &found[cpu];
	bool done = smp_wait(cpu);

	name(text, sizeof(text), cpu, "done");
	check(text, done, "it did not end its work in time");
	if (!done)
		return;
	report(cpu, "tables", f->tables);
	report(cpu, "interrupt_flag", f->interrupt_flag);
	report(cpu, "sites_differ", f->sites);
	name(text, sizeof(text), cpu, "march");
	check(text, !f->lost, "a patch site changed %s", f->lost ? f->lost : "");
	report(cpu, "processes", f->processes);
	name(text, sizeof(text), cpu, "signals");
	check(text, !f->signals, "%u cases went wrong, first %s", f->signals,
	      f->first ? f->first : "");
}

void test_smp(void)
{
	bool up[CPUS_MAX] = { false };
	const char *first = "";
	uint32_t failing;

	if (smp_count() < 2) {
		check_skip("smp", "one processor");
		return;
	}
	for (uint32_t cpu = 1; cpu < smp_count(); cpu++)
		up[cpu] = start(cpu);
	for (uint32_t cpu = 1; cpu < smp_count(); cpu++)
		if (up[cpu])
			smp_begin(cpu, job);
	failing = signals_failing(&first);
	for (uint32_t cpu = 1; cpu < smp_count(); cpu++)
		if (up[cpu])
			judge(cpu);
	check("smp.cpu0_signals", !failing, "%u cases went wrong, first %s", failing, first);
}
