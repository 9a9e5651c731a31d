/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A watchdog for code that runs with interrupts off: the PIT's line reaches LINT0 of the
 * local APIC through the first PIC, and LINT0 delivers it as NMI.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include <stdbool.h>

/* Takes PIT and LINT0; interrupts are off. Result: false without a local APIC: nothing is watched. */
bool watchdog_open(void);
/* Puts PIT, PIC and LINT0 back. */
void watchdog_close(void);

/* What the innermost guard of this processor runs from here on is ended after 550 ms ... */
void watchdog_start(void);
/*
 * Between two calls of it: the next one has 550 ms of its own. Result: whether the watchdog
 * looked since; the CR0.TS that it leaves is cleared.
 */
bool watchdog_ticked(void);
/* ... up to here. Result: whether it was. CR0.TS is as it was before. */
bool watchdog_stop(void);

/* Called in the task of the NMI: 0 none of ours, 1 go on, 2 the time is over. */
int watchdog_tick(void);

#endif
