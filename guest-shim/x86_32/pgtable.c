// SPDX-License-Identifier: GPL-2.0-only
/* Entries and tables of both formats: 2-level with 4-byte entries, PAE with 8-byte ones. */
#include "frames.h"
#include "load.h"
#include "mm.h"
#include "paging.h"
#include "percpu.h"
#include "pv_ops.h"
#include "sites.h"

#define TABLE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER)

uint32_t pmd_span(void)
{
	return paging.pae ? 1u << 21 : 1u << 22;
}

uint64_t entry_read(const void *entry)
{
	const volatile uint32_t *half = entry;

	return paging.pae ? (uint64_t)half[1] << 32 | half[0] : half[0];
}

static void *entry_at(uint32_t table, uint32_t index)
{
	return (uint8_t *)linear(table) + index * (paging.pae ? 8 : 4);
}

void *pmd_entry(const struct mm *mm, uintptr_t address)
{
	if (paging.pae)
		return entry_at(mm->pmd[address >> 30], address >> 21 & 511);
	return entry_at(mm->pmd[0], address >> 22);
}

void *pte_entry(const struct mm *mm, uintptr_t address)
{
	uint64_t pmd = entry_read(pmd_entry(mm, address));

	if (!(pmd & PTE_PRESENT) || (pmd & PTE_LARGE))
		return NULL;
	return entry_at((uint32_t)(pmd & PTE_ADDRESS), address >> 12 & (paging.pae ? 511 : 1023));
}

void *pte_make(struct mm *mm, uintptr_t address)
{
	void *pmd = pmd_entry(mm, address);

	if (!(entry_read(pmd) & PTE_PRESENT)) {
		uint32_t table = frame_alloc();

		if (!table)
			return NULL;
		pv_mmu_ops.alloc_pte(mm, table >> 12);
		pmd_set(pmd, table | TABLE_FLAGS);
	}
	return pte_entry(mm, address);
}

/* In the address space in use, the call is told what address the entry maps. */
static uint32_t update_flags(const struct mm *mm, uintptr_t address)
{
	if (mm == this_cpu()->mm)
		return VMI_PAGE_PT | VMI_UPDATE_CURRENT_AS | (address & ~(PAGE_SIZE - 1));
	return VMI_PAGE_PT;
}

void pte_set(struct mm *mm, uintptr_t address, void *pte, uint64_t value)
{
	if (paging.pae)
		site_set_pxe_long(value, pte, update_flags(mm, address));
	else
		site_set_pxe((uint32_t)value, pte, update_flags(mm, address));
}

void pte_remove(struct mm *mm, uintptr_t address, void *pte)
{
	pte_set(mm, address, pte, 0);
}

void pmd_set(void *pmd, uint64_t value)
{
	if (!paging.pae)
		pv_mmu_ops.set_pmd(pmd, (uint32_t)value);
	else if (value)
		pv_pae_ops.set_pmd(pmd, value);
	else
		pv_mmu_ops.pmd_clear(pmd);
}

/* The processor may set its accessed and dirty bits meanwhile, so both steps are locked. */
void pte_wrprotect(struct mm *mm, uintptr_t address, void *pte, uint32_t set)
{
	asm volatile("lock andl %1, %0" : "+m"(*(uint32_t *)pte) : "ir"(~PTE_WRITE) : "cc");
	asm volatile("lock orl %1, %0" : "+m"(*(uint32_t *)pte) : "ir"(set) : "cc");
	if (paging.pae)
		site_update_pxe_long(pte, update_flags(mm, address) | load_update_flags());
	else
		site_update_pxe(pte, update_flags(mm, address) | load_update_flags());
}

/* PAE: four directories. The topmost is the kernel's own, the first begins with its entries. */
static bool make_pae(struct mm *mm)
{
	uint32_t count = USER_BASE / pmd_span();

	mm->root = frame_alloc();
	for (unsigned i = 0; i < 4; i++) {
		mm->pmd[i] = i == 3 && mm != &kernel_mm ? kernel_mm.pmd[3] : frame_alloc();
		if (!mm->root || !mm->pmd[i])
			return false;
	}
	if (mm != &kernel_mm) {
		for (uint32_t i = 0; i < count; i++)
			pmd_set(entry_at(mm->pmd[0], i), entry_read(entry_at(kernel_mm.pmd[0], i)));
		pv_mmu_ops.alloc_pmd_clone(mm->pmd[0] >> 12, kernel_mm.pmd[0] >> 12, 0, count);
	}
	for (unsigned i = 0; i < 4; i++) {
		if (i < 3 || mm == &kernel_mm)
			pv_mmu_ops.alloc_pmd(mm, mm->pmd[i] >> 12);
		pv_mmu_ops.set_pud(entry_at(mm->root, i), mm->pmd[i] | PTE_PRESENT);
	}
	return true;
}

static void copy_directory(struct mm *mm, uint32_t start, uint32_t count)
{
	for (uint32_t i = start; i < start + count; i++)
		pmd_set(entry_at(mm->root, i), entry_read(entry_at(kernel_mm.root, i)));
	pv_mmu_ops.alloc_pmd_clone(mm->root >> 12, kernel_mm.root >> 12, start, count);
}

static bool make_two_level(struct mm *mm)
{
	uint32_t high = LINEAR_BASE / pmd_span();

	mm->root = mm->pmd[0] = frame_alloc();
	if (!mm->root)
		return false;
	if (mm != &kernel_mm) {
		copy_directory(mm, 0, USER_BASE / pmd_span());
		copy_directory(mm, high, 1024 - high);
	} else {
		pv_mmu_ops.alloc_pmd(mm, mm->root >> 12);
	}
	return true;
}

bool tables_make(struct mm *mm)
{
	if (paging.pae ? make_pae(mm) : make_two_level(mm))
		return true;
	tables_free(mm);
	return false;
}

static void free_tables_of(const struct mm *mm)
{
	for (uint32_t a = USER_BASE; a < USER_END; a += pmd_span()) {
		void *pmd = pmd_entry(mm, a);
		uint64_t value = entry_read(pmd);

		if (!(value & PTE_PRESENT))
			continue;
		pmd_set(pmd, 0);
		pv_mmu_ops.release_pte((uint32_t)(value & PTE_ADDRESS) >> 12);
		frame_put((uint32_t)(value & PTE_ADDRESS));
	}
}

/* frame_put() ignores frame 0: what was never made. */
void tables_free(struct mm *mm)
{
	bool whole = mm->root && (!paging.pae || (mm->pmd[0] && mm->pmd[1] && mm->pmd[2]));

	if (whole)
		free_tables_of(mm);
	for (unsigned i = 0; i < 3 && paging.pae; i++) {
		if (whole)
			pv_mmu_ops.release_pmd(mm->pmd[i] >> 12);
		frame_put(mm->pmd[i]);
	}
	if (whole)
		pv_mmu_ops.pgd_free(mm, (void *)mm->root);
	frame_put(mm->root);
	mm->root = 0;
}

void tables_walk(const struct mm *mm, void *context,
		 void (*seen)(void *context, uintptr_t address, uint64_t entry, bool large))
{
	uint32_t span = pmd_span(), address = 0;

	do {
		uint64_t pmd = entry_read(pmd_entry(mm, address));

		if (pmd & PTE_PRESENT && pmd & PTE_LARGE)
			seen(context, address, pmd, true);
		for (uint32_t a = 0; pmd & PTE_PRESENT && !(pmd & PTE_LARGE) && a < span; a += PAGE_SIZE) {
			uint64_t entry = entry_read(pte_entry(mm, address + a));

			if (entry & PTE_PRESENT)
				seen(context, address + a, entry, false);
		}
		address += span;
	} while (address);
}
