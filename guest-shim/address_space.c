// SPDX-License-Identifier: GPL-2.0-only
/* Address spaces: create, fork, load, destroy. */
#include "frames.h"
#include "memory.h"
#include "mm.h"
#include "paging.h"
#include "percpu.h"
#include "pv_ops.h"
#include "sites.h"
#include "smp.h"

static struct mm mms[MM_MAX];
static struct spinlock lock; /* of mms[].users */

struct mm *mm_create(void)
{
	struct mm *mm = NULL;

	spin_lock(&lock);
	for (unsigned i = 0; i < MM_MAX && !mm; i++)
		if (!mms[i].users)
			mm = &mms[i];
	if (mm)
		mm->users = 1;
	spin_unlock(&lock);
	if (!mm)
		return NULL;
	mm->lock = (struct spinlock){ 0 };
	mm->cpus = 0;
	if (tables_make(mm))
		return mm;
	mm->users = 0;
	return NULL;
}

void mm_get(struct mm *mm)
{
	spin_lock(&lock);
	mm->users++;
	spin_unlock(&lock);
}

/* Calls visit() for each entry of user pages that holds something, until it says false. */
static bool for_each_page(struct mm *mm,
			  bool (*visit)(struct mm *mm, uintptr_t address, void *pte, void *argument),
			  void *argument)
{
	uintptr_t span = pmd_span();

	for (uintptr_t table = USER_BASE; table < USER_END; table += span) {
		if (!pte_entry(mm, table))
			continue;
		for (uintptr_t a = table; a < table + span; a += PAGE_SIZE) {
			void *pte = pte_entry(mm, a);

			if (entry_read(pte) && !visit(mm, a, pte, argument))
				return false;
		}
	}
	return true;
}

static bool share(struct mm *from, uintptr_t address, void *pte, void *argument)
{
	struct mm *to = argument;
	void *copy = pte_make(to, address);

	if (!copy)
		return false;
	if (entry_read(pte) & PTE_PRESENT) {
		frame_get((uint32_t)(entry_read(pte) & PTE_ADDRESS));
		if (entry_read(pte) & PTE_WRITE)
			pte_wrprotect(from, address, pte, PTE_COPY);
	}
	pte_set(to, address, copy, entry_read(pte));
	return true;
}

struct mm *mm_fork(struct mm *from)
{
	struct mm *to = mm_create();
	bool done;

	if (!to)
		return NULL;
	spin_lock(&from->lock);
	site_set_lazy_mode(VMI_LAZY_MMU);
	done = for_each_page(from, share, to);
	site_set_lazy_mode(0);
	pv_mmu_ops.flush_tlb_user();
	shootdown(from->cpus, SHOOTDOWN_ALL);
	spin_unlock(&from->lock);
	if (done)
		return to;
	mm_put(to);
	return NULL;
}

static bool drop(struct mm *mm, uintptr_t address, void *pte, void *unused)
{
	uint64_t value = entry_read(pte);

	(void)unused;
	pte_remove(mm, address, pte);
	if (value & PTE_PRESENT)
		frame_put((uint32_t)(value & PTE_ADDRESS));
	return true;
}

void mm_put(struct mm *mm)
{
	bool last;

	spin_lock(&lock);
	last = mm->users == 1; /* then the place is free once the tables are */
	if (!last)
		mm->users--;
	spin_unlock(&lock);
	if (!last)
		return;
	site_set_lazy_mode(VMI_LAZY_MMU);
	for_each_page(mm, drop, NULL);
	site_set_lazy_mode(0);
	tables_free(mm);
	mm->users = 0;
}

void mm_load(struct mm *mm)
{
	struct cpu *cpu = this_cpu();
	struct mm *old = cpu->mm;
	uint32_t bit = 1u << cpu->number;

	if (old == mm)
		return;
	asm volatile("lock orl %1, %0" : "+m"(mm->cpus) : "r"(bit) : "cc", "memory");
	site_write_cr3(mm->root);
	cpu->mm = mm;
	if (old)
		asm volatile("lock andl %1, %0" : "+m"(old->cpus) : "r"(~bit) : "cc", "memory");
}
