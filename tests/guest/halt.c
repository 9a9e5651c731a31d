// SPDX-License-Identifier: GPL-2.0-only
/*
 * Halt turns interrupts on and halts with nothing in between: it comes back by an
 * interrupt, with interrupts on, and one that was waiting already is not lost. A halt
 * that does lose it would sleep until the second tick, which the handler arms.
 */
#include "binding.h"
#include "cpu.h"
#include "irq.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"

#define SOON 2000u   /* PIT ticks: 1.7 ms */
#define LATE 65536u  /* the PIT's range: 55 ms */
#define ATTEMPTS 5   /* a host that stalls for 55 ms looks like a lost wake-up */

static volatile unsigned ticks;

static void tick_and_rescue(void)
{
	ticks++;
	pit_one_shot(LATE);
}

static bool wait_pending(void)
{
	for (unsigned i = 0; i < 10000000; i++) {
		if (irq_pending(IRQ_PIT))
			return true;
		asm volatile("pause");
	}
	return false;
}

static void start(void)
{
	pv_irq_disable();
	ticks = 0;
	irq_set_handler(IRQ_PIT, tick_and_rescue);
	pit_one_shot(SOON);
	irq_unmask(IRQ_PIT);
}

static void stop(void)
{
	raw_cli();
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
}

TEST(wakes, "halt.wakes", VMI_CALL_Halt)
{
	unsigned seen = 0;

	for (int i = 0; i < ATTEMPTS && seen != 1; i++) {
		start();
		pv_irq_ops.safe_halt();
		seen = ticks;
		CHECK_EQ("IF after safe_halt", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
		stop();
	}
	CHECK_EQ("interrupts until safe_halt came back", seen, 1);
}

/* What the C convention promises holds across the interrupt, too. */
TEST(keeps_registers, "halt.keeps-registers", VMI_CALL_Halt)
{
	const struct vmi_call_info *call = &GUEST_ABI->calls[VMI_CALL_Halt];
	struct probe p;
	const char *lost;

	start();
	probe_init(&p, slot_entry[SLOT_safe_halt]);
	probe_run(&p);
	stop();
	lost = probe_lost(&p, call->clobber | call->out);
	CHECK(!lost, "safe_halt does not keep %s", lost ? lost : "");
}

TEST(keeps_pending, "halt.keeps-pending", VMI_CALL_Halt)
{
	unsigned seen = 0;

	for (int i = 0; i < ATTEMPTS && seen != 1; i++) {
		start();
		if (!wait_pending()) {
			stop();
			test_error("the PIT raises no interrupt");
			return;
		}
		pv_irq_ops.safe_halt();
		seen = ticks;
		stop();
	}
	CHECK_EQ("interrupts until safe_halt came back", seen, 1);
}
