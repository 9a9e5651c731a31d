// SPDX-License-Identifier: GPL-2.0-only
#include "window.h"
#include "memory.h"
#include "paging.h"
#include "vmi_abi.h"

/* Where physical address 0 would be. */
#define NEAR 0xffffffffb0000000ul /* in reach of rel32 from KERNEL_BASE */
#define FAR 0xffffc90000000000ul
#define LOW 0x0000123400000000ul
#define LOW_5 0x0045000000000000ul /* with five levels: away from user mode's entry of the root */
#define ODD (NEAR + 0x1000ul)      /* no distance of a linear mapping */

static uintptr_t place = NEAR;

static bool low(uintptr_t address)
{
	return !(address >> 63);
}

/* xorshift: the same place for the same seed. */
static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/*
 * One of three areas, then a place in it: in reach of calls, in the upper half (of 4 levels), and
 * above 4 GiB in the lower. None overlaps what space.h names.
 */
static uintptr_t from_seed(uint32_t seed)
{
	uint64_t state = 0x9e3779b97f4a7c15u ^ seed, area = next(&state) % 3, step = next(&state);

	if (area == 0)
		return NEAR + step % 0x100 * VROM_LINEAR_STEP;
	if (area == 1)
		return FAR + step % 0x400000 * VROM_LINEAR_STEP;
	return LOW + step % 0x400000 * VROM_LINEAR_STEP;
}

bool window_choose(const char *word)
{
	uint32_t seed = 0;

	if (!word || equal(word, "near")) {
		place = NEAR;
	} else if (equal(word, "far")) {
		place = FAR;
	} else if (equal(word, "low")) {
		place = LOW;
	} else if (equal(word, "odd")) {
		place = ODD;
	} else {
		for (const char *p = word; *p; p++) {
			if (*p < '0' || *p > '9' || seed > 99999999)
				return false;
			seed = seed * 10 + (uint32_t)(*p - '0');
		}
		place = from_seed(seed);
		return *word;
	}
	return true;
}

uintptr_t window_place(void)
{
	return VROM_WINDOW_BASE + place + (low(place) && paging.levels == 5 ? LOW_5 : 0);
}
