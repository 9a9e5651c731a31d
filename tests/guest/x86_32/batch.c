// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thousand page-table updates under lazy mode: 500 pages that are mapped and in use are moved
 * to other frames, twice. All must be seen after the flush that follows; pages that were not
 * there before as soon as lazy mode ends. Marks stand around the updates, so that whoever counts
 * from outside knows what they cost (docs/performance.md).
 *
 *   batch updates=1000 instructions=N     0 without a TSC
 */
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "mark.h"
#include "paging.h"
#include "pv_ops.h"
#include "sites.h"
#include "test.h"

#define PAGES 500u /* entries of one table in either format */
#define ROUNDS 2u

static uint32_t frames[PAGES];

static uint32_t address(uint32_t page)
{
	return PAGING_TEST_BASE + page * PAGE_SIZE;
}

/* Page `i` is mapped to the frame that is `by` further on. */
static void map_all(uint32_t by)
{
	for (uint32_t i = 0; i < PAGES; i++)
		pte_set(&kernel_mm, address(i), paging_test_pte(i), frames[(i + by) % PAGES] | PTE_PRESENT);
}

/* Reads each page: its first word is the number of its frame. */
static void check_all(uint32_t by)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < PAGES; i++)
		wrong += *(volatile uint32_t *)address(i) != (i + by) % PAGES;
	CHECK_EQ("pages that lead elsewhere", wrong, 0);
}

static bool take_frames(void)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		frames[i] = frame_alloc();
		if (!frames[i])
			return false;
		*(uint32_t *)linear(frames[i]) = i;
	}
	return true;
}

static uint64_t now(void)
{
	return cpu_has(CPU_TSC) ? raw_rdtsc() : 0;
}

static void update_all(uint32_t by)
{
	site_set_lazy_mode(VMI_LAZY_MMU);
	for (uint32_t i = 1; i <= ROUNDS; i++)
		map_all(by * i);
	site_set_lazy_mode(0);
	pv_mmu_ops.flush_tlb_user();
}

static void release_all(void)
{
	site_set_lazy_mode(VMI_LAZY_MMU);
	for (uint32_t i = 0; i < PAGES; i++)
		pte_remove(&kernel_mm, address(i), paging_test_pte(i));
	site_set_lazy_mode(0);
	pv_mmu_ops.flush_tlb_user();
	for (uint32_t i = 0; i < PAGES; i++)
		frame_put(frames[i]);
}

TEST(batch, "mmu.batch", VMI_CALL_SetPxE, VMI_CALL_SetPxELong, VMI_CALL_SetLazyMode,
     VMI_CALL_FlushTLB)
{
	uint64_t start, end;

	if (!take_frames()) {
		test_error("no room for %u frames", PAGES);
		release_all();
		return;
	}
	site_set_lazy_mode(VMI_LAZY_MMU);
	map_all(0);
	site_set_lazy_mode(0);
	check_all(0);
	update_all(3);
	check_all(3 * ROUNDS);
	mark(MARK_START);
	start = now();
	update_all(7);
	end = now();
	mark(MARK_BATCH);
	check_all(7 * ROUNDS);
	release_all();
	printf("batch updates=%u instructions=%llu\n", ROUNDS * PAGES, (unsigned long long)(end - start));
}
