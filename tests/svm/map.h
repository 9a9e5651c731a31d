/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables that map memory where it is, by pages of 2 MiB: a hypervisor's own, or the nested ones. */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stdint.h>

#define MAP_PAGE (1u << 21)
#define MAP_GIGABYTES 4
#define MAP_ENTRIES 512

struct map {
	uint64_t pages[MAP_GIGABYTES][MAP_ENTRIES], pdpt[MAP_ENTRIES], pml4[MAP_ENTRIES];
} __attribute__((aligned(4096)));

/* Adds what lies from `from` up to `end`, both multiples of MAP_PAGE; end 0: 4 GiB. All may be done with it. */
void map_add(struct map *m, uint32_t from, uint32_t end);
/* Makes it whole. Result: its root, of PAE's form or of long mode's. */
uint32_t map_root(struct map *m, bool long_mode);
/* Turns on the paging of the processor, which is in 32-bit mode, with PAE, by the tables at `root`. */
void map_use(uint32_t root);

#endif
