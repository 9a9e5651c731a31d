// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables: an entry written through a slot is in memory as a whole, and after the
 * flush, invalidation or CR3 write that asks for it, the processor uses it.
 */
#include "cpu.h"
#include "frames.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

static uint32_t frames[2][1024] __attribute__((aligned(4096)));

#define PAGE ((volatile uint32_t *)PAGING_TEST_BASE)
#define FLAGS (PTE_PRESENT | PTE_WRITE)
#define READ(slot) ((uint32_t)probe_result((uintptr_t)(slot)))

static uint32_t entry_for(unsigned frame)
{
	return (uintptr_t)frames[frame] | FLAGS;
}

/* The entry as the slot of the format in use writes it. */
static void set_entry(uint32_t value)
{
	if (paging.pae)
		pv_pae_ops.set_pte(paging_test_pte(0), value);
	else
		pv_mmu_ops.set_pte(paging_test_pte(0), value);
}

/* The same past all slots. */
static void raw_set_entry(uint32_t value)
{
	memcpy(paging_test_pte(0), &value, sizeof(value));
	raw_write_cr3(raw_read_cr3());
}

static uint64_t entry(void)
{
	return entry_read(paging_test_pte(0)) & ~(uint64_t)(PTE_ACCESSED | PTE_DIRTY);
}

static void start(void)
{
	frames[0][0] = 0xf0f0f0f0;
	frames[1][0] = 0x0f0f0f0f;
	raw_set_entry(entry_for(0));
}

static void stop(void)
{
	raw_set_entry(0);
}

static void read_page(void *value)
{
	*(uint32_t *)value = *PAGE;
}

/* Remaps the page to `frame`, flushes as told, and looks which frame is seen. */
static void check_remap(const char *what, unsigned frame, void (*flush)(void))
{
	uint32_t value = *PAGE; /* the old entry is in the TLB now */

	set_entry(entry_for(frame));
	CHECK_EQ("the entry in memory", entry(), entry_for(frame));
	flush();
	read_page(&value);
	CHECK_EQ(what, value, frames[frame][0]);
}

static void flush_single(void) { pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE); }
static void flush_user(void) { pv_mmu_ops.flush_tlb_user(); }
static void flush_kernel(void) { pv_mmu_ops.flush_tlb_kernel(); }
static void write_cr3(void) { pv_mmu_ops.write_cr3(paging_root()); }

TEST(flushes, "mmu.flush", VMI_CALL_SetPxE, VMI_CALL_InvalPage, VMI_CALL_FlushTLB, VMI_CALL_SetCR3)
{
	start();
	check_remap("the page after flush_tlb_single", 1, flush_single);
	check_remap("the page after flush_tlb_user", 0, flush_user);
	check_remap("the page after write_cr3", 1, write_cr3);
	if (cpu_has_cr4())
		check_remap("the page after flush_tlb_kernel", 0, flush_kernel);
	stop();
}

/* With CR4.PGE, flush_tlb_kernel reaches global pages too, and CR4 is as before. */
TEST(global, "mmu.flush-global", VMI_CALL_FlushTLB)
{
	uint32_t value, old;

	if (!cpu_has(CPU_PGE))
		SKIP("this processor has no global pages");
	start();
	old = raw_read_cr4();
	raw_write_cr4(old | CR4_PGE);
	raw_set_entry(entry_for(0) | PTE_GLOBAL);
	flush_single();
	read_page(&value);
	set_entry(entry_for(1) | PTE_GLOBAL);
	pv_mmu_ops.flush_tlb_kernel();
	read_page(&value);
	CHECK_EQ("a global page after flush_tlb_kernel", value, frames[1][0]);
	CHECK_EQ("CR4 after flush_tlb_kernel", raw_read_cr4(), old | CR4_PGE);
	raw_set_entry(0);
	flush_single();
	raw_write_cr4(old);
}

/* Another page directory in CR3 is another address space. */
TEST(address_space, "mmu.cr3", VMI_CALL_SetCR3, VMI_CALL_GetCR3)
{
	struct trap_info trap = { 0 };
	struct mm other = { 0 };
	uint32_t value = 0;

	start();
	if (!tables_make(&other)) {
		test_error("no frame is left for page tables");
		return;
	}
	pmd_set(pmd_entry(&other, PAGING_TEST_BASE), 0);
	read_page(&value);
	CHECK_EQ("the page in the first address space", value, frames[0][0]);
	pv_mmu_ops.write_cr3(other.root);
	CHECK_EQ("read_cr3", READ(pv_mmu_ops.read_cr3), other.root);
	if (CHECK(trap_guard(read_page, &value, &trap), "the page is there in the second, too")) {
		CHECK_EQ("vector in the second address space", trap.regs.vector, TRAP_PF);
		CHECK_EQ("read_cr2 after the fault", READ(pv_mmu_ops.read_cr2), PAGING_TEST_BASE);
	}
	pv_mmu_ops.write_cr3(paging_root());
	value = 0;
	read_page(&value);
	CHECK_EQ("the page back in the first", value, frames[0][0]);
	tables_free(&other);
	stop();
}

/* The same store through the slots with more arguments, to an entry between two others. */
TEST(entries, "mmu.entries", VMI_CALL_SetPxE, VMI_CALL_UpdatePxE)
{
	uint32_t table[3] = { 0x11111111, 0x22222222, 0x33333333 };

	pv_mmu_ops.set_pte(&table[1], 0xabcde067);
	CHECK_EQ("entry after set_pte", table[1], 0xabcde067);
	pv_mmu_ops.set_pte_at(&kernel_mm, 0x00801000, &table[1], 0x12345063);
	CHECK_EQ("entry after set_pte_at", table[1], 0x12345063);
	pv_mmu_ops.set_pmd(&table[1], 0x00007067);
	CHECK_EQ("entry after set_pmd", table[1], 0x00007067);
	pv_mmu_ops.pte_update(&kernel_mm, 0x00801000, &table[1]);
	pv_mmu_ops.pte_update_defer(&kernel_mm, 0x00801000, &table[1]);
	CHECK_EQ("entry after pte_update", table[1], 0x00007067);
	CHECK_EQ("entry before", table[0], 0x11111111);
	CHECK_EQ("entry behind", table[2], 0x33333333);
}

TEST(long_entries, "mmu.long-entries", VMI_CALL_SetPxELong, VMI_CALL_UpdatePxELong)
{
	uint64_t table[3] __attribute__((aligned(8))) = { 1, 0x2222222233333333, 3 };

	pv_mmu_ops.set_pud(&table[1], 0x8000000123456063);
	CHECK_EQ("entry after set_pud", table[1], 0x8000000123456063);
	pv_mmu_ops.pmd_clear(&table[1]);
	CHECK_EQ("entry after pmd_clear", table[1], 0);
	pv_mmu_ops.set_pud(&table[1], 0x0000000fffff0067);
	CHECK_EQ("entry after set_pud over 0", table[1], 0x0000000fffff0067);
	pv_pae_ops.set_pte(&table[1], 0x0000000123456067);
	CHECK_EQ("entry after set_pte over a present one", table[1], 0x0000000123456067);
	pv_pae_ops.set_pte_at(&kernel_mm, 0x00801000, &table[1], 0x8000000fff456067);
	CHECK_EQ("entry after set_pte_at", table[1], 0x8000000fff456067);
	pv_pae_ops.set_pmd(&table[1], 0x0000000000008067);
	CHECK_EQ("entry after set_pmd", table[1], 0x0000000000008067);
	pv_pae_ops.pte_update(&kernel_mm, 0x00801000, &table[1]);
	pv_pae_ops.pte_update_defer(&kernel_mm, 0x00801000, &table[1]);
	CHECK_EQ("entry after pte_update", table[1], 0x0000000000008067);
	pv_mmu_ops.pte_clear(&kernel_mm, 0x00801000, &table[1]);
	CHECK_EQ("entry after pte_clear", table[1], 0);
	if (cpu_has(CPU_CX8)) {
		pv_mmu_ops.set_pte_atomic(&table[1], 0x8000000076543067);
		CHECK_EQ("entry after set_pte_atomic", table[1], 0x8000000076543067);
	}
	CHECK_EQ("entry before", table[0], 1);
	CHECK_EQ("entry behind", table[2], 3);
}

/* On a machine whose frames are real, conversions change nothing. */
TEST(frames_real, "mmu.frames", VMI_CALL_MachineToPhysical, VMI_CALL_PhysicalToMachine)
{
	static const uint32_t numbers[] = { 0, 1, 0x100, 0xfffff, 0xffffffff };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		CHECK_EQ("machine_to_physical", vmi_ops.machine_to_physical(numbers[i]), numbers[i]);
		CHECK_EQ("physical_to_machine", vmi_ops.physical_to_machine(numbers[i]), numbers[i]);
	}
}

/* Announcements: the page tables that they name still work, and nothing in them changes. */
TEST(announce, "mmu.announce", VMI_CALL_AllocatePage, VMI_CALL_ReleasePage,
     VMI_CALL_SetLinearMapping)
{
	uint32_t pfn = (uintptr_t)frames[1] >> 12, value = 0;

	start();
	memset(frames[1], 0, sizeof(frames[1]));
	frames[1][3] = 0x5a5a5000;
	vmi_ops.set_linear_mapping(0, LINEAR_BASE, frames_end() >> PAGE_SHIFT, 0);
	pv_mmu_ops.alloc_pte(&kernel_mm, pfn);
	pv_mmu_ops.alloc_pmd(&kernel_mm, pfn);
	pv_mmu_ops.release_pmd(pfn);
	pv_mmu_ops.release_pte(pfn);
	pv_mmu_ops.pgd_free(&kernel_mm, frames[1]);
	CHECK_EQ("an entry of the page announced", frames[1][3], 0x5a5a5000);
	memcpy(frames[1], linear(kernel_mm.pmd[0]), sizeof(frames[1]));
	pv_mmu_ops.alloc_pmd_clone(pfn, kernel_mm.pmd[0] >> 12, 0, 1024);
	CHECK(!memcmp(frames[1], linear(kernel_mm.pmd[0]), sizeof(frames[1])),
	      "a cloned directory differs from its original");
	pv_mmu_ops.release_pmd(pfn);
	read_page(&value);
	CHECK_EQ("the mapped page after all that", value, frames[0][0]);
	stop();
}

/* Lazy mode may delay what is written in it, but not beyond its end. */
TEST(lazy, "mmu.lazy", VMI_CALL_SetLazyMode, VMI_CALL_SetPxE)
{
	struct thread thread = { 0 };
	uint32_t value = 0;

	start();
	read_page(&value);
	CHECK_EQ("the page before lazy mode", value, frames[0][0]);
	pv_mmu_ops.lazy_mode.enter();
	set_entry(entry_for(1));
	pv_mmu_ops.lazy_mode.leave();
	CHECK_EQ("the entry after lazy mode", entry(), entry_for(1));
	flush_single();
	read_page(&value);
	CHECK_EQ("the page after lazy mode", value, frames[1][0]);
	pv_cpu_ops.start_context_switch(&thread);
	pv_mmu_ops.write_cr3(paging_root());
	pv_cpu_ops.end_context_switch(&thread);
	CHECK_EQ("CR3 after a context switch", raw_read_cr3(), paging_root());
	stop();
}
