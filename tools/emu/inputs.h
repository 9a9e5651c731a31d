/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files that make random inputs. */
#ifndef EMU_INPUTS_H
#define EMU_INPUTS_H

#include "emu/lane_internal.h"

#define CR0_MP 0x2u
#define CR0_TS 0x8u
#define CR0_NE 0x20u
#define CR0_WP 0x10000u
#define CR0_AM 0x40000u
#define CR4_DE 0x8u
#define CR4_TSD 0x4u
#define CR4_MCE 0x40u
#define CR4_PCE 0x100u
#define CR4_OSFXSR 0x200u
#define FLAGS_ID 0x200000u
#define FLAGS_AC 0x40000u
#define FLAGS_NT 0x4000u
#define FLAGS_IOPL 0x3000u

#define PICK(r, list) ((list)[random_below((r), sizeof(list) / sizeof((list)[0]))])

static inline uint32_t some_bits(struct emu_random *r, uint32_t mask)
{
	return random32(r) & mask;
}

/* A value of a register, one at an edge every so often. */
uint64_t lane_value(unsigned int width, struct emu_random *r);
/* An address with room for `room` bytes, or one that must fault. */
uint64_t lane_pointer(unsigned int width, struct emu_random *r, uint32_t room);

/* Paging is on, unless once in a while: the lane takes it back where nothing maps the image. */
void lane_paging64(struct emu_setup *s, struct emu_random *r);
/* SYSCALL's registers, GS, null segments. */
void lane_registers64(struct emu_setup *s, struct emu_random *r);
/* Arguments of the calls that 32 bit does not have. */
void lane_arguments64(struct lane_case *c, struct emu_random *r);
/* Of those since 3.2, in either width. */
void lane_arguments_3_2(struct lane_case *c, struct emu_random *r);

#endif
