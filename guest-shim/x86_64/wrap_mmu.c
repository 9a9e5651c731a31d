// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers of the page-table slots: argument order, level flags, address hints. */
#include "cpu.h"
#include "load.h"
#include "paging.h"
#include "pv_ops.h"
#include "vmi64_abi.h"
#include "wrap.h"

#define ENTRY(id, type) ((type *)slot_entry[SLOT_##id])
#define PAGE_MASK (~(uint64_t)0xfff)
#define LEVEL_PGD (paging.levels == 5 ? VMI_PAGE_PML5 : VMI_PAGE_PML4)

typedef void PV set_fn(uint64_t pxe, void *entry, uint64_t flags);
typedef void PV update_fn(void *entry, uint64_t flags);
typedef void PV allocate_fn(uint64_t pfn, uint32_t flags, uint64_t clone_pfn, uint32_t base,
			    uint32_t count);
typedef void PV release_fn(uint64_t pfn, uint32_t flags);

/* Level flag, and for the address space in use the address that the entry maps. */
static uint64_t update_flags(const struct mm *mm, uintptr_t address, uint64_t level)
{
	if (mm && (pv_mmu_ops.read_cr3() & PAGE_MASK) == mm->root)
		return level | VMI_UPDATE_CURRENT_AS | (address & PAGE_MASK);
	return level;
}

#define SET(id, argument, level) \
	void PV wrap_##id(uint64_t *entry, uint64_t argument) \
	{ \
		ENTRY(id, set_fn)(argument, entry, level); \
	}
SET(set_pte, pte, VMI_PAGE_PT)
SET(set_pmd, pmd, VMI_PAGE_PD)
SET(set_pud, pud, VMI_PAGE_PDP)
SET(set_p4d, p4d, VMI_PAGE_PML4)
SET(set_pgd, pgd, LEVEL_PGD)

void PV wrap_set_pte_at(struct mm *mm, uintptr_t address, uint64_t *ptep, uint64_t pte)
{
	ENTRY(set_pte_at, set_fn)(pte, ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pte_clear(struct mm *mm, uintptr_t address, uint64_t *ptep)
{
	ENTRY(pte_clear, set_fn)(0, ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pmd_clear(uint64_t *pmdp)
{
	ENTRY(pmd_clear, set_fn)(0, pmdp, VMI_PAGE_PD);
}

void PV wrap_pte_update(struct mm *mm, uintptr_t address, uint64_t *ptep)
{
	ENTRY(pte_update, update_fn)(ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pte_update_defer(struct mm *mm, uintptr_t address, uint64_t *ptep)
{
	ENTRY(pte_update_defer, update_fn)
		(ptep, update_flags(mm, address, VMI_PAGE_PT) | load_update_flags());
}

/* The store is the guest's own, in one piece. */
void PV wrap_set_pte_atomic(uint64_t *ptep, uint64_t pte)
{
	asm volatile("xchgq %0, %1" : "+r"(pte), "+m"(*ptep) : : "memory");
	ENTRY(set_pte_atomic, update_fn)(ptep, VMI_PAGE_PT);
}

#define ALLOCATE(id, level) \
	void PV wrap_##id(struct mm *mm, uint32_t pfn) \
	{ \
		(void)mm; \
		ENTRY(id, allocate_fn)(pfn, (level) | VMI_PAGE_PAE | VMI_PAGE_ZEROED, 0, 0, 0); \
	}
ALLOCATE(alloc_pte, VMI_PAGE_PT)
ALLOCATE(alloc_pmd, VMI_PAGE_PD)
ALLOCATE(alloc_pud, VMI_PAGE_PDP)
ALLOCATE(alloc_p4d, VMI_PAGE_PML4)

void PV wrap_alloc_pmd_clone(uint32_t pfn, uint32_t from, uint32_t start, uint32_t count)
{
	ENTRY(alloc_pmd_clone, allocate_fn)
		(pfn, VMI_PAGE_PD | VMI_PAGE_PAE | VMI_PAGE_CLONE, from, start, count);
}

#define RELEASE(id, level) \
	void PV wrap_##id(uint32_t pfn) \
	{ \
		ENTRY(id, release_fn)(pfn, (level) | VMI_PAGE_PAE); \
	}
RELEASE(release_pte, VMI_PAGE_PT)
RELEASE(release_pmd, VMI_PAGE_PD)
RELEASE(release_pud, VMI_PAGE_PDP)
RELEASE(release_p4d, VMI_PAGE_PML4)

void PV wrap_pgd_free(struct mm *mm, void *pgd)
{
	(void)pgd;
	ENTRY(pgd_free, release_fn)(mm->root >> 12, LEVEL_PGD | VMI_PAGE_PAE);
}

void PV wrap_flush_tlb_user(void)
{
	ENTRY(flush_tlb_user, vmi_flush_tlb_fn)(VMI_FLUSH_TLB);
}

void PV wrap_flush_tlb_kernel(void)
{
	ENTRY(flush_tlb_kernel, vmi_flush_tlb_fn)(VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL);
}
