// SPDX-License-Identifier: GPL-2.0-only
#include "map.h"

enum { P = 1, W = 2, U = 4, LARGE = 0x80, CR4_PAE = 1 << 5 };
#define CR0_PG (1u << 31)

/* Nested tables are walked as user mode. */
void map_add(struct map *m, uint32_t from, uint32_t end)
{
	for (uint32_t i = from / MAP_PAGE; i <= (end - 1) / MAP_PAGE; i++)
		m->pages[i / MAP_ENTRIES][i % MAP_ENTRIES] = i * MAP_PAGE | P | W | U | LARGE;
}

/* PAE's top entries know no rights. */
uint32_t map_root(struct map *m, bool long_mode)
{
	for (unsigned i = 0; i < MAP_GIGABYTES; i++)
		m->pdpt[i] = (uint32_t)m->pages[i] | P | (long_mode ? W | U : 0);
	m->pml4[0] = (uint32_t)m->pdpt | P | W | U;
	return (uint32_t)(long_mode ? m->pml4 : m->pdpt);
}

void map_use(uint32_t root)
{
	uint32_t cr;

	asm volatile("mov %%cr4, %0" : "=r"(cr));
	asm volatile("mov %0, %%cr4" : : "r"(cr | CR4_PAE));
	asm volatile("mov %0, %%cr3" : : "r"(root) : "memory");
	asm volatile("mov %%cr0, %0" : "=r"(cr));
	asm volatile("mov %0, %%cr0\n\tjmp 1f\n1:" : : "r"(cr | CR0_PG) : "memory");
}
