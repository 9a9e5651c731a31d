/* SPDX-License-Identifier: GPL-2.0-only */
/* Several processors: bring-up, work for them, and TLB shootdown. */
#ifndef SMP_H
#define SMP_H

#include <stdbool.h>
#include <stdint.h>

#include "percpu.h"

/*
 * Brings up processors until `wanted` are online, this one included; 0 and 1 are this one
 * alone. APIC ids 0 to CPU_MAX - 1 are tried, and who answers is counted: nothing that the
 * firmware says of processors is read. Notes what it found.
 */
void smp_start(unsigned wanted);

/* Runs `work` on every processor that is online, this one too; returns when all are done. */
void smp_run(void (*work)(void));

/*
 * Holds the other processors where they run no patch site, and lets them go: they then run
 * nothing that they had fetched before. For changes of the text.
 */
void smp_hold(void);
void smp_release(void);

/* Makes the other processors look whether they should run something else. */
void smp_reschedule_others(void);

/* Masks of processors: bit n is cpus[n]. */
#define SHOOTDOWN_ALL 1u /* no page's address: everything that is not global */
/* Flushes `address` (or SHOOTDOWN_ALL) from the TLBs of `cpus`, this one excepted, and waits. */
void shootdown(uint32_t mask, uintptr_t address);
/* How many requests this processor has served. */
uint32_t shootdown_served(unsigned number);

#endif
