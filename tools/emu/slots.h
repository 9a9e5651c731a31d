/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of VMI_Init and GetRelocationInfo, and what such a call must leave as it was. */
#ifndef EMU_SLOTS_H
#define EMU_SLOTS_H

#include <stdbool.h>

#include "emu/emu.h"

#define EMU_SLOT_RETURN (EMU_LANDING + 0x40)

/* What a call has lost, as a mask. After EMU_LOST_RETURN nothing else is judged. */
enum emu_lost {
	EMU_LOST_RETURN = 1 << 0,    /* faulted, halted, ran away, returned elsewhere */
	EMU_LOST_STACK = 1 << 1,     /* ESP is off */
	EMU_LOST_REGISTERS = 1 << 2, /* other than emu_slot_clobbers() */
	EMU_LOST_FLAGS = 1 << 3,     /* IF or DF */
	EMU_LOST_SEGMENTS = 1 << 4,
	EMU_LOST_SYSTEM = 1 << 5,    /* GDTR, IDTR, CR0, CR3, CR4 */
	EMU_LOST_ABOVE = 1 << 6,     /* words of the caller's, above the return address */
};

struct emu_slot_call {
	struct emu_start start;
	struct emu_result result;
	bool above_kept;
};

/*
 * Calls `entry` with EAX, in 64 bit RDI = `input`, at most `limit` instructions; every other
 * register has a value of its own, another one for each `turn` (from 0).
 */
void emu_call_slot(struct emu *emu, uint64_t entry, uint32_t input, unsigned int turn,
		   uint32_t limit, struct emu_slot_call *call);

/* VMI_REG_ bits that VMI_Init and GetRelocationInfo may change. */
uint32_t emu_slot_clobbers(unsigned int width);

/* Result: enum emu_lost bits. */
unsigned int emu_lost(const struct emu_slot_call *call);

#endif
