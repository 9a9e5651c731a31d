// SPDX-License-Identifier: GPL-2.0-only
/*
 * FlushTLB by its flags: none flushes nothing, 1 what is not global, 2 and 3 everything.
 * How far a processor goes beyond that is its own affair (an emulator may drop global
 * entries with the others), so what must stay is compared with a CR3 write, and with
 * nothing at all, on the same processor. CR4 never changes.
 */
#include "binding.h"
#include "cpu.h"
#include "frames.h"
#include "memory.h"
#include "image_place.h"
#include "paging.h"
#include "pv_ops.h"
#include "test.h"

#define ATTEMPTS 10
#define PAGE_INDEX 0x77u /* a place in the TLB that no page of the kernel shares */
#define PAGE ((volatile uint32_t *)(PAGING_TEST_BASE + PAGE_INDEX * PAGE_SIZE))

static uint32_t frames[2][PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

static void set_entry(unsigned frame, uint32_t flags)
{
	uint64_t value = image_physical((uintptr_t)frames[frame]) | PTE_PRESENT | PTE_WRITE | flags;

	memcpy(paging_test_pte(PAGE_INDEX), &value, paging.pae ? 8 : 4);
}

static void by_slot(uint32_t flags)
{
	((vmi_flush_tlb_fn *)slot_entry[SLOT_flush_tlb_user])(flags);
}

static void by_cr3(uint32_t unused)
{
	(void)unused;
	raw_write_cr3(raw_read_cr3());
}

static void by_nothing(uint32_t unused)
{
	(void)unused;
}

static bool survives_once(uint32_t global, void (*flush)(uint32_t), uint32_t flags)
{
	uint32_t value;

	set_entry(0, global);
	asm volatile("invlpg (%0)" : : "r"(PAGE) : "memory");
	value = *PAGE;
	set_entry(1, global);
	flush(flags);
	value = *PAGE;
	asm volatile("invlpg (%0)" : : "r"(PAGE) : "memory");
	return value == frames[0][0];
}

/*
 * Whether an entry that the TLB has outlives `flush`. A hypervisor that takes the processor away
 * may empty the TLB: what can survive does so in one of a few attempts.
 */
static bool survives(uint32_t global, void (*flush)(uint32_t), uint32_t flags)
{
	for (int i = 0; i < ATTEMPTS; i++)
		if (survives_once(global, flush, flags))
			return true;
	return false;
}

static void check_flags(uint32_t flags, bool local, bool global)
{
	uint32_t cr3 = raw_read_cr3(), cr4 = raw_read_cr4();

	CHECK(survives(0, by_slot, flags) == local, "flags 0x%x: a local entry is %s", flags,
	      local ? "gone" : "still there");
	CHECK(survives(PTE_GLOBAL, by_slot, flags) == global, "flags 0x%x: a global entry is %s",
	      flags, global ? "gone" : "still there");
	CHECK_EQ("CR4 after FlushTLB", raw_read_cr4(), cr4);
	CHECK_EQ("CR3 after FlushTLB", raw_read_cr3(), cr3);
}

static void check_all(void)
{
	bool local = survives(0, by_nothing, 0), global = survives(PTE_GLOBAL, by_nothing, 0);
	bool after_cr3 = survives(PTE_GLOBAL, by_cr3, 0);

	CHECK(!survives(0, by_cr3, 0), "a local entry outlives a CR3 write");
	check_flags(0, local, global);
	check_flags(VMI_FLUSH_TLB, false, after_cr3);
	check_flags(VMI_FLUSH_GLOBAL, false, false);
	check_flags(VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL, false, false);
	check_flags(~(uint32_t)(VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL), local, global);
	check_flags(~(uint32_t)VMI_FLUSH_GLOBAL, false, after_cr3);
	check_flags(0xffffffff, false, false);
	test_note("without a flush a global entry %s, after a CR3 write it %s",
		  global ? "stays" : "goes", after_cr3 ? "stays" : "goes");
}

TEST(flags, "mmu.flush-flags", VMI_CALL_FlushTLB)
{
	uint32_t old;

	if (!cpu_has_cr4() || !cpu_has(CPU_PGE))
		SKIP("this processor has no global pages");
	frames[0][0] = 0xf0f0f0f0;
	frames[1][0] = 0x0f0f0f0f;
	old = raw_read_cr4();
	raw_write_cr4(old | CR4_PGE);
	check_all();
	raw_write_cr4(old & ~CR4_PGE); /* then no entry is global, and 2 is a plain flush */
	CHECK(!survives(PTE_GLOBAL, by_slot, VMI_FLUSH_GLOBAL),
	      "PGE off: an entry outlives flag 2");
	CHECK_EQ("CR4 after FlushTLB with PGE off", raw_read_cr4(), old & ~CR4_PGE);
	memset(paging_test_pte(PAGE_INDEX), 0, paging.pae ? 8 : 4);
	raw_write_cr4(old);
}
