// SPDX-License-Identifier: GPL-2.0-only
/* Entries and tables of 4 or 5 levels. */
#include "frames.h"
#include "load.h"
#include "mm.h"
#include "paging.h"
#include "percpu.h"
#include "pv_ops.h"
#include "sites.h"
#include "tables64.h"

#define TABLE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER)
#define ENTRIES 512u
#define HALF 256u /* the upper half of the address space belongs to the kernel */

enum { PT = 1, PD, PDP, P4 }; /* levels; the root's is paging.levels */

static unsigned shift(unsigned level)
{
	return 12 + 9 * (level - 1);
}

uint32_t pmd_span(void)
{
	return 1u << 21;
}

uint64_t entry_read(const void *entry)
{
	return *(const volatile uint64_t *)entry;
}

static void *entry_at(uint32_t table, uintptr_t index)
{
	return (uint64_t *)linear(table) + index;
}

static uint32_t table_of(uint64_t entry)
{
	return (uint32_t)(entry & PTE_ADDRESS);
}

/* Tells of a table of `level`. */
static void announce(struct mm *mm, unsigned level, uint32_t table)
{
	if (level == PT)
		pv_mmu_ops.alloc_pte(mm, table >> 12);
	else if (level == PD)
		pv_mmu_ops.alloc_pmd(mm, table >> 12);
	else if (level == PDP)
		pv_mmu_ops.alloc_pud(mm, table >> 12);
	else if (level < paging.levels)
		pv_mmu_ops.alloc_p4d(mm, table >> 12);
}

static void renounce(unsigned level, uint32_t table)
{
	if (level == PT)
		pv_mmu_ops.release_pte(table >> 12);
	else if (level == PD)
		pv_mmu_ops.release_pmd(table >> 12);
	else if (level == PDP)
		pv_mmu_ops.release_pud(table >> 12);
	else if (level < paging.levels)
		pv_mmu_ops.release_p4d(table >> 12);
}

/* An entry of a table of `level` that leads to another table, or to none. */
static void entry_set(unsigned level, void *entry, uint64_t value)
{
	if (level == PD)
		pmd_set(entry, value);
	else if (level == PDP)
		pv_mmu_ops.set_pud(entry, value);
	else if (level < paging.levels)
		pv_mmu_ops.set_p4d(entry, value);
	else
		pv_mmu_ops.set_pgd(entry, value);
}

/* The entry of `address` in the table of `level`; NULL if a table above is not there. */
static void *find(const struct mm *mm, uintptr_t address, unsigned level)
{
	uint32_t table = mm->root;

	for (unsigned l = paging.levels; l > level; l--) {
		uint64_t entry = entry_read(entry_at(table, address >> shift(l) & (ENTRIES - 1)));

		if (!(entry & PTE_PRESENT) || (entry & PTE_LARGE))
			return NULL;
		table = table_of(entry);
	}
	return entry_at(table, address >> shift(level) & (ENTRIES - 1));
}

/* The same; missing tables are made. NULL: no frame is left, or a large page is in the way. */
static void *make(struct mm *mm, uintptr_t address, unsigned level)
{
	for (unsigned l = paging.levels; l > level; l--) {
		void *entry = find(mm, address, l);
		uint32_t table;

		if (entry_read(entry) & PTE_LARGE && l < paging.levels)
			return NULL;
		if (entry_read(entry) & PTE_PRESENT)
			continue;
		table = frame_alloc();
		if (!table)
			return NULL;
		announce(mm, l - 1, table);
		entry_set(l, entry, table | TABLE_FLAGS);
	}
	return find(mm, address, level);
}

void *pmd_entry(const struct mm *mm, uintptr_t address)
{
	return find(mm, address, PD);
}

void *pmd_make(struct mm *mm, uintptr_t address)
{
	return make(mm, address, PD);
}

void *pte_entry(const struct mm *mm, uintptr_t address)
{
	return find(mm, address, PT);
}

void *pte_make(struct mm *mm, uintptr_t address)
{
	return make(mm, address, PT);
}

/* In the address space in use, the call is told what address the entry maps. */
static uint64_t update_flags(const struct mm *mm, uintptr_t address)
{
	if (mm == this_cpu()->mm)
		return VMI_PAGE_PT | VMI_UPDATE_CURRENT_AS | (address & ~(uintptr_t)(PAGE_SIZE - 1));
	return VMI_PAGE_PT;
}

void pte_set(struct mm *mm, uintptr_t address, void *pte, uint64_t value)
{
	site_set_pxe_long(value, pte, update_flags(mm, address));
}

void pte_remove(struct mm *mm, uintptr_t address, void *pte)
{
	pte_set(mm, address, pte, 0);
}

void pmd_set(void *pmd, uint64_t value)
{
	if (value)
		pv_mmu_ops.set_pmd(pmd, value);
	else
		pv_mmu_ops.pmd_clear(pmd);
}

/* The processor may set its accessed and dirty bits meanwhile, so both steps are locked. */
void pte_wrprotect(struct mm *mm, uintptr_t address, void *pte, uint32_t set)
{
	asm volatile("lock andl %1, %0" : "+m"(*(uint32_t *)pte) : "ir"(~PTE_WRITE) : "cc");
	asm volatile("lock orl %1, %0" : "+m"(*(uint32_t *)pte) : "ir"(set) : "cc");
	site_update_pxe_long(pte, update_flags(mm, address) | load_update_flags());
}

/* Entry `i` of the root is the kernel's: its half, and the option-ROM window wherever that is. */
static bool of_kernel(uint32_t i)
{
	return i >= HALF || i == (paging_window() >> shift(paging.levels) & (ENTRIES - 1));
}

/* What is below the kernel's entries in the root is shared by all. */
bool tables_make(struct mm *mm)
{
	mm->root = frame_alloc();
	if (!mm->root)
		return false;
	for (uint32_t i = 0; mm != &kernel_mm && i < ENTRIES; i++) {
		uint64_t entry = entry_read(entry_at(kernel_mm.root, i));

		if (entry && of_kernel(i))
			entry_set(paging.levels, entry_at(mm->root, i), entry);
	}
	return true;
}

/* Frees the tables below the entries of one of `level`, but for those of the kernel. */
static void free_below(uint32_t table, unsigned level)
{
	for (uint32_t i = 0; i < ENTRIES; i++) {
		void *entry = entry_at(table, i);
		uint32_t below = table_of(entry_read(entry));

		if (!(entry_read(entry) & PTE_PRESENT) || (level == paging.levels && of_kernel(i)))
			continue;
		if (level > PD)
			free_below(below, level - 1);
		entry_set(level, entry, 0);
		renounce(level - 1, below);
		frame_put(below);
	}
}

void tables_free(struct mm *mm)
{
	if (!mm->root)
		return;
	free_below(mm->root, paging.levels);
	pv_mmu_ops.pgd_free(mm, linear(mm->root));
	frame_put(mm->root);
	mm->root = 0;
}

struct walk {
	void *context;
	void (*seen)(void *context, uintptr_t address, uint64_t entry, bool large);
};

static void walk_table(const struct walk *w, uint32_t table, unsigned level, uintptr_t base)
{
	for (uintptr_t i = 0; i < ENTRIES; i++) {
		uint64_t entry = entry_read(entry_at(table, i));
		uintptr_t address = base | i << shift(level);

		if (!(entry & PTE_PRESENT))
			continue;
		if (level == paging.levels && i >= HALF) /* canonical */
			address |= ~(((uintptr_t)1 << shift(level) << 9) - 1);
		if (level == PT || entry & PTE_LARGE)
			w->seen(w->context, address, entry, level != PT);
		else
			walk_table(w, table_of(entry), level - 1, address);
	}
}

void tables_walk(const struct mm *mm, void *context,
		 void (*seen)(void *context, uintptr_t address, uint64_t entry, bool large))
{
	const struct walk w = { context, seen };

	walk_table(&w, mm->root, paging.levels, 0);
}
