// SPDX-License-Identifier: GPL-2.0-only
/* User pages: map, unmap, protect, move, and page faults. */
#include "mm.h"
#include "frames.h"
#include "memory.h"
#include "paging.h"
#include "percpu.h"
#include "pv_ops.h"
#include "sites.h"
#include "smp.h"

#define BATCH 64u           /* frames kept until TLBs are flushed */
#define FLUSH_EACH_MAX 8u   /* more pages than this: flush all */

static volatile uint32_t faults, pages_mapped;

static uint64_t data_entry(uint32_t frame, uint64_t flags)
{
	return frame | flags | PTE_PRESENT | PTE_USER | (paging.nx ? PTE_NX : 0);
}

static bool good_range(uintptr_t start, uint32_t pages)
{
	return !(start % PAGE_SIZE) && pages && pages <= MM_PAGES_MAX && start >= USER_BASE &&
	       start < USER_END && pages <= (USER_END - start) / PAGE_SIZE;
}

static void add(volatile uint32_t *number, uint32_t value)
{
	asm volatile("lock addl %1, %0" : "+m"(*number) : "r"(value) : "cc", "memory");
}

uint32_t mm_faults(void)
{
	return faults;
}

uint32_t mm_pages(void)
{
	return pages_mapped;
}

/* With mm->lock held: every TLB forgets the pages. */
static void flush(struct mm *mm, uintptr_t start, uint32_t pages)
{
	if (pages <= FLUSH_EACH_MAX) {
		for (uint32_t i = 0; i < pages; i++) {
			site_flush_tlb_single(start + i * PAGE_SIZE);
			shootdown(mm->cpus, start + i * PAGE_SIZE);
		}
		return;
	}
	pv_mmu_ops.flush_tlb_user();
	shootdown(mm->cpus, SHOOTDOWN_ALL);
}

/* Removes up to BATCH pages; their frames go once no TLB knows them. */
static void unmap_batch(struct mm *mm, uintptr_t start, uint32_t pages)
{
	uint32_t gone[BATCH], count = 0;

	site_set_lazy_mode(VMI_LAZY_MMU);
	for (uint32_t i = 0; i < pages; i++) {
		uintptr_t address = start + i * PAGE_SIZE;
		void *pte = pte_entry(mm, address);
		uint64_t value = pte ? entry_read(pte) : 0;

		if (!value)
			continue;
		pte_remove(mm, address, pte);
		if (value & PTE_PRESENT)
			gone[count++] = (uint32_t)(value & PTE_ADDRESS);
	}
	site_set_lazy_mode(0);
	if (!count)
		return;
	flush(mm, start, pages);
	while (count)
		frame_put(gone[--count]);
}

static void unmap(struct mm *mm, uintptr_t start, uint32_t pages)
{
	for (uint32_t done = 0; done < pages; done += BATCH)
		unmap_batch(mm, start + done * PAGE_SIZE,
			    pages - done < BATCH ? pages - done : BATCH);
}

bool mm_unmap(struct mm *mm, uintptr_t start, uint32_t pages)
{
	if (!good_range(start, pages))
		return false;
	spin_lock(&mm->lock);
	unmap(mm, start, pages);
	spin_unlock(&mm->lock);
	return true;
}

bool mm_map(struct mm *mm, uintptr_t start, uint32_t pages, bool write)
{
	uint32_t i;

	if (!good_range(start, pages))
		return false;
	spin_lock(&mm->lock);
	unmap(mm, start, pages);
	site_set_lazy_mode(VMI_LAZY_MMU);
	for (i = 0; i < pages; i++) {
		void *pte = pte_make(mm, start + i * PAGE_SIZE);

		if (!pte)
			break;
		pte_set(mm, start + i * PAGE_SIZE, pte, PTE_DEMAND | (write ? PTE_WRITE : 0));
	}
	site_set_lazy_mode(0);
	spin_unlock(&mm->lock);
	add(&pages_mapped, i);
	return i == pages;
}

/* The entry with the right to write, or without; a shared page stays one to be copied. */
static uint64_t protected(uint64_t value, bool write)
{
	if (!write)
		return value & ~(uint64_t)(PTE_WRITE | PTE_COPY);
	if (!(value & PTE_PRESENT) || value & PTE_WRITE)
		return value | PTE_WRITE;
	return value | PTE_COPY;
}

bool mm_protect(struct mm *mm, uintptr_t start, uint32_t pages, bool write)
{
	if (!good_range(start, pages))
		return false;
	spin_lock(&mm->lock);
	site_set_lazy_mode(VMI_LAZY_MMU);
	for (uint32_t i = 0; i < pages; i++) {
		uintptr_t address = start + i * PAGE_SIZE;
		void *pte = pte_entry(mm, address);
		uint64_t value = pte ? entry_read(pte) : 0;

		if (value && !write && value & PTE_PRESENT && value & PTE_WRITE)
			pte_wrprotect(mm, address, pte, 0);
		else if (value)
			pte_set(mm, address, pte, protected(value, write));
	}
	site_set_lazy_mode(0);
	flush(mm, start, pages);
	spin_unlock(&mm->lock);
	return true;
}

bool mm_move(struct mm *mm, uintptr_t from, uintptr_t to, uint32_t pages)
{
	uint32_t i, bytes = pages * PAGE_SIZE;

	if (!good_range(from, pages) || !good_range(to, pages) ||
	    (from < to ? to - from : from - to) < bytes)
		return false;
	spin_lock(&mm->lock);
	unmap(mm, to, pages);
	site_set_lazy_mode(VMI_LAZY_MMU);
	for (i = 0; i < pages; i++) {
		uintptr_t old_address = from + i * PAGE_SIZE, address = to + i * PAGE_SIZE;
		void *old = pte_entry(mm, old_address), *pte = pte_make(mm, address);

		if (!pte)
			break;
		if (!old || !entry_read(old))
			continue;
		pte_set(mm, address, pte, entry_read(old));
		pte_remove(mm, old_address, old);
	}
	site_set_lazy_mode(0);
	flush(mm, from, pages);
	spin_unlock(&mm->lock);
	return i == pages;
}

bool mm_map_text(struct mm *mm, uintptr_t address, uint32_t frame)
{
	void *pte = pte_make(mm, address);

	if (pte)
		pte_set(mm, address, pte, frame | PTE_PRESENT | PTE_USER);
	else
		frame_put(frame);
	return pte;
}

/* Another process may still read the page: a copy, unless this is the last reference. */
static bool copy_page(struct mm *mm, uintptr_t address, void *pte, uint64_t value)
{
	uint32_t old = (uint32_t)(value & PTE_ADDRESS), copy = old;

	if (frame_references(old) != 1) {
		copy = frame_alloc();
		if (!copy)
			return false;
		page_copy(linear(copy), linear(old));
	}
	add(&faults, 1);
	pte_set(mm, address, pte, data_entry(copy, PTE_WRITE));
	flush(mm, address, 1);
	if (copy != old)
		frame_put(old);
	return true;
}

static bool resolve(struct mm *mm, uintptr_t address, bool write)
{
	void *pte = pte_entry(mm, address);
	uint64_t value = pte ? entry_read(pte) : 0;
	uint32_t frame;

	if (value & PTE_PRESENT) {
		if (write && value & PTE_COPY)
			return copy_page(mm, address, pte, value);
		if (write && !(value & PTE_WRITE))
			return false;
		site_flush_tlb_single(address); /* another processor has resolved it */
		return true;
	}
	if (!(value & PTE_DEMAND) || (write && !(value & PTE_WRITE)))
		return false;
	frame = frame_alloc();
	if (!frame)
		return false;
	pte_set(mm, address, pte, data_entry(frame, value & PTE_WRITE));
	add(&faults, 1);
	return true;
}

bool mm_fault(struct mm *mm, uintptr_t address, bool write)
{
	bool resolved;

	address &= ~(PAGE_SIZE - 1);
	if (!good_range(address, 1))
		return false;
	spin_lock(&mm->lock);
	resolved = resolve(mm, address, write);
	spin_unlock(&mm->lock);
	return resolved;
}
