/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events without vectors. The kernel's own code goes on to use the numbers of trap.h: here they
 * are names that software gives to what it has found.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

#include "arch.h"

/* Called by the one entry; regs->vector holds whether there is an error code, then the number. */
void event_identify(struct regs *regs);
/* A value in CR2 that no page fault leaves, so that the next one is seen. */
void event_arm(void);

/* How often something came by the one entry. */
extern unsigned event_count;

/*
 * With interrupts off: the number of an external event that waits, taken and ended; -1 if none does.
 * Nothing is delivered.
 */
int event_poll(void);

/* The highest of the local APIC's bits from register `base` on (APIC_IRR or APIC_ISR), or -1. */
int glue_event_apic(uint32_t base);

#endif
