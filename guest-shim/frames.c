// SPDX-License-Identifier: GPL-2.0-only
/* Page frames: a free list that runs through an array, so that free frames are never touched. */
#include "frames.h"
#include "console.h"
#include "memory.h"
#include "paging.h"
#include "spinlock.h"

static struct frame {
	uint16_t references;
	uint16_t next; /* index of the next free frame; 0 = none (frame 0 is never ours) */
} frames[FRAMES_MAX];
static uint32_t first, limit, free_list, free_count;
static struct spinlock lock;
_Static_assert(FRAMES_MAX <= 65536, "an index must fit struct frame.next");

void frames_init(uint32_t start, uint32_t end)
{
	if (end > FRAMES_MAX * PAGE_SIZE) {
		printf("note RAM above 0x%08x is left alone\n", FRAMES_MAX * PAGE_SIZE);
		end = FRAMES_MAX * PAGE_SIZE;
	}
	first = start >> PAGE_SHIFT;
	limit = end >> PAGE_SHIFT;
	/* From the top down, so that low frames are given out first. */
	for (uint32_t i = limit; i-- > first; free_count++) {
		frames[i].next = (uint16_t)free_list;
		free_list = i;
	}
}

uint32_t frames_end(void)
{
	return limit << PAGE_SHIFT;
}

uint32_t frame_alloc(void)
{
	uint32_t frame;

	spin_lock(&lock);
	frame = free_list;
	if (frame) {
		free_list = frames[frame].next;
		frames[frame].references = 1;
		free_count--;
	}
	spin_unlock(&lock);
	if (frame)
		page_clear(linear(frame << PAGE_SHIFT));
	return frame << PAGE_SHIFT;
}

static bool ours(uint32_t index)
{
	return index >= first && index < limit;
}

void frame_get(uint32_t frame)
{
	uint32_t index = frame >> PAGE_SHIFT;

	if (!ours(index))
		return;
	spin_lock(&lock);
	frames[index].references++;
	spin_unlock(&lock);
}

void frame_put(uint32_t frame)
{
	uint32_t index = frame >> PAGE_SHIFT;

	if (!ours(index))
		return;
	spin_lock(&lock);
	if (frames[index].references && !--frames[index].references) {
		frames[index].next = (uint16_t)free_list;
		free_list = index;
		free_count++;
	}
	spin_unlock(&lock);
}

unsigned frame_references(uint32_t frame)
{
	uint32_t index = frame >> PAGE_SHIFT;

	return ours(index) ? *(volatile uint16_t *)&frames[index].references : 0;
}

uint32_t frames_free(void)
{
	return free_count;
}
