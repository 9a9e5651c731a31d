/* SPDX-License-Identifier: GPL-2.0-only */
/* PIC and PIT: the tick, on the boot processor. */
#ifndef CLIENT_IRQ_H
#define CLIENT_IRQ_H

#include <stdbool.h>
#include <stdint.h>

struct space;

#include "clock.h" /* ticks */

extern bool slow_machine; /* slow=1: the watchdog waits longer */

/* Silences the PICs as the firmware left them: their vectors are those of exceptions. */
void irq_silence(void);
/* Sets the PICs up: line 0 alone. Interrupts stay as they are. */
void irq_init(void);
/* Serves line `line`. */
void irq_serve(uint32_t line);
/* Ends the run as failed, with a line, if it has lasted too long. */
void watchdog(void);
/* The boot processor has had a tick: processes see it. */
void irq_show_tick(void);
/* Does a tick wait to be served? */
bool irq_tick_pending(void);
/* Lines that the first PIC takes for being served. */
uint8_t irq_in_service(void);
/* Lets a process see the ticks at USER_CLOCK. Result: false without memory. */
bool clock_map(struct space *space);
/* Waits `count` ticks with interrupts on; false if none comes for a long time. */
bool wait_ticks(uint32_t count);

#endif
