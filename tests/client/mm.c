// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's page tables: all of memory at PAGE_OFFSET, with 4 KiB pages of both formats. */
#include "cpu.h"
#include "entry.h"
#include "mm.h"
#include "raw.h"

#define FIXMAP_APIC_FRAME 0xfee00000u
#define PTE_UNCACHED 0x18u
#define FIXMAP_PAGES 4

bool pae, nx;
uint64_t pte_global, pte_no_execute;
struct space kernel_space;
uint32_t tramp_cr3, tramp_cr4, tramp_nx, ap_stack_top;
static uint32_t pages, apic_address;

uint32_t memory_pages(void)
{
	return pages;
}

static bool has_nx(void)
{
	uint32_t r[4];

	raw_cpuid(r, 0x80000000, 0);
	if (r[0] < 0x80000001)
		return false;
	raw_cpuid(r, 0x80000001, 0);
	return r[3] & CPUID_EXT1_EDX_NX;
}

uint64_t pte_read(const void *pte)
{
	return pae ? *(const volatile uint64_t *)pte : *(const volatile uint32_t *)pte;
}

static void *entry(uint32_t table, uint32_t index)
{
	return (uint8_t *)virt(table) + index * (pae ? 8 : 4);
}

/* The table that an entry leads to; made if it is not there and `make`. 0 without it. */
static uint32_t below(struct space *space, void *e, bool make, bool is_pud)
{
	uint32_t table;

	if (pte_read(e) & PTE_PRESENT || !make)
		return pte_read(e) & PTE_PRESENT ? pte_frame(pte_read(e)) : 0;
	table = frame_alloc();
	if (!table)
		return 0;
	if (is_pud) {
		pv_mmu_ops.alloc_pmd(space, table / PAGE_SIZE);
		pv_mmu_ops.set_pud(e, table | PTE_PRESENT);
	} else {
		pv_mmu_ops.alloc_pte(space, table / PAGE_SIZE);
		pv_mmu_ops.set_pmd(e, table | PTE_TABLE);
	}
	return table;
}

void *space_pte(struct space *space, uint32_t address, bool make)
{
	uint32_t table = space->root;

	if (pae) {
		table = below(space, entry(table, address >> 30), make, true);
		if (!table)
			return NULL;
		table = below(space, entry(table, address >> 21 & 511), make, false);
	} else {
		table = below(space, entry(table, address >> 22), make, false);
	}
	return table ? entry(table, address >> 12 & (pae ? 511 : 1023)) : NULL;
}

void *vmalloc_pte(uint32_t page)
{
	return space_pte(&kernel_space, VMALLOC + page * PAGE_SIZE, true);
}

/* Low memory with the ROM, and the kernel's text, are executable; nothing else is. */
static void map_memory(uint32_t end)
{
	for (uint32_t p = 0; p < end; p += PAGE_SIZE) {
		uint64_t flags = PTE_KERNEL | pte_global;

		if (p >= phys(text_end))
			flags |= pte_no_execute;
		pv_mmu_ops.set_pte(space_pte(&kernel_space, p + PAGE_OFFSET, true), p | flags);
	}
}

/* A second root, in which the kernel's mapping begins at 0, too: for the steps with paging off. */
static uint32_t trampoline_root(void)
{
	uint32_t root = frame_alloc(), first = pae ? 3 : PAGE_OFFSET >> 22;

	for (uint32_t i = first; i < (pae ? 4u : 1024u); i++) {
		uint64_t e = pte_read(entry(kernel_space.root, i));

		if (!(e & PTE_PRESENT))
			continue;
		pv_mmu_ops.set_pud(entry(root, i), e);
		pv_mmu_ops.set_pud(entry(root, i - first), e);
	}
	return root;
}

void paging_init(uint32_t memory_end, bool want_pae)
{
	pae = want_pae && features & CPUID1_EDX_PAE;
	nx = pae && has_nx();
	pte_no_execute = nx ? PTE_NX : 0;
	pte_global = features & CPUID1_EDX_PGE ? PTE_GLOBAL : 0;
	pages = memory_end / PAGE_SIZE;
	kernel_space.root = frame_alloc();
	map_memory(memory_end);
	vmalloc_pte(0);
	space_pte(&kernel_space, ~0u, true); /* for the fixmap, if the ROM keeps no addresses */
	tramp_cr3 = trampoline_root();
	tramp_cr4 = raw_read_cr4() & ~(CR4_PAE | CR4_PGE);
	tramp_cr4 |= (pae ? CR4_PAE : 0) | (pte_global ? CR4_PGE : 0);
	tramp_nx = nx;
	paging_switch();
	pv_mmu_ops.write_cr3(kernel_space.root);
	pv_mmu_ops.flush_tlb_kernel();
}

void fixmap_init(uint32_t top)
{
	if (apic_address) {
		pv_mmu_ops.pte_clear(&kernel_space, apic_address,
				     space_pte(&kernel_space, apic_address, true));
		pv_mmu_ops.flush_tlb_single(apic_address);
	}
	apic_address = top - FIXMAP_PAGES * PAGE_SIZE;
}

void fixmap_map_apic(void)
{
	pv_mmu_ops.set_pte(space_pte(&kernel_space, apic_address, true),
			   FIXMAP_APIC_FRAME | PTE_KERNEL | PTE_UNCACHED | pte_global |
				   pte_no_execute);
	pv_mmu_ops.flush_tlb_single(apic_address);
}

uint32_t fixmap_apic(void)
{
	return apic_address;
}
