// SPDX-License-Identifier: GPL-2.0-only
/* RDTSC and RDPMC through their slots: the first moves on between the instruction's own values. */
#include "cpu.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

TEST(tsc, "counter.tsc", VMI_CALL_RDTSC)
{
	uint64_t before, now, after;

	if (!cpu_has(CPU_TSC))
		SKIP("this processor has no TSC");
	for (int i = 0; i < 100; i++) {
		before = raw_rdtsc();
		now = probe_result((uintptr_t)pv_cpu_ops.read_tsc);
		after = raw_rdtsc();
		CHECK(before <= now && now <= after && before < after,
		      "read_tsc: found 0x%llx, expected 0x%llx to 0x%llx", (unsigned long long)now,
		      (unsigned long long)before, (unsigned long long)after);
	}
}

static void read_counter_raw(void *unused)
{
	uint32_t low, high;

	(void)unused;
	asm volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(0));
}

static void run_probe(void *probe)
{
	probe_run(probe);
}

/* Most emulated processors have no counters: then entry and instruction fault alike. */
TEST(pmc, "counter.pmc", VMI_CALL_RDPMC)
{
	struct trap_info raw = { 0 }, slot = { 0 };
	struct probe p;
	bool raw_faults = trap_guard(read_counter_raw, NULL, &raw), slot_faults;

	probe_init(&p, slot_entry[SLOT_read_pmc]);
	p.in[ECX] = p.in[ARG0] = 0;
	slot_faults = trap_guard(run_probe, &p, &slot);
	CHECK_EQ("whether RDPMC faults", slot_faults, raw_faults);
	CHECK_EQ("vector of RDPMC", slot.regs.vector, raw.regs.vector);
	if (slot_faults) {
		CHECK_EQ("EBX at the fault", slot.regs.bx, p.in[EBX]);
		CHECK_EQ("ECX at the fault", slot.regs.cx, p.in[ECX]);
	} else {
		const char *lost = probe_lost(&p, VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX);

		CHECK(!lost, "RDPMC does not keep %s", lost ? lost : "");
		pv_cpu_ops.read_pmc(0); /* and the wrapper comes back, too */
	}
}
