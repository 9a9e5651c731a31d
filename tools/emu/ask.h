/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an image answers: VMI_Init once and GetRelocationInfo twice for each number, at two
 * load addresses, with everything that each call lost. It judges nothing.
 */
#ifndef EMU_ASK_H
#define EMU_ASK_H

#include "emu/slots.h"
#include "vmi_abi.h" /* VMI_CALLS */

/* Numbers that are no call. */
#define ASK_BEYOND 15
extern const uint32_t ask_beyond[ASK_BEYOND];

#define ASK_BASES 2
#define ASK_TURNS 2
#define ASK_NUMBERS (VMI_CALLS + ASK_BEYOND)
#define ASK_LIMIT 10000u /* instructions of one call: more is a hang */

struct ask_one {
	uint32_t eax, edx;
	uint32_t eip, address; /* where it ended, if it did not return */
	uint8_t end, vector;   /* enum emu_end */
	uint8_t lost;          /* enum emu_lost */
};

struct ask_report {
	uint32_t base[ASK_BASES];
	uint32_t number[ASK_NUMBERS]; /* the calls in order, then ask_beyond */
	struct ask_one init[ASK_BASES];
	struct ask_one answer[ASK_NUMBERS][ASK_BASES][ASK_TURNS];
};

/*
 * Fills *report about `size` bytes of an image (VROM_SLOT_TABLE and two slots at
 * least, ROMFILE_MAX at most); an image of ours as POST leaves it. Result: 0, or -1 with
 * `error` (at least 128 bytes) where there is no emulator.
 */
int ask_run(const uint8_t *image, size_t size, struct ask_report *report, char *error,
	    size_t error_size);

#endif
