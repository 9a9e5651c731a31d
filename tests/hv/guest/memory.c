// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever the guest puts into its tables, directories and CR3, through the slots or past them,
 * it neither reads nor writes the memory of the hypervisor. In both modes: without a ROM, and
 * through one.
 */
#include "fixture.h"
#include "io.h"
#include "pv_ops.h"
#include "trap.h"

#define RIGHTS (PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY)

/* All over the hypervisor's image: code, constants, its own tables, and behind it. */
static const uint32_t offsets[] = { 0, 0x1000, 0x4000, 0x8000, 0x10000, 0x100000, 0x400000, 0x800000 };
#define OFFSETS (sizeof(offsets) / sizeof(*offsets))

TEST(entry, "hv.memory-by-entry")
{
	if (!fixture_there())
		return;
	for (unsigned i = 0; i < OFFSETS; i++) {
		pte_set(&kernel_mm, PAGING_TEST_BASE, paging_test_pte(0), (HV_BASE + offsets[i]) | RIGHTS);
		pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
		fixture_attack(fixture_page(0));
	}
	pte_remove(&kernel_mm, PAGING_TEST_BASE, paging_test_pte(0));
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
}

/* A page of 2 or 4 MiB. */
TEST(large, "hv.memory-by-large-page")
{
	void *pmd = pmd_entry(&kernel_mm, PAGING_TEST_BASE);
	uint64_t old = entry_read(pmd);

	if (!fixture_there())
		return;
	for (uint32_t offset = 0; offset < 0x1000000; offset += pmd_span()) {
		pmd_set(pmd, (HV_BASE + offset) | RIGHTS | PTE_LARGE);
		pv_mmu_ops.flush_tlb_user();
		fixture_attack(fixture_page(0));
	}
	pmd_set(pmd, old);
	pv_mmu_ops.flush_tlb_user();
}

/* The hypervisor's memory as a table of the guest. */
TEST(table, "hv.memory-by-table")
{
	void *pmd = pmd_entry(&kernel_mm, PAGING_TEST_BASE);
	uint64_t old = entry_read(pmd);

	if (!fixture_there())
		return;
	for (unsigned i = 0; i < OFFSETS; i++) {
		pmd_set(pmd, (HV_BASE + offsets[i]) | RIGHTS);
		pv_mmu_ops.flush_tlb_user();
		for (unsigned page = 0; page < 512; page++)
			fixture_attack(fixture_page(page));
	}
	pmd_set(pmd, old);
	pv_mmu_ops.flush_tlb_user();
}

static void vmrun(void *unused)
{
	(void)unused;
	asm volatile("vmrun" : : "a"(HV_BASE) : "memory");
}

static void vmsave(void *unused)
{
	(void)unused;
	asm volatile("vmsave" : : "a"(HV_BASE) : "memory");
}

/* What would hand it to the processor, or to a device. */
TEST(others, "hv.memory-by-others")
{
	uint32_t low, high;
	struct trap_info trap = { 0 };

	if (!fixture_there())
		return;
	if (CHECK(trap_guard(vmrun, NULL, &trap), "VMRUN did not fault"))
		CHECK_EQ("vector of VMRUN", trap.regs.vector, TRAP_UD);
	if (CHECK(trap_guard(vmsave, NULL, &trap), "VMSAVE did not fault"))
		CHECK_EQ("vector of VMSAVE", trap.regs.vector, TRAP_UD);
	asm volatile("wrmsr" : : "c"(0xc0010117), "a"(0), "d"(0));
	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0010117));
	CHECK_EQ("VM_HSAVE_PA as the guest reads it", low | high, 0);
	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000080));
	CHECK_EQ("EFER.SVME as the guest reads it", low & 0x1000, 0);
	outb(0x510, 0);
	CHECK_EQ("fw_cfg's port as the guest reads it", inb(0x511), 0xff);
	CHECK(fixture_there(), "the fixture does not answer any more");
}
