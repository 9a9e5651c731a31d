/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks for whoever counts from outside: a write to a port that no PC has. The hypervisor of
 * tests/hv/ prints what was counted since mark 0, and a trace of KVM shows them, too.
 */
#ifndef MARK_H
#define MARK_H

#include "io.h"

#define MARK_PORT 0xeb
#define MARK_START 0
#define MARK_STRESS 1
#define MARK_BATCH 2
#define MARK_SLOT 0x80 /* or'ed: a slot, whose line follows */

static inline void mark(uint8_t number)
{
	outb(MARK_PORT, number);
}

#endif
