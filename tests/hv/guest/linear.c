// SPDX-License-Identifier: GPL-2.0-only
/*
 * All of the RAM, through the linear mapping with its large pages: each frame is one of its own,
 * and what stands in it stays, in both modes and from one to the other.
 */
#include "fixture.h"

static uint32_t taken[HV_FRAMES];

static uint32_t wrong_frames(uint32_t count)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t *page = linear(taken[i]);

		wrong += page[0] != taken[i] || page[PAGE_SIZE / 4 - 1] != ~taken[i];
	}
	return wrong;
}

TEST(whole, "hv.all-memory")
{
	uint32_t count = 0;

	if (!fixture_there())
		return;
	while (count < HV_FRAMES && (taken[count] = frame_alloc())) {
		uint32_t *page = linear(taken[count]);

		page[0] = taken[count];
		page[PAGE_SIZE / 4 - 1] = ~taken[count];
		count++;
	}
	CHECK(count > HV_FRAMES / 2, "only %u frames were free", count);
	CHECK_EQ("frames that hold something else", wrong_frames(count), 0);
	if (fixture_enter()) {
		CHECK_EQ("frames that hold something else once entered", wrong_frames(count), 0);
		fixture_leave();
	}
	CHECK_EQ("frames that hold something else after leaving", wrong_frames(count), 0);
	while (count)
		frame_put(taken[--count]);
}
