// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's mappings, as they change while it runs. */
#include "kernel_map.h"
#include "frames.h"
#include "pv_ops.h"

struct paging paging;
struct mm kernel_mm;
static uintptr_t sealed_start, sealed_end;

bool paging_sealed(uintptr_t address)
{
	return address >= sealed_start && address < sealed_end;
}

uint64_t paging_entry(uint32_t address, uint64_t rights)
{
	rights |= PTE_PRESENT | (paging.global ? PTE_GLOBAL : 0);
	return address | (paging.nx ? rights : rights & ~PTE_NX);
}

void paging_tell(void)
{
	vmi_ops.set_linear_mapping(0, LINEAR_BASE, frames_end() >> PAGE_SHIFT, 0);
}

uint32_t paging_root(void)
{
	return kernel_mm.root;
}

void *paging_map_device(unsigned index, uint32_t address)
{
	uintptr_t at = FIXED_BASE + index * PAGE_SIZE;

	paging_map(at, paging_entry(address, PTE_WRITE | PTE_NX | PTE_UNCACHED));
	pv_mmu_ops.flush_tlb_single(at);
	return (void *)at;
}

void paging_set_executable(void *start, uint32_t size, bool executable)
{
	uintptr_t a = (uintptr_t)start & ~(uintptr_t)(PAGE_SIZE - 1), end = (uintptr_t)start + size;

	for (; a < end; a += PAGE_SIZE) {
		paging_map(a, paging_entry(image_physical(a), executable ? PTE_TEXT : paging_image_rights(a)));
		pv_mmu_ops.flush_tlb_single(a);
	}
}

void paging_linear_again(uint32_t start, uint32_t end)
{
	for (uint32_t a = start; a < end; a += PAGE_SIZE) {
		paging_map(LINEAR_BASE + a, paging_entry(a, paging_linear_rights(a)));
		pv_mmu_ops.flush_tlb_single(LINEAR_BASE + a);
	}
}

void paging_hide(uint32_t start, uint32_t size)
{
	const uintptr_t to_window = paging_window() - VROM_WINDOW_BASE;

	for (uint32_t a = start & ~(PAGE_SIZE - 1); a < start + size; a += PAGE_SIZE) {
		paging_map(LINEAR_BASE + a, 0);
		pv_mmu_ops.flush_tlb_single(LINEAR_BASE + a);
		paging_map(to_window + a, 0); /* the same one, or another */
		pv_mmu_ops.flush_tlb_single(to_window + a);
	}
}

void paging_seal(void *start, uint32_t size)
{
	sealed_start = (uintptr_t)start & ~(uintptr_t)(PAGE_SIZE - 1);
	sealed_end = (uintptr_t)start + size;
	paging_set_executable(start, size, false);
	paging_linear_again(image_physical(sealed_start), image_physical(sealed_end));
}

void paging_map_fixed(unsigned index, uint32_t address, bool text)
{
	uintptr_t at = FIXED_BASE + index * PAGE_SIZE;

	paging_map(at, paging_entry(address, text ? PTE_TEXT : PTE_WRITE | PTE_NX));
	pv_mmu_ops.flush_tlb_single(at);
}

void paging_map_low(uint32_t address, bool there)
{
	paging_map(address, there ? paging_entry(address, PTE_USER) & ~(uint64_t)PTE_GLOBAL : 0);
	pv_mmu_ops.flush_tlb_single(address);
}

void *paging_map_alias(uint32_t address, bool there)
{
	uint32_t page = address & ~(PAGE_SIZE - 1);
	uint64_t value = paging_entry(page, PTE_WRITE | PTE_NX) & ~(uint64_t)PTE_GLOBAL;

	paging_map(PAGING_TEST_BASE, there ? value : 0);
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
	return (void *)(PAGING_TEST_BASE + address - page);
}

void paging_let_user(uintptr_t start, uintptr_t end, bool user)
{
	for (uintptr_t a = start & ~(uintptr_t)(PAGE_SIZE - 1); a < end; a += PAGE_SIZE) {
		uint64_t old = entry_read(pte_entry(&kernel_mm, a)) & ~(uint64_t)PTE_USER;

		paging_map(a, user ? old | PTE_USER : old);
		pv_mmu_ops.flush_tlb_single(a);
	}
}

bool paging_user_may_run(uintptr_t address)
{
	const void *pte = pte_entry(&kernel_mm, address);
	uint64_t entry = pte ? entry_read(pte) : 0;

	return (entry & PTE_PRESENT) && (entry & PTE_USER) && !(entry & PTE_NX);
}

void *paging_test_pte(unsigned page)
{
	return pte_entry(&kernel_mm, PAGING_TEST_BASE + (page % 512) * PAGE_SIZE);
}
