// SPDX-License-Identifier: GPL-2.0-only
/* Address spaces of processes: made, copied and torn down as Linux does it. */
#include "cpu.h"
#include "entry.h"
#include "memory.h"
#include "mm.h"
#include "raw.h"

#define TABLE_SPAN (pae ? 1u << 21 : 1u << 22)
#define ROOT_FIRST_KERNEL (pae ? 3u : PAGE_OFFSET >> 22)
#define ROOT_ENTRIES (pae ? 4u : 1024u)
#define USER_END 0x0c000000u /* no process has anything above */
#define ENTRY_SIZE (pae ? 8u : 4u)

bool space_create(struct space *space)
{
	uint32_t from = ROOT_FIRST_KERNEL, count = ROOT_ENTRIES - from;

	space->root = frame_alloc();
	if (!space->root)
		return false;
	memcpy((uint8_t *)virt(space->root) + from * ENTRY_SIZE,
	       (uint8_t *)virt(kernel_space.root) + from * ENTRY_SIZE, count * ENTRY_SIZE);
	pv_mmu_ops.alloc_pmd_clone(space->root / PAGE_SIZE, kernel_space.root / PAGE_SIZE, from,
				   count);
	/* The processor keeps PDPTEs: all must be there before CR3 is loaded. */
	return !pae || space_pte(space, 0, true);
}

/* The first entry of the page table that `address` lies in, or NULL. */
static void *table_of(struct space *space, uint32_t address)
{
	return space_pte(space, address & ~(TABLE_SPAN - 1), false);
}

static bool copy_table(struct space *to, struct space *from, uint32_t base)
{
	uint8_t *source = table_of(from, base);

	for (uint32_t address = base; source && address < base + TABLE_SPAN;
	     address += PAGE_SIZE, source += ENTRY_SIZE) {
		void *target;

		if (!(pte_read(source) & PTE_PRESENT))
			continue;
		target = space_pte(to, address, true);
		if (!target)
			return false;
		/* Write protection is taken away in memory; the ROM is told after. */
		*(volatile uint32_t *)source &= ~PTE_WRITE;
		pv_mmu_ops.pte_update(from, address, source);
		pv_mmu_ops.set_pte_at(to, address, target, pte_read(source));
		frame_share(pte_frame(pte_read(source)));
	}
	return true;
}

bool space_copy(struct space *to, struct space *from)
{
	bool good = space_create(to);

	pv_mmu_ops.lazy_enter();
	for (uint32_t base = 0; good && base < USER_END; base += TABLE_SPAN)
		good = copy_table(to, from, base);
	pv_mmu_ops.lazy_leave();
	pv_mmu_ops.flush_tlb_user();
	return good;
}

static void free_table(struct space *space, uint32_t base)
{
	uint8_t *table = table_of(space, base), *pte = table;
	uint32_t frame;

	if (!table)
		return;
	for (uint32_t address = base; address < base + TABLE_SPAN;
	     address += PAGE_SIZE, pte += ENTRY_SIZE) {
		if (!(pte_read(pte) & PTE_PRESENT))
			continue;
		frame = pte_frame(pte_read(pte));
		pv_mmu_ops.pte_clear(space, address, pte);
		frame_release(frame);
	}
	frame = phys(table);
	if (pae) {
		uint64_t pud = pte_read(virt(space->root));

		pv_mmu_ops.pmd_clear((uint64_t *)virt(pte_frame(pud)) + (base >> 21));
	} else {
		pv_mmu_ops.pmd_clear((uint32_t *)virt(space->root) + (base >> 22));
	}
	pv_mmu_ops.release_pte(frame / PAGE_SIZE);
	frame_release(frame);
}

void space_destroy(struct space *space)
{
	if (!space->root)
		return;
	for (uint32_t base = 0; base < USER_END; base += TABLE_SPAN)
		free_table(space, base);
	if (pae && pte_read(virt(space->root)) & PTE_PRESENT) {
		uint32_t pmd = pte_frame(pte_read(virt(space->root)));

		pv_mmu_ops.set_pud(virt(space->root), 0);
		pv_mmu_ops.release_pmd(pmd / PAGE_SIZE);
		frame_release(pmd);
	}
	pv_mmu_ops.pgd_free(space->root / PAGE_SIZE);
	frame_release(space->root);
	space->root = 0;
}

uint32_t space_map(struct space *space, uint32_t address, uint32_t frame, bool write)
{
	void *pte = space_pte(space, address, true);

	if (!frame && pte)
		frame = frame_alloc();
	if (!pte || !frame)
		return 0;
	pv_mmu_ops.set_pte_at(space, address, pte, frame | PTE_PRESENT | PTE_USER | PTE_ACCESSED |
			      (write ? PTE_WRITE | PTE_DIRTY : 0));
	return frame;
}

static bool is_data(uint32_t address)
{
	return (address >= USER_DATA && address < USER_DATA_END) ||
	       (address >= USER_STACK && address < USER_STACK_END);
}

/* A page that is there, but not writable: shared since a fork. */
static bool unshare(struct space *space, uint32_t address, void *pte)
{
	uint32_t old = pte_frame(pte_read(pte)), frame = old;

	if (frame_users(old) > 1) {
		frame = frame_alloc();
		if (!frame)
			return false;
		memcpy(virt(frame), virt(old), PAGE_SIZE);
		frame_release(old);
	}
	space_map(space, address, frame, true);
	pv_mmu_ops.flush_tlb_single(address);
	return true;
}

bool space_fault(struct space *space, uint32_t address, bool write)
{
	void *pte = space_pte(space, address, false);

	address &= ~(PAGE_SIZE - 1);
	if (!is_data(address))
		return false;
	if (!pte || !(pte_read(pte) & PTE_PRESENT))
		return space_map(space, address, 0, true);
	return write && !(pte_read(pte) & PTE_WRITE) && unshare(space, address, pte);
}
