/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's time: clock, tick and sleep, through the timer slots, whatever serves them.
 * Alarms use this processor's APIC timer (LVTT wiring) where there is one, else the PIT.
 */
#ifndef TIME_H
#define TIME_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_REAL 0u      /* counters */
#define TIME_AVAILABLE 1u
#define TIME_STOLEN 2u

/* Measures the clocks for the native twins; needs interrupts off. Before the slots are used. */
void time_init(void);
/* Reads the frequency and sets up the interrupts; again whenever the slots were bound anew. */
void time_bind(void);
/* Sets up this processor's LVTT vector, for processors that start later. */
void time_bind_cpu(void);
/* False: this machine has no usable TSC, and nothing below works. */
bool time_usable(void);

/* Whether the TSC counts instructions (QEMU's icount), so that what is timed repeats exactly. */
bool time_exact(void);
/* What WallclockUpdated said when the slots were bound. */
bool time_was_updated(void);

/* Flags for the alarm calls: the wiring in use. */
uint32_t time_wiring(void);
uint64_t time_frequency(void);
uint64_t time_ns_per_tick(void); /* 32.32 */
/* Ticks of the counters in `us` microseconds, rounded up. */
uint64_t time_ticks(uint32_t us);

/*
 * What a timer interrupt calls, with interrupts off and before its end is told; NULL =
 * nothing. `line0`: the PIT's, else the one of the APIC timers. Until the first call with a
 * handler, the PIT's line stays masked.
 */
void time_set_handler(bool line0, void (*handler)(void));

/* Calls `handler` on this processor every `us` microseconds until time_tick_stop(). */
void time_tick_start(void (*handler)(void), uint32_t us);
void time_tick_stop(void);

/* Halts until `us` microseconds (up to an hour) have passed; interrupts are off before and after. */
void time_sleep(uint32_t us);

#endif
