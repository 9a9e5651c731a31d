// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers of the page-table slots: argument order, level flags, address hints. */
#include "cpu.h"
#include "load.h"
#include "paging.h"
#include "pv_ops.h"
#include "wrap.h"

#define ENTRY(id, type) ((type *)slot_entry[SLOT_##id])
#define PAGE_MASK 0xfffff000u

/* The kind of table that is announced. */
static uint32_t table_flags(uint32_t level)
{
	return level | (paging.pae ? VMI_PAGE_PAE : 0);
}

/* Level flag, and for the address space in use the address that the entry maps. */
static uint32_t update_flags(const struct mm *mm, uintptr_t address, uint32_t level)
{
	if (mm && (pv_mmu_ops.read_cr3() & PAGE_MASK) == mm->root)
		return level | VMI_UPDATE_CURRENT_AS | (address & PAGE_MASK);
	return level;
}

void PV wrap_set_pte(uint32_t *ptep, uint32_t pte)
{
	ENTRY(set_pte, vmi_set_pxe_fn)(pte, ptep, VMI_PAGE_PT);
}

void PV wrap_set_pte_at(struct mm *mm, uintptr_t address, uint32_t *ptep, uint32_t pte)
{
	ENTRY(set_pte_at, vmi_set_pxe_fn)(pte, ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_set_pmd(uint32_t *pmdp, uint32_t pmd)
{
	ENTRY(set_pmd, vmi_set_pxe_fn)(pmd, pmdp, VMI_PAGE_PD);
}

void PV wrap_pte_update(struct mm *mm, uintptr_t address, uint32_t *ptep)
{
	ENTRY(pte_update, vmi_update_pxe_fn)(ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pte_update_defer(struct mm *mm, uintptr_t address, uint32_t *ptep)
{
	ENTRY(pte_update_defer, vmi_update_pxe_fn)
		(ptep, update_flags(mm, address, VMI_PAGE_PT) | load_update_flags());
}

/* The store is the guest's own, in one piece; needs cpu_has(CPU_CX8). */
void PV wrap_set_pte_atomic(uint64_t *ptep, uint64_t pte)
{
	uint64_t old = *ptep;

	asm volatile("1: lock cmpxchg8b %0; jne 1b"
		     : "+m"(*ptep), "+A"(old)
		     : "b"((uint32_t)pte), "c"((uint32_t)(pte >> 32)) : "cc", "memory");
	ENTRY(set_pte_atomic, vmi_update_pxe_long_fn)(ptep, VMI_PAGE_PT);
}

void PV wrap_pte_clear(struct mm *mm, uintptr_t address, uint64_t *ptep)
{
	ENTRY(pte_clear, vmi_set_pxe_long_fn)(0, ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pmd_clear(uint64_t *pmdp)
{
	ENTRY(pmd_clear, vmi_set_pxe_long_fn)(0, pmdp, VMI_PAGE_PD);
}

void PV wrap_set_pud(uint64_t *pudp, uint64_t pud)
{
	ENTRY(set_pud, vmi_set_pxe_long_fn)(pud, pudp, VMI_PAGE_PDP);
}

void PV wrap_pae_set_pte(uint64_t *ptep, uint64_t pte)
{
	ENTRY(pae_set_pte, vmi_set_pxe_long_fn)(pte, ptep, VMI_PAGE_PT);
}

void PV wrap_pae_set_pte_at(struct mm *mm, uintptr_t address, uint64_t *ptep, uint64_t pte)
{
	ENTRY(pae_set_pte_at, vmi_set_pxe_long_fn)
		(pte, ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pae_set_pmd(uint64_t *pmdp, uint64_t pmd)
{
	ENTRY(pae_set_pmd, vmi_set_pxe_long_fn)(pmd, pmdp, VMI_PAGE_PD);
}

void PV wrap_pae_pte_update(struct mm *mm, uintptr_t address, uint64_t *ptep)
{
	ENTRY(pae_pte_update, vmi_update_pxe_long_fn)(ptep, update_flags(mm, address, VMI_PAGE_PT));
}

void PV wrap_pae_pte_update_defer(struct mm *mm, uintptr_t address, uint64_t *ptep)
{
	ENTRY(pae_pte_update_defer, vmi_update_pxe_long_fn)
		(ptep, update_flags(mm, address, VMI_PAGE_PT) | load_update_flags());
}

void PV wrap_alloc_pte(struct mm *mm, uint32_t pfn)
{
	(void)mm;
	ENTRY(alloc_pte, vmi_allocate_page_fn)(pfn, table_flags(VMI_PAGE_PT) | VMI_PAGE_ZEROED, 0, 0, 0);
}

void PV wrap_alloc_pmd(struct mm *mm, uint32_t pfn)
{
	(void)mm;
	ENTRY(alloc_pmd, vmi_allocate_page_fn)(pfn, table_flags(VMI_PAGE_PD), 0, 0, 0);
}

void PV wrap_alloc_pmd_clone(uint32_t pfn, uint32_t from, uint32_t start, uint32_t count)
{
	ENTRY(alloc_pmd_clone, vmi_allocate_page_fn)
		(pfn, table_flags(VMI_PAGE_PD) | VMI_PAGE_CLONE, from, start, count);
}

void PV wrap_release_pte(uint32_t pfn)
{
	ENTRY(release_pte, vmi_release_page_fn)(pfn, table_flags(VMI_PAGE_PT));
}

void PV wrap_release_pmd(uint32_t pfn)
{
	ENTRY(release_pmd, vmi_release_page_fn)(pfn, table_flags(VMI_PAGE_PD));
}

void PV wrap_pgd_free(struct mm *mm, void *pgd)
{
	(void)mm;
	ENTRY(pgd_free, vmi_release_page_fn)((uint32_t)pgd >> 12, paging.pae ? VMI_PAGE_PDP | VMI_PAGE_PAE : VMI_PAGE_PD);
}

void PV wrap_flush_tlb_user(void)
{
	ENTRY(flush_tlb_user, vmi_flush_tlb_fn)(VMI_FLUSH_TLB);
}

void PV wrap_flush_tlb_kernel(void)
{
	ENTRY(flush_tlb_kernel, vmi_flush_tlb_fn)(VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL);
}
