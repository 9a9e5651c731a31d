// SPDX-License-Identifier: GPL-2.0-only
/* The host's tables and the nested ones: all of 4 GiB where it is; the guest's lack the player. */
#include "platform.h"
#include "../svm/map.h"
#include "memory.h"

enum { P = 1, LARGE = 0x80, CR4_LA57 = BIT(12), EFER_LMA = BIT(10) };
#define FRAME 0x000ffffffffff000ull

static struct map host, nested;
uint32_t nested_root, host_root;

void memory_init(bool long_mode)
{
	map_add(&host, 0, 0);
	map_add(&nested, 0, PLAYER_BASE);
	map_add(&nested, PLAYER_END, 0);
	host_root = map_root(&host, long_mode);
	nested_root = map_root(&nested, long_mode);
}

void *guest_ram(uint64_t physical, uint32_t size)
{
	return physical < GUEST_RAM && size <= GUEST_RAM - physical ? (void *)(uint32_t)physical : NULL;
}

/* One level: the entry, 0 if it is not there. */
static uint64_t walk(uint64_t at, unsigned index, unsigned size)
{
	const void *entry = guest_ram((at & FRAME) + index * size, size);
	uint64_t value = 0;

	if (entry)
		memcpy(&value, entry, size);
	return value & P ? value : 0;
}

/* Where a linear address of the guest leads, in all its kinds of paging; false if nowhere. */
static bool translate(uint64_t linear, uint64_t *physical)
{
	bool wide = vmcb.efer & EFER_LMA, pae = vmcb.cr4 & CR4_PAE;
	unsigned bits = pae ? 9 : 10, size = pae ? 8 : 4, level = wide ? vmcb.cr4 & CR4_LA57 ? 5 : 4 : pae ? 3 : 2;
	uint64_t at = vmcb.cr3;

	*physical = linear;
	if (!(vmcb.cr0 & CR0_PG))
		return true;
	if (level == 3) /* PAE's first table is no page */
		at = walk(at, (uint32_t)(at & 0xfe0) / 8 + (unsigned)(linear >> 30 & 3), 8), level--;
	for (; level; level--) {
		unsigned shift = 12 + bits * (level - 1);

		if (!at)
			return false;
		at = walk(at, (unsigned)(linear >> shift) & (BIT(bits) - 1), size);
		if (at & LARGE && (level == 2 || (level == 3 && wide)) && (pae || vmcb.cr4 & CR4_PSE)) {
			*physical = (at & FRAME & ~((1ull << shift) - 1)) | (linear & ((1ull << shift) - 1));
			return true;
		}
	}
	*physical = (at & FRAME) | (linear & (PAGE - 1));
	return at;
}

unsigned guest_read(uint64_t linear, uint8_t *to, unsigned size)
{
	unsigned n = 0;
	uint64_t physical;

	for (; n < size; n++) {
		const uint8_t *from = translate(linear + n, &physical) ? guest_ram(physical, 1) : NULL;

		if (!from)
			break;
		to[n] = *from;
	}
	return n;
}
