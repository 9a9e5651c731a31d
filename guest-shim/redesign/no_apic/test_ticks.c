// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ticks arrive on IRQ 0, at the pace that was asked for, and end; nothing else raises
 * interrupts. The APIC's page is not mapped: a touch is a page fault.
 */
#include "cpu.h"
#include "irq.h"
#include "paging.h"
#include "pv_ops.h"
#include "test.h"
#include "tick.h"
#include "time.h"
#include "trap.h"

#define TICKS 20u
#define TICK_US 1000u

static volatile unsigned ticks;

static void count_tick(void)
{
	ticks++;
}

TEST(ticks_arrive, "no-apic.ticks", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	uint64_t start, took;
	unsigned after;

	if (!time_usable())
		SKIP("no TSC");
	ticks = 0;
	irq_set_handler(IRQ_PIT, count_tick);
	start = vmi_ops.get_cycle_counter(TIME_REAL);
	glue_tick_start(TICK_US);
	/* No halt: a tick that never comes must fail the test, not end it. */
	while (ticks < TICKS &&
	       vmi_ops.get_cycle_counter(TIME_REAL) - start < time_ticks(50 * TICKS * TICK_US)) {
		pv_irq_enable();
		cpu_relax();
		pv_irq_disable();
	}
	took = vmi_ops.get_cycle_counter(TIME_REAL) - start;
	glue_tick_stop();
	after = ticks;
	CHECK_EQ("ticks", after, TICKS);
	CHECK(took >= time_ticks((TICKS - 1) * TICK_US), "%u ticks came in %llu cycles, expected %llu",
	      TICKS, (unsigned long long)took, (unsigned long long)time_ticks(TICKS * TICK_US));
	raw_sti();
	for (start = vmi_ops.get_cycle_counter(TIME_REAL);
	     vmi_ops.get_cycle_counter(TIME_REAL) - start < time_ticks(5 * TICK_US);)
		cpu_relax();
	raw_cli();
	CHECK_EQ("ticks after the last one", ticks, after);
	irq_set_handler(IRQ_PIT, NULL);
}

static void touch(void *unused)
{
	(void)unused;
	(void)*(volatile uint32_t *)FIXED_APIC;
}

TEST(untouched, "no-apic.unmapped")
{
	struct trap_info info = { 0 };

	CHECK(trap_guard(touch, NULL, &info), "the kernel has a page for the APIC");
	CHECK_EQ("exception", info.regs.vector, TRAP_PF);
	CHECK_EQ("its address", info.cr2, FIXED_APIC);
}
