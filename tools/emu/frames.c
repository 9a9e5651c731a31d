/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt frames for IRET: the good ones, and selectors that a process can forge. */
#include "emu/lane_internal.h"

#define FLAG_VM 0x20000u
#define ACCESS_PRESENT 0x8000u
#define PICK(r, list) ((list)[random_below((r), sizeof(list) / sizeof((list)[0]))])

enum words { EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS };

static void put(struct lane_case *c, uint32_t frame, unsigned int word, uint32_t value)
{
	emu_poke32(c->ram, frame + 4 * word, value);
}

static void kernel_frame(struct lane_case *c, uint32_t frame, struct emu_random *r)
{
	static const uint32_t bad[] = { 0, EMU_SEL_DATA0, EMU_SEL_TSS, EMU_GDT_SIZE, 0xFFF8 };

	put(c, frame, CS, random_once_in(r, 8) ? PICK(r, bad) : EMU_SEL_CODE0);
	c->dead = frame + 4 * ESP;
}

static void user_frame(struct lane_case *c, uint32_t frame, struct emu_random *r)
{
	static const uint32_t good_cs[] = {
		EMU_SEL_CODE3, EMU_SEL_LDT_CODE3, EMU_SEL_CONFORMING | 3,
	};
	static const uint32_t good_ss[] = { EMU_SEL_DATA3, EMU_SEL_LDT_DATA3, EMU_SEL_DATA3_16 };
	static const uint32_t bad_cs[] = {
		3, EMU_SEL_CODE3_ABSENT, EMU_SEL_DATA3, EMU_SEL_LDT_DATA3, EMU_SEL_GATE | 3,
		EMU_SEL_TSS | 3, EMU_SEL_CODE0 | 3, (EMU_SEL_CODE3 & ~3) | 1,
		(EMU_SEL_CODE3 & ~3) | 2, EMU_GDT_SIZE | 3, 0xFFFB, EMU_LDT_SIZE | 7, 0xFFFF,
	};
	static const uint32_t bad_ss[] = {
		0, 3, EMU_SEL_DATA3_ABSENT, EMU_SEL_DATA3_RO, EMU_SEL_CODE3, EMU_SEL_DATA0,
		EMU_SEL_DATA0 | 3, EMU_SEL_DATA3 & ~3, (EMU_SEL_DATA3 & ~3) | 1, EMU_SEL_TSS | 3,
		EMU_GDT_SIZE | 3, EMU_LDT_SIZE | 7, 0xFFFF,
	};

	put(c, frame, CS, PICK(r, good_cs));
	put(c, frame, SS, PICK(r, good_ss));
	if (random_once_in(r, 4))
		put(c, frame, CS, PICK(r, bad_cs));
	if (random_once_in(r, 4))
		put(c, frame, SS, PICK(r, bad_ss));
	c->user_frame = true;
	c->dead = frame + 4 * ES;
	if (random_once_in(r, 16)) { /* no flat pair: where is a bad frame to go? */
		uint32_t high = EMU_GDT + (EMU_SEL_DATA3 & ~7) + 4;

		emu_poke32(c->ram, high, emu_peek32(c->ram, high) & ~ACCESS_PRESENT);
		c->flat_pair = false;
	}
}

static void virtual_8086_frame(struct lane_case *c, uint32_t frame, struct emu_random *r)
{
	put(c, frame, CS, (EMU_LANDING >> 4) + random_below(r, 8));
	put(c, frame, EIP, random_below(r, 0x800));
	put(c, frame, EFLAGS, lane_random_flags(r) | FLAG_VM);
	c->user_frame = true;
	c->dead = frame + 4 * (GS + 1);
}

void lane_make_frame(struct lane_case *c, uint32_t frame, struct emu_random *r)
{
	put(c, frame, EIP, EMU_LANDING + random_below(r, 0x1000));
	put(c, frame, EFLAGS, lane_random_flags(r));
	switch (random_below(r, 8)) {
	case 0:
	case 1:
		kernel_frame(c, frame, r);
		break;
	case 2:
		virtual_8086_frame(c, frame, r);
		break;
	default:
		user_frame(c, frame, r);
	}
}
