/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls with every register known: for foreign code, and to see what an entry changes. */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

/* Fills in patterns for all registers and flat segments, no arguments. */
void probe_init(struct probe *p, uintptr_t target);

/* Makes the call; a trap in it is caught by the guard around probe_run, if there is one. */
void probe_run(struct probe *p);

/*
 * What a slot without arguments returns in EDX:EAX. The registers are seeded before, so
 * that an entry that writes no result cannot pass for one that does.
 */
uint64_t probe_result(uintptr_t target);

/*
 * What the call lost that is not in `may_change` (VMI_REG_ masks): a register's name,
 * "stack", "segments" or "direction flag" (which may_change cannot
 * allow); NULL if all is well. Registers that come back as they went in are well.
 */
const char *probe_lost(const struct probe *p, uint32_t may_change);

#endif
