// SPDX-License-Identifier: GPL-2.0-only
/* RDTSC and RDPMC through their slots: the first moves on between the instruction's own values. */
#include "cpu.h"
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
		now = pv_cpu_ops.read_tsc();
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

static void read_counter_slot(void *value)
{
	*(uint64_t *)value = pv_cpu_ops.read_pmc(0);
}

/* Most emulated processors have no counters: then slot and instruction fault alike. */
TEST(pmc, "counter.pmc", VMI_CALL_RDPMC)
{
	struct trap_info raw = { 0 }, slot = { 0 };
	uint64_t value = 0;

	CHECK_EQ("whether read_pmc faults", trap_guard(read_counter_slot, &value, &slot),
		 trap_guard(read_counter_raw, NULL, &raw));
	CHECK_EQ("vector of read_pmc", slot.regs.vector, raw.regs.vector);
}
