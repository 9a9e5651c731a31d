// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page-table slots in long mode: what is written is the entry, at every level, and a page that is
 * mapped, unmapped or moved is seen so after the flush that the slot promises.
 */
#include "frames.h"
#include "image_place.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "sites.h"
#include "test.h"
#include "trap.h"

#define PAGE 5u /* of the test area */
#define AT ((volatile uint32_t *)(PAGING_TEST_BASE + PAGE * PAGE_SIZE))

static uint8_t frames[2][PAGE_SIZE] __attribute__((aligned(4096)));

static uint64_t value(unsigned frame)
{
	return image_physical((uintptr_t)frames[frame]) | PTE_PRESENT | PTE_WRITE | PTE_NX;
}

static void read_at(void *address)
{
	(void)*(volatile uint32_t *)address;
}

static void check_absent(const char *what)
{
	struct trap_info trap = { 0 };

	if (!CHECK(trap_guard(read_at, (void *)AT, &trap), "%s: the page is still there", what))
		return;
	CHECK_EQ(what, trap.regs.vector, TRAP_PF);
	CHECK_EQ(what, trap.cr2, (uintptr_t)AT);
}

TEST(set, "mmu.set-pte", VMI_CALL_SetPxELong, VMI_CALL_InvalPage)
{
	uint64_t *pte = paging_test_pte(PAGE);

	*(uint32_t *)frames[0] = 0x11111111, *(uint32_t *)frames[1] = 0x22222222;
	pv_mmu_ops.set_pte(pte, value(0));
	CHECK_EQ("the entry", entry_read(pte) & ~(uint64_t)(PTE_ACCESSED | PTE_DIRTY), value(0));
	CHECK_EQ("the page", *AT, 0x11111111);
	pv_mmu_ops.set_pte_at(&kernel_mm, (uintptr_t)AT, pte, value(1));
	pv_mmu_ops.flush_tlb_single((uintptr_t)AT);
	CHECK_EQ("the other page", *AT, 0x22222222);
	pv_mmu_ops.pte_clear(&kernel_mm, (uintptr_t)AT, pte);
	pv_mmu_ops.flush_tlb_single((uintptr_t)AT);
	check_absent("a page behind pte_clear");
}

/* Entries of every level, in a table that nobody uses: what is written, where, and nothing else. */
TEST(levels, "mmu.set-levels", VMI_CALL_SetPxELong)
{
	static uint64_t table[3] __attribute__((aligned(32)));
	void PV (*const set[])(uint64_t *, uint64_t) = {
		pv_mmu_ops.set_pte, pv_mmu_ops.set_pmd, pv_mmu_ops.set_pud, pv_mmu_ops.set_p4d,
		pv_mmu_ops.set_pgd,
	};

	for (unsigned i = 0; i < sizeof(set) / sizeof(*set); i++) {
		uint64_t entry = 0x8070605040302060u + i;

		table[0] = table[2] = 0x5555aaaa5555aaaau;
		table[1] = 0;
		set[i](&table[1], entry);
		CHECK_EQ("the entry", table[1], entry);
		CHECK(table[0] == table[2] && table[0] == 0x5555aaaa5555aaaau,
		      "level %u: a neighbour changed", i + 1);
	}
	pv_mmu_ops.pmd_clear(&table[1]);
	CHECK_EQ("the entry behind pmd_clear", table[1], 0);
}

/* The entry is changed in memory first; the slot is told of it and leaves it alone. */
TEST(update, "mmu.pte-update", VMI_CALL_UpdatePxELong, VMI_CALL_SetLazyMode)
{
	uint64_t *pte = paging_test_pte(PAGE);

	*(volatile uint64_t *)pte = value(0);
	pv_mmu_ops.pte_update(&kernel_mm, (uintptr_t)AT, pte);
	CHECK_EQ("the page behind pte_update", *AT, 0x11111111);
	pv_mmu_ops.lazy_mode.enter();
	*(volatile uint64_t *)pte = value(1);
	pv_mmu_ops.pte_update_defer(&kernel_mm, (uintptr_t)AT, pte);
	pv_mmu_ops.lazy_mode.leave();
	pv_mmu_ops.flush_tlb_single((uintptr_t)AT);
	CHECK_EQ("the page behind pte_update_defer", *AT, 0x22222222);
	pv_mmu_ops.set_pte_atomic(pte, value(0));
	pv_mmu_ops.flush_tlb_user();
	pv_mmu_ops.flush_tlb_kernel();
	CHECK_EQ("the page behind set_pte_atomic", *AT, 0x11111111);
	site_set_pxe_long(0, pte, VMI_PAGE_PT);
	pv_mmu_ops.flush_tlb_single((uintptr_t)AT);
	check_absent("a page behind SetPxELong of 0");
}

TEST(pages, "mmu.pages", VMI_CALL_AllocatePage, VMI_CALL_ReleasePage)
{
	uint32_t frame = frame_alloc();
	void PV (*const allocate[])(struct mm *, uint32_t) = {
		pv_mmu_ops.alloc_pte, pv_mmu_ops.alloc_pmd, pv_mmu_ops.alloc_pud, pv_mmu_ops.alloc_p4d,
	};
	void PV (*const release[])(uint32_t) = {
		pv_mmu_ops.release_pte, pv_mmu_ops.release_pmd, pv_mmu_ops.release_pud,
		pv_mmu_ops.release_p4d,
	};
	uint64_t sum = 0;

	if (!frame) {
		test_error("no frame is left");
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		allocate[i](&kernel_mm, frame >> PAGE_SHIFT);
		for (unsigned k = 0; k < PAGE_SIZE / 8; k++)
			sum |= ((uint64_t *)linear(frame))[k];
		CHECK_EQ("a page full of zeros, announced", sum, 0);
		release[i](frame >> PAGE_SHIFT);
	}
	frame_put(frame);
}

TEST(frames_, "mmu.frame-numbers", VMI_CALL_MachineToPhysical, VMI_CALL_PhysicalToMachine)
{
	static const uint32_t numbers[] = { 0, 1, 0x9f, 0x100, 0xfffff };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		CHECK_EQ("machine to physical", vmi_ops.machine_to_physical(numbers[i]), numbers[i]);
		CHECK_EQ("physical to machine", vmi_ops.physical_to_machine(numbers[i]), numbers[i]);
	}
}

TEST(linear_, "mmu.linear-mapping", VMI_CALL_SetLinearMapping)
{
	uintptr_t before = pv_mmu_ops.read_cr3();

	paging_tell();
	CHECK_EQ("CR3 behind SetLinearMapping", pv_mmu_ops.read_cr3(), before);
}
