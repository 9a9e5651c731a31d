// SPDX-License-Identifier: GPL-2.0-only
/*
 * No local APIC and no IO-APIC: one processor, interrupts by the 8259 pair, ticks by alarms
 * that are wired to IRQ 0.
 */
#include "design.h"
#include "glue.h"
#include "irq.h"
#include "memory.h"
#include "pv_ops.h"
#include "tick.h"
#include "time.h"

const char design_name[] = "no-apic";
const struct design_slot design_slots[] = {
	{ "pv_tick_ops.start", "SetAlarm", GLUE_tick_start, "an alarm on IRQ 0 that repeats" },
	{ "pv_tick_ops.stop", "CancelAlarm", GLUE_tick_stop, "the alarm on IRQ 0" },
	{ "pv_pic_ops.mask", NULL, 0, "port I/O to the 8259" },
	{ "pv_pic_ops.end_of_interrupt", NULL, 0, "port I/O to the 8259" },
	{ NULL, NULL, 0, NULL },
};

const char *design_no_user(const char *slot)
{
	if (starts_with(slot, "pv_apic_ops.startup_ipi_hook"))
		return "there is one processor";
	if (starts_with(slot, "pv_apic_ops."))
		return "there is no APIC";
	return equal(slot, "pv_mmu_ops.flush_tlb_others") ? "there is one processor" : NULL;
}

void PV glue_tick_start(uint32_t us)
{
	const uint32_t flags = TIME_AVAILABLE | VMI_ALARM_PERIODIC;
	uint64_t period = time_ticks(us);

	irq_unmask(IRQ_PIT);
	vmi_ops.set_alarm(flags, vmi_ops.get_cycle_counter(TIME_AVAILABLE) + period, period);
}

void PV glue_tick_stop(void)
{
	vmi_ops.cancel_alarm(TIME_AVAILABLE);
	pit_stop();
}
