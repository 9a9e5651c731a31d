// SPDX-License-Identifier: GPL-2.0-only
/* One 2-level page table: the first 4 MiB as they are, and a few pages for tests. */
#include "cpu.h"
#include "paging.h"
#include "pv_ops.h"

#define ENTRIES 1024
#define PTE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER)

static uint32_t root[ENTRIES] __attribute__((aligned(4096)));
static uint32_t low_table[ENTRIES] __attribute__((aligned(4096)));
static uint32_t test_table[ENTRIES] __attribute__((aligned(4096)));
struct mm kernel_mm = { root };

uint32_t paging_root(void)
{
	return (uint32_t)root;
}

uint32_t *paging_test_pte(unsigned page)
{
	return &test_table[page % ENTRIES];
}

uint32_t *paging_low_pte(uintptr_t address)
{
	return &low_table[(address >> 12) % ENTRIES];
}

void paging_on(void)
{
	for (uint32_t i = 0; i < ENTRIES; i++)
		low_table[i] = i << 12 | PTE_FLAGS;
	root[0] = (uint32_t)low_table | PTE_FLAGS;
	root[PAGING_TEST_BASE >> 22] = (uint32_t)test_table | PTE_FLAGS;
	pv_mmu_ops.write_cr3((uint32_t)root);
	if (raw_read_cr3() != (uint32_t)root) /* cr.cr3 has said so; a reset would hide the rest */
		raw_write_cr3((uint32_t)root);
	pv_cpu_ops.write_cr0(pv_cpu_ops.read_cr0() | CR0_PG);
}

void paging_off(void)
{
	pv_cpu_ops.write_cr0(pv_cpu_ops.read_cr0() & ~CR0_PG);
	pv_mmu_ops.write_cr3(0);
}
