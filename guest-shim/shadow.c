// SPDX-License-Identifier: GPL-2.0-only
#include "shadow.h"
#include "console.h"
#include "frames.h"
#include "harden.h"
#include "paging.h"
#include "rom_place.h"
#include "vmi_abi.h"

/* The image itself is mapped as text, so the write goes through another mapping. */
static bool writable(uint32_t address)
{
	volatile uint8_t *at = paging_map_alias(address, true);
	uint8_t old = *at, found;

	*at = (uint8_t)~old;
	found = *at;
	*at = old;
	paging_map_alias(address, false);
	return found != old;
}

static bool in_window(uintptr_t address)
{
	return address - paging_window() < VROM_WINDOW_END - VROM_WINDOW_BASE;
}

void shadow_tell(void)
{
	unsigned pages = 0, open = 0;
	uintptr_t start, end;

	if (!rom_image(&start, &end) || harden_done() || !in_window(start))
		return; /* none, or one in a copy */
	for (uintptr_t at = start; at < end; at = (at & ~(uintptr_t)(PAGE_SIZE - 1)) + PAGE_SIZE, pages++)
		open += writable((uint32_t)(at - paging_window()) + VROM_WINDOW_BASE);
	if (!open)
		printf("note shadow read-only\n");
	else if (open == pages)
		printf("note shadow writable\n");
	else
		printf("note shadow partly writable: %u of %u pages\n", open, pages);
}
