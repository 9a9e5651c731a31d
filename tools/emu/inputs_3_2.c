/* SPDX-License-Identifier: GPL-2.0-only */
/* Random inputs of the calls since 3.2, in either width. */
#include "emu/inputs.h"
#include "vmi_abi.h"

/* Sets an argument, wherever it lies; of 32 bit one that takes one place. */
static void give(struct lane_case *c, unsigned int number, uint64_t value)
{
	const struct vmi_place_info *arg = &c->abi->places[c->call->number].args[number];

	if (arg->reg >= 0)
		*lane_argument(c, number) = value;
	else
		emu_poke(c->ram, c->abi->width, c->start.gpr[EMU_ESP] + (unsigned int)arg->stack, value);
}

static uint64_t frame(unsigned int width, struct emu_random *r)
{
	static const uint64_t frames[] = { 0, 1, 0xFFFFFFFFFF, 0x10000000000, 0x10000000001,
					   0xFFFFFFFFFFFFFFFF };
	static const uint32_t narrow[] = { 0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF };

	if (random_once_in(r, 2))
		return width == 64 ? PICK(r, frames) : PICK(r, narrow);
	return width == 64 ? random64(r) >> random_below(r, 64) : random32(r) >> random_below(r, 32);
}

void lane_arguments_3_2(struct lane_case *c, struct emu_random *r)
{
	static const uint32_t sizes[] = { 1, 2, 4, 8, 1, 2, 4, 8, 0, 3, 7, 16 };
	static const uint32_t bitmaps[] = { 0, 1, 8191, 8192, 8193, 0xFFFFFFFF };
	const unsigned int width = c->abi->width;
	const uint64_t all = width == 64 ? UINT64_MAX : UINT32_MAX;
	uint64_t address, first, pages;

	switch (c->call->number) {
	case VMI_CALL_VcpuWait:
		give(c, 2, random_once_in(r, 8) ? random32(r) : PICK(r, sizes));
		address = random_once_in(r, 2) ? lane_value(width, r) : lane_pointer(width, r, 8);
		give(c, 0, random_once_in(r, 2) ? address & ~(uint64_t)7 : address);
		break;
	case VMI_CALL_SetIOBitmap:
		give(c, 0, lane_pointer(width, r, 8));
		give(c, 1, random_once_in(r, 2) ? PICK(r, bitmaps) : random_below(r, 16384));
		break;
	case VMI_CALL_SetPageVisibility:
		first = frame(width, r);
		pages = frame(width, r);
		if (random_once_in(r, 3)) /* they wrap, or end just below that */
			pages = random_below(r, 16) - first - 8;
		give(c, 0, first);
		give(c, 1, pages & all);
		give(c, 2, random_once_in(r, 4) ? random32(r) : random_below(r, 3));
		break;
	}
}
