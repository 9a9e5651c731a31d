/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tick and clock. With GetCycleFrequency the VMI timer: alarms wired to IRQ0 until the local
 * APIC is mapped, then to LVTT on each processor. Else the client's own PIT.
 */
#ifndef CLIENT_CLOCK_H
#define CLIENT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define TICKS_PER_SECOND 1000u

extern volatile uint32_t ticks; /* of the boot processor */

/* Is the VMI timer in use? */
bool clock_is_vmi(void);
/* Do ticks come from the local APIC's timer, so that their end is told there? */
bool clock_is_lvtt(void);

/* Starts the tick of the boot processor; interrupts are off, its line is unmasked. */
void clock_init(void);
/* The APIC is mapped: moves the boot processor's tick to it, if the VMI timer is in use. */
void clock_to_lvtt(void);
/* Starts the tick of another processor, interrupts off. */
void clock_init_ap(void);
/* Writes this processor's vector again, bare, as a client does that starts the interrupt anew. */
void clock_restart_irq(void);
/* One tick of this processor. */
void clock_tick(void);

/* Changes this processor's tick, interrupts off. The first one comes at once, or a period later. */
void clock_periodic(uint32_t per_second);
/* No tick, but an event each time that clock_next() asks for one; interrupts off. VMI only. */
void clock_oneshot(void);
/* The next event, at the counter's value `at` or, if that is too far away, before. */
void clock_next(uint64_t at);

/* Clock source: the counter, and its frequency (VMI only). */
uint64_t clock_read(void);
uint64_t clock_frequency(void);
/* Halts until the counter is at `end`, interrupts off before and after; ticks are served. */
void clock_sleep(uint64_t end);

#endif
