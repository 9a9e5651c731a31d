// SPDX-License-Identifier: GPL-2.0-only
/* Page frames. */
#include "entry.h"
#include "memory.h"
#include "mm.h"
#include "site.h"

#define FRAMES_MAX (BOOT_LARGE_PAGES << 10)

static uint8_t users[FRAMES_MAX];
static uint32_t next, end, available;
static struct spinlock frames_lock;

void frames_init(uint32_t memory_end)
{
	next = phys(image_end) / PAGE_SIZE;
	end = memory_end / PAGE_SIZE;
	available = end - next;
}

uint32_t frame_alloc(void)
{
	uint32_t flags = lock(&frames_lock), found = 0;

	for (uint32_t i = phys(image_end) / PAGE_SIZE; available && i < end && !found;
	     i++, next++) {
		if (next >= end)
			next = phys(image_end) / PAGE_SIZE;
		if (!users[next])
			found = next;
	}
	if (found) {
		users[found] = 1;
		available--;
	}
	unlock(&frames_lock, flags);
	if (found)
		memset(virt(found * PAGE_SIZE), 0, PAGE_SIZE);
	return found * PAGE_SIZE;
}

void frame_share(uint32_t frame)
{
	uint32_t flags = lock(&frames_lock);

	users[frame / PAGE_SIZE]++;
	unlock(&frames_lock, flags);
}

uint32_t frame_users(uint32_t frame)
{
	return users[frame / PAGE_SIZE];
}

void frame_release(uint32_t frame)
{
	uint32_t flags = lock(&frames_lock);

	if (!--users[frame / PAGE_SIZE])
		available++;
	unlock(&frames_lock, flags);
}

uint32_t frames_free(void)
{
	return available;
}
