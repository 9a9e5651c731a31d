/* SPDX-License-Identifier: GPL-2.0-only */
/* What the timer tests share: a recorder of timer interrupts, and waits with an end. */
#ifndef TIMING_H
#define TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "percpu.h"
#include "vmi_abi.h"

#define RECORDED 32

/* Timer interrupts of one processor since timing_start(). */
struct timing {
	volatile uint32_t count;
	volatile uint64_t at[RECORDED]; /* real counter at each of the first ones */
};
extern struct timing timing[CPU_MAX];

/* Records the interrupts of the wiring in `flags` (VMI_ALARM_LVTT or not). */
void timing_start(uint32_t flags);
/* Masks them again, drops what waits, and cancels both counters' alarms. */
void timing_stop(uint32_t flags);

uint64_t timing_now(void);
/*
 * SetAlarm with an expiry on the real counter, whichever counter it is set on: what was stolen so far
 * is taken off for the available one. The period is as it is.
 */
void timing_set(uint32_t flags, uint64_t expiry, uint64_t period);
/* Lets interrupts in until `count` have come, or the counter is at `deadline`. Was it enough? */
bool timing_wait(uint32_t count, uint64_t deadline);

/* The same for what must come: gives up long after `due`, the host's stalls not counted. */
bool timing_await(uint32_t count, uint64_t due);

/*
 * By how many ticks an alarm `distance` ticks away may seem early: 0 where the clocks are
 * exact, else what the two measurements of them differ, and the error of ours.
 */
uint64_t timing_tolerance(uint64_t distance);
/* Ticks until a wait for something that must come is given up. */
uint64_t timing_patience(void);
/* Where both wirings exist, both; else IRQ0. Ended by 1. */
const uint32_t *timing_wirings(void);
const char *timing_name(uint32_t flags);
/* Whether the APIC counts for LVTT alarms; else a hypervisor's own timers do, of which it shows nothing. */
bool timing_by_apic(void);

/* The config block of the ROM in use; NULL on a native boot. */
const struct vrom_config *timing_config(void);
/* Whether a ROM that was loaded from the window would find its state memory by the distance. */
bool timing_has_state(void);

#endif
