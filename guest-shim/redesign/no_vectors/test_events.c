// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every gate leads to the same place; alarms and ticks are told apart there, or seen by polling
 * with interrupts off, when nothing is delivered at all.
 */
#include "apic.h"
#include "cpu.h"
#include "event.h"
#include "irq.h"
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "trap.h"

#define SOON_US 1000u

extern struct descriptor idt[256];
void user_return(void);

TEST(one_entry, "no-vectors.one-entry")
{
	unsigned present = 0;

	for (unsigned i = 0; i < 256; i++) {
		if (!idt[i].high && !idt[i].low)
			continue;
		present++;
		CHECK((idt[i].low & 0xffff) == (idt[0].low & 0xffff) &&
		      (idt[i].high & 0xffff0000u) == (idt[0].high & 0xffff0000u),
		      "gate %u leads elsewhere than gate 0", i);
	}
	CHECK(present >= 48, "found %u gates, expected the exceptions and 16 lines", present);
	test_note("%u gates", present);
}

TEST(told_apart, "no-vectors.told-apart")
{
	struct user_context context;
	struct trap_info info = { 0 };
	unsigned before = event_count;

	user_context_init(&context, user_return);
	user_run(&context, &info);
	CHECK_EQ("a software interrupt", info.regs.vector, VECTOR_USER);
	CHECK_EQ("events since", event_count - before, 1);
}

/* Waits until event_poll() sees something, for a second at most. */
static int poll(void)
{
	uint64_t start = vmi_ops.get_cycle_counter(TIME_REAL);
	int event = -1;

	while (event < 0 && vmi_ops.get_cycle_counter(TIME_REAL) - start < time_frequency())
		event = event_poll();
	return event;
}

TEST(polled_alarm, "no-vectors.polled-alarm", VMI_CALL_SetAlarm)
{
	unsigned before;
	bool apic = apic_present();

	if (!time_usable())
		SKIP("no TSC");
	pit_stop();
	before = event_count;
	if (!apic)
		irq_unmask(IRQ_PIT);
	vmi_ops.set_alarm(time_wiring() | TIME_REAL,
			  vmi_ops.get_cycle_counter(TIME_REAL) + time_ticks(SOON_US), 0);
	CHECK_EQ("what was seen", (unsigned)poll(), apic ? VECTOR_TIMER : VECTOR_IRQ);
	CHECK_EQ("events that were delivered", event_count - before, 0);
	/* Delivered after all, now that interrupts are on for a moment. */
	raw_sti();
	asm volatile("nop; nop");
	raw_cli();
	if (apic)
		CHECK_EQ("events after the poll", event_count - before, 1);
	vmi_ops.cancel_alarm(time_wiring() | TIME_REAL);
	pit_stop();
}

TEST(polled_tick, "no-vectors.polled-tick")
{
	unsigned before;

	if (!time_usable())
		SKIP("no TSC");
	pit_stop();
	before = event_count;
	irq_unmask(IRQ_PIT);
	pit_one_shot(1000);
	CHECK_EQ("what was seen", (unsigned)poll(), VECTOR_IRQ);
	CHECK_EQ("a second look", (unsigned)event_poll(), (unsigned)-1);
	CHECK_EQ("events that were delivered", event_count - before, 0);
	pit_stop();
}
