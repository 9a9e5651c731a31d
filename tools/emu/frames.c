/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt frames for IRET: the good ones, and selectors that a process can forge. */
#include "emu/inputs.h"

#define FLAG_VM 0x20000u
#define ACCESS_PRESENT 0x8000u

#define CANONICAL_BITS 48
#define CONFORMING3_IN_1 ((EMU_SEL_CONFORMING3 & ~3) | 1)
#define WIDE_WORDS 5u /* of a 64-bit frame, whatever ring it leads to */

enum words { EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS };

static void put(struct lane_case *c, uint64_t frame, unsigned int word, uint64_t value)
{
	emu_poke(c->ram, c->abi->width, frame + c->abi->width / 8 * word, value);
}

static void kernel_frame(struct lane_case *c, uint64_t frame, struct emu_random *r)
{
	static const uint32_t bad[] = { 0, EMU_SEL_DATA0, EMU_SEL_TSS, EMU_GDT_SIZE, 0xFFF8 };

	put(c, frame, CS, random_once_in(r, 8) ? PICK(r, bad) : EMU_SEL_CODE0);
	c->dead = frame + 4 * ESP;
}

static void user_frame(struct lane_case *c, uint64_t frame, struct emu_random *r)
{
	static const uint32_t good_cs[] = {
		EMU_SEL_CODE3, EMU_SEL_LDT_CODE3, EMU_SEL_CONFORMING | 3,
	};
	static const uint32_t good_ss[] = { EMU_SEL_DATA3, EMU_SEL_LDT_DATA3, EMU_SEL_DATA3_16 };
	static const uint32_t bad_cs[] = {
		3, EMU_SEL_CODE3_ABSENT, EMU_SEL_DATA3, EMU_SEL_LDT_DATA3, EMU_SEL_GATE | 3,
		EMU_SEL_TSS | 3, EMU_SEL_CODE0 | 3, (EMU_SEL_CODE3 & ~3) | 1,
		(EMU_SEL_CODE3 & ~3) | 2, CONFORMING3_IN_1, EMU_GDT_SIZE | 3, 0xFFFB, EMU_LDT_SIZE | 7, 0xFFFF,
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
	/* Bad by its own DPL alone. */
	if (emu_peek(c->ram, c->abi->width, frame + c->abi->width / 8 * CS) == CONFORMING3_IN_1)
		put(c, frame, SS, EMU_SEL_DATA1);
	c->user_frame = true;
	c->dead = frame + 4 * ES;
	if (random_once_in(r, 16)) { /* no flat pair: where is a bad frame to go? */
		uint32_t of = c->abi->width == 64 ? EMU_SEL_CODE3_64 : EMU_SEL_DATA3;
		uint32_t high = EMU_GDT + (of & ~7u) + 4;

		emu_poke32(c->ram, high, emu_peek32(c->ram, high) & ~ACCESS_PRESENT);
		c->flat_pair = false;
	}
}

static void virtual_8086_frame(struct lane_case *c, uint64_t frame, struct emu_random *r)
{
	put(c, frame, CS, (EMU_LANDING >> 4) + random_below(r, 8));
	put(c, frame, EIP, random_below(r, 0x800));
	put(c, frame, EFLAGS, lane_random_flags(r) | FLAG_VM);
	c->user_frame = true;
	c->dead = frame + 4 * (GS + 1);
}

/* Of 64 bit: five words, a wide stack pointer, and a target that may not be canonical. */
static void wide_frame(struct lane_case *c, uint64_t frame, struct emu_random *r)
{
	bool user = random_below(r, 8) > 1;

	put(c, frame, ESP, random64(r) >> (random_once_in(r, 4) ? 0 : 17));
	if (user) {
		user_frame(c, frame, r);
		if (random_once_in(r, 2))
			put(c, frame, CS, EMU_SEL_CODE3_64);
	} else {
		kernel_frame(c, frame, r);
		put(c, frame, SS, random_once_in(r, 4) ? 0 : EMU_SEL_DATA0);
	}
	c->dead = frame + 8 * WIDE_WORDS;
	/* Code of both sizes, or one that the target lies beyond. */
	if (user && random_once_in(r, 8)) {
		put(c, frame, CS, random_once_in(r, 2) ? EMU_SEL_CODE3_BOTH : EMU_SEL_CODE3_SHORT);
		c->bad_target = true;
	}
	if (user && random_once_in(r, 6)) {
		uint64_t cs = emu_peek(c->ram, 64, frame + 8 * CS);
		uint64_t high = 1 + random64(r) % ((1ull << (64 - CANONICAL_BITS + 1)) - 2);

		put(c, frame, EIP, emu_peek(c->ram, 64, frame) | high << (CANONICAL_BITS - 1));
		/* Beyond 4 GiB is beyond every limit of code that is not of 64 bits. */
		c->bad_target |= cs == EMU_SEL_CODE3_64 || cs == EMU_SEL_LDT_CODE3 ||
				cs == EMU_SEL_CODE3 || cs == (EMU_SEL_CONFORMING | 3);
	}
}

void lane_make_frame(struct lane_case *c, uint64_t frame, struct emu_random *r)
{
	put(c, frame, EIP, EMU_LANDING + random_below(r, 0x1000));
	put(c, frame, EFLAGS, lane_random_flags(r));
	if (c->abi->width == 64) {
		wide_frame(c, frame, r);
		return;
	}
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
