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

static uint32_t msr(struct emu_random *r)
{
	static const uint32_t numbers[] = { 0x174, 0x175, 0x176, 0x174, 0x175, 0x176, 0, 0x173, 0x177,
					    0x12345678, 0x80000175, 0xFFFFFFFF };

	return PICK(r, numbers);
}

/* A range of some pages, all addresses, or anything. */
static void range(struct lane_case *c, struct emu_random *r)
{
	const unsigned int width = c->abi->width;
	const uint64_t all = width == 64 ? UINT64_MAX : UINT32_MAX;
	uint64_t start = lane_value(width, r), end = lane_value(width, r);

	switch (random_below(r, 4)) {
	case 0: start = end = 0; break;
	case 1: start = lane_pointer(width, r, 8), end = start + random_below(r, 0x28000); break;
	case 2: start &= all >> 20, end = start + 1 + random_below(r, 0x8000); break;
	}
	give(c, 2, start & all);
	give(c, 3, end & all);
}

/* The set can be read, or none could be at its address. */
static void flush_multi(struct lane_case *c, struct emu_random *r)
{
	const unsigned int width = c->abi->width;
	const uint32_t room = 64;

	give(c, 0, EMU_SCRATCH + random_below(r, EMU_LANDING - EMU_SCRATCH - room));
	if (width == 64 && random_once_in(r, 8))
		give(c, 0, 1ull << (57 + random_below(r, 6)));
	give(c, 1, random_once_in(r, 4) ? random_below(r, 3) : random_below(r, room * 8));
	range(c, r);
	give(c, 4, random_once_in(r, 4) ? random32(r) : random_below(r, 8));
}

void lane_arguments_3_2(struct lane_case *c, struct emu_random *r)
{
	static const uint32_t sizes[] = { 1, 2, 4, 8, 1, 2, 4, 8, 0, 3, 7, 16 };
	static const uint32_t bitmaps[] = { 0, 1, 8191, 8192, 8193, 0xFFFFFFFF };
	const unsigned int width = c->abi->width;
	const uint64_t all = width == 64 ? UINT64_MAX : UINT32_MAX;
	uint64_t address, first, pages;

	switch (c->call->number) {
	case VMI_CALL_ReadMSRSafe:
		give(c, 0, msr(r));
		break;
	case VMI_CALL_WriteMSRSafe:
		give(c, 1, msr(r));
		if (width == 32 && !random_once_in(r, 4))
			c->start.gpr[EMU_EDX] = random_once_in(r, 2) ? 0 : UINT32_MAX;
		break;
	case VMI_CALL_FlushTLBMulti:
		flush_multi(c, r);
		break;
	case VMI_CALL_GetVcpuCycles:
		if (!random_once_in(r, 4))
			give(c, 0, random_below(r, 2));
		if (!random_once_in(r, 4))
			give(c, 1, random_below(r, 5));
		break;
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
