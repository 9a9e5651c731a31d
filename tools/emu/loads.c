/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the cpu lane loads an image. */
#include "emu/lane_internal.h"

/* Where a guest may see the window, besides one to one. */
static const uint32_t offsets[] = { 0x40000000, 0x80000000, 0xB0000000, 0xC0000000 };
/* In 64 bit: above 4 GiB, across pages of 1 GiB, in the upper half. No edge of a random value is near. */
static const uint64_t bases64[] = {
	0x1000C0000, 0xC0000, 0xFFFFFF800, 0x7FFFF00800, 0xFFFF8880000C0000, 0xFFFFFFFF80F00800,
	0x3FFFFF800, 0x7FFFFFE00000,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t load_address64(const struct lane_options *o, uint32_t load)
{
	struct emu_random r = random_from(o->seed, LANE_CALLS, load);

	if (load < COUNT(bases64))
		return bases64[load];
	if (load % 2) /* beyond 4 GiB, below what is mapped one to one */
		return ((1ull << 32) + random64(&r) % (EMU_ONE_TO_ONE - (2ull << 32))) &
		       ~(uint64_t)(VROM_WINDOW_STEP - 1);
	return 0xFFFF800000000000 + (random64(&r) >> 18 & ~(uint64_t)(VROM_WINDOW_STEP - 1));
}

uint64_t lane_load_address(const struct lane_options *o, uint32_t load)
{
	if (o->width == 64)
		return load_address64(o, load);

	uint32_t room = VROM_WINDOW_END - VROM_WINDOW_BASE - (uint32_t)o->size;
	uint32_t steps = room / VROM_WINDOW_STEP + 1;
	struct emu_random r = random_from(o->seed, VMI_CALLS, load);

	switch (load) {
	case 0: return VROM_WINDOW_BASE;
	case 1: return VROM_WINDOW_BASE + VROM_WINDOW_STEP * (steps > 1);
	case 2: return VROM_WINDOW_BASE + (steps - 1) * VROM_WINDOW_STEP;
	case 3: return VROM_WINDOW_BASE + offsets[3];
	}
	uint32_t base = VROM_WINDOW_BASE + random_below(&r, steps) * VROM_WINDOW_STEP;
	return base + (load % 2 ? offsets[random_below(&r, COUNT(offsets))] : 0);
}
