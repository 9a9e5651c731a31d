// SPDX-License-Identifier: GPL-2.0-only
/* Page-table updates: what was written must be what the processor then uses. */
#include "check.h"
#include "cpu.h"
#include "mm.h"
#include "raw.h"

#define WINDOW VMALLOC /* page 0 of the vmalloc area */
#define FAR (VMALLOC + 0x800000u) /* under a page table that is not there yet */
#define ABSENT 0xdeadbeef12345000ull /* not present: any bits may stand in it */

static uint32_t frames[2];
static void *pte;

static uint32_t look(uint32_t address)
{
	return *(volatile uint32_t *)address;
}

static uint64_t entry_for(int which, uint64_t flags)
{
	return frames[which] | PTE_KERNEL | pte_no_execute | flags;
}

static void test_entries(void)
{
	pv_mmu_ops.set_pte(pte, entry_for(0, 0));
	check_equal("set_pte.first", look(WINDOW), 0xa);
	pv_mmu_ops.set_pte(pte, entry_for(1, 0));
	check("set_pte.value", pte_read(pte) == entry_for(1, 0), "found 0x%llx, expected 0x%llx",
	      pte_read(pte), entry_for(1, 0));
	pv_mmu_ops.flush_tlb_single(WINDOW);
	check_equal("set_pte.single", look(WINDOW), 0xb);
	pv_mmu_ops.set_pte_at(&kernel_space, WINDOW, pte, entry_for(0, 0));
	pv_mmu_ops.flush_tlb_user();
	check_equal("set_pte_at.user", look(WINDOW), 0xa);
	pv_mmu_ops.set_pte(pte, entry_for(0, pte_global));
	pv_mmu_ops.flush_tlb_single(WINDOW);
	look(WINDOW);
	pv_mmu_ops.set_pte(pte, entry_for(1, pte_global));
	pv_mmu_ops.flush_tlb_kernel();
	check_equal("flush_tlb_kernel.global", look(WINDOW), 0xb);
	pv_mmu_ops.pte_clear(&kernel_space, WINDOW, pte);
	check("pte_clear", !pte_read(pte), "found 0x%llx", pte_read(pte));
	if (pae) {
		pv_mmu_ops.set_pte(pte, ABSENT);
		check("set_pte.64bit", pte_read(pte) == ABSENT, "found 0x%llx, expected 0x%llx",
		      pte_read(pte), ABSENT);
		pv_mmu_ops.set_pte(pte, entry_for(0, 0));
		pv_mmu_ops.flush_tlb_single(WINDOW);
		check("set_pte.64bit_present",
		      pte_read(pte) == entry_for(0, 0) && look(WINDOW) == 0xa,
		      "found 0x%llx, expected 0x%llx", pte_read(pte), entry_for(0, 0));
	}
}

/* Changed in memory, told after; and under lazy mode, where both may be put off. */
static void test_updates(void)
{
	pv_mmu_ops.set_pte(pte, entry_for(0, 0));
	pv_mmu_ops.flush_tlb_single(WINDOW);
	look(WINDOW);
	*(volatile uint32_t *)pte = (uint32_t)entry_for(1, 0);
	pv_mmu_ops.pte_update(&kernel_space, WINDOW, pte);
	pv_mmu_ops.flush_tlb_single(WINDOW);
	check_equal("pte_update", look(WINDOW), 0xb);
	*(volatile uint32_t *)pte = (uint32_t)entry_for(0, 0);
	pv_mmu_ops.pte_update_defer(&kernel_space, WINDOW, pte);
	pv_mmu_ops.flush_tlb_user();
	check_equal("pte_update_defer", look(WINDOW), 0xa);
	pv_mmu_ops.lazy_enter();
	pv_mmu_ops.set_pte(pte, entry_for(1, 0));
	pv_mmu_ops.flush_tlb_single(WINDOW);
	check_equal("lazy.flushed", look(WINDOW), 0xb);
	pv_mmu_ops.set_pte_at(&kernel_space, WINDOW, pte, entry_for(0, 0));
	pv_mmu_ops.lazy_leave();
	check("lazy.left", pte_read(pte) == entry_for(0, 0), "found 0x%llx, expected 0x%llx",
	      pte_read(pte), entry_for(0, 0));
	pv_mmu_ops.flush_tlb_single(WINDOW);
	check_equal("lazy.visible", look(WINDOW), 0xa);
}

static void test_tables(void)
{
	void *far = space_pte(&kernel_space, FAR, true);
	uint32_t table = phys(far) & ~(PAGE_SIZE - 1);
	uint64_t *puds = virt(kernel_space.root);
	void *pmd;

	if (pae)
		pmd = (uint64_t *)virt(pte_frame(puds[FAR >> 30])) + (FAR >> 21 & 511);
	else
		pmd = (uint32_t *)virt(kernel_space.root) + (FAR >> 22);
	pv_mmu_ops.set_pte(far, entry_for(0, 0));
	check_equal("set_pmd", look(FAR), 0xa);
	pv_mmu_ops.set_pte(far, 0);
	pv_mmu_ops.pmd_clear(pmd);
	pv_mmu_ops.flush_tlb_kernel();
	check("pmd_clear", !pte_read(pmd), "found 0x%llx", pte_read(pmd));
	pv_mmu_ops.release_pte(table / PAGE_SIZE);
	frame_release(table);
}

void test_mmu_ops(void)
{
	uint32_t cr3 = raw_read_cr3(), cr4 = raw_read_cr4();

	frames[0] = frame_alloc();
	frames[1] = frame_alloc();
	pte = vmalloc_pte(0);
	if (!frames[0] || !frames[1] || !pte) {
		check("mmu", false, "no memory");
		return;
	}
	*(uint32_t *)virt(frames[0]) = 0xa;
	*(uint32_t *)virt(frames[1]) = 0xb;
	test_entries();
	test_updates();
	test_tables();
	check_equal("mmu.cr3", raw_read_cr3(), cr3);
	check_equal("mmu.cr4", raw_read_cr4(), cr4);
	pv_mmu_ops.pte_clear(&kernel_space, WINDOW, pte);
	pv_mmu_ops.flush_tlb_single(WINDOW);
	frame_release(frames[0]);
	frame_release(frames[1]);
}
