// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrappers: slots whose arguments differ from those of the call, as far as both widths do it
 * alike. Each calls slot_entry[], which holds the ROM's entry or the native twin.
 */
#include "math64.h"
#include "pv_ops.h"
#include "time.h"
#include "wrap.h"

#define ENTRY(id, type) ((type *)slot_entry[SLOT_##id])

void PV wrap_lazy_enter(void)
{
	ENTRY(lazy_enter, vmi_set_lazy_mode_fn)(VMI_LAZY_MMU);
}

void PV wrap_lazy_leave(void)
{
	ENTRY(lazy_leave, vmi_set_lazy_mode_fn)(0);
}

void PV wrap_start_context_switch(struct thread *previous)
{
	(void)previous;
	ENTRY(start_context_switch, vmi_set_lazy_mode_fn)(VMI_LAZY_CPU);
}

void PV wrap_end_context_switch(struct thread *next)
{
	(void)next;
	ENTRY(end_context_switch, vmi_set_lazy_mode_fn)(0);
}

/* The state is the same for every processor; smp.c fills it in before. */
void PV wrap_startup_ipi_hook(uint32_t apic_id, const struct vmi_ap_state *state)
{
	ENTRY(startup_ipi_hook, vmi_set_initial_ap_state_fn)((void *)state, apic_id);
}

int PV wrap_write_msr(uint32_t msr, uint32_t low, uint32_t high)
{
	return (int)ENTRY(write_msr, vmi_write_msr_safe_fn)((uint64_t)high << 32 | low, msr);
}

uint32_t PV wrap_get_tsc_khz(void)
{
	return (uint32_t)divide64(ENTRY(get_tsc_khz, vmi_get_cycle_frequency_fn)(), 1000, NULL);
}

/* Available time, as Linux does: what others stole is no time of this kernel's. */
uint64_t PV wrap_sched_clock(void)
{
	uint64_t cycles = ENTRY(sched_clock, vmi_get_cycle_counter_fn)(VMI_ALARM_AVAILABLE);

	return scale64(cycles, time_ns_per_tick());
}
