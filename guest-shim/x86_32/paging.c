// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel maps, and paging on, i386. */
#include "kernel_map.h"
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "percpu.h"
#include "pv_ops.h"

#define MSR_EFER 0xc0000080u
#define EFER_NXE 0x800u
#define FIRST_LARGE 0x00400000u /* below, rights differ from page to page */

static uint32_t rom_start, rom_end; /* pages of the ROM in use */
extern char text_start[], text_end[], rodata_end[], user_start[], user_end[], image_end[];

/*
 * Rights of a page of the kernel image. User mode may run the text: tests call slots
 * there, to see that the processor refuses what is privileged.
 */
uint64_t paging_image_rights(uintptr_t address)
{
	if (paging_sealed(address))
		return PTE_NX;
	if (address < (uint32_t)text_end)
		return PTE_USER;
	if (address < (uint32_t)rodata_end)
		return PTE_NX;
	if (address >= (uint32_t)user_start && address < (uint32_t)user_end)
		return PTE_USER | PTE_WRITE | PTE_NX;
	return PTE_WRITE | PTE_NX;
}

/* The same for the linear mapping: another way to a page gives no more than the first. */
uint64_t paging_linear_rights(uint32_t address)
{
	if (address >= rom_start && address < rom_end)
		return PTE_USER; /* ROM text; user mode as above */
	if (paging_sealed(address))
		return PTE_NX;
	if (address >= (uint32_t)text_start && address < (uint32_t)rodata_end)
		return PTE_NX;
	return PTE_WRITE | PTE_NX;
}

bool paging_map(uintptr_t address, uint64_t value)
{
	void *pte = pte_make(&kernel_mm, address);

	if (pte && paging.pae)
		pv_pae_ops.set_pte_at(&kernel_mm, address, pte, value);
	else if (pte)
		pv_mmu_ops.set_pte_at(&kernel_mm, address, pte, (uint32_t)value);
	return pte;
}

static bool map_image(void)
{
	for (uint32_t a = (uint32_t)text_start; a < (uint32_t)image_end; a += PAGE_SIZE)
		if (!paging_map(a, paging_entry(a, paging_image_rights(a))))
			return false;
	return true;
}

static bool map_linear(void)
{
	uint32_t a = 0, end = frames_end(), span = pmd_span();

	while (a < end) {
		if (a >= FIRST_LARGE && paging.large && end - a >= span) {
			pmd_set(pmd_entry(&kernel_mm, LINEAR_BASE + a),
				paging_entry(a, paging_linear_rights(a) | PTE_LARGE));
			a += span;
			continue;
		}
		if (!paging_map(LINEAR_BASE + a, paging_entry(a, paging_linear_rights(a))))
			return false;
		a += PAGE_SIZE;
	}
	return true;
}

/* Tables for what is mapped later: processes share them, so they must exist from the start. */
static bool make_tables(uint32_t start, uint32_t size)
{
	for (uint32_t offset = 0; offset < size; offset += pmd_span())
		if (!pte_make(&kernel_mm, start + offset))
			return false;
	return true;
}

static bool cpu_has_nx(void)
{
	uint32_t r[4];

	raw_cpuid(0x80000000u, 0, r);
	if (r[0] < 0x80000001u || r[0] > 0x8000ffffu)
		return false;
	raw_cpuid(0x80000001u, 0, r);
	return r[3] >> 20 & 1;
}

static void choose_features(bool pae)
{
	paging.pae = pae && cpu_has(CPU_PAE);
	paging.levels = paging.pae ? 3 : 2;
	if (pae && !paging.pae)
		printf("note pae=1 is refused: this processor has no PAE\n");
	paging.nx = paging.pae && cpu_has(CPU_MSR) && cpu_has_nx();
	paging.large = paging.pae || (cpu_has_cr4() && cpu_has(CPU_PSE));
	paging.global = cpu_has_cr4() && cpu_has(CPU_PGE);
	paging.wp = true; /* since the 486 */
}

static void paging_enable(void)
{
	if (cpu_has_cr4()) {
		uint32_t cr4 = pv_cpu_ops.read_cr4();

		cr4 |= (paging.pae ? CR4_PAE : 0) | (paging.large ? CR4_PSE : 0) |
		       (paging.global ? CR4_PGE : 0);
		pv_cpu_ops.write_cr4(cr4);
	}
	if (paging.nx)
		vmi_ops.wrmsr(vmi_ops.rdmsr(MSR_EFER) | EFER_NXE, MSR_EFER);
	pv_mmu_ops.write_cr3(kernel_mm.root);
	pv_cpu_ops.write_cr0(pv_cpu_ops.read_cr0() | CR0_PG | CR0_WP);
}

bool paging_init(bool pae)
{
	choose_features(pae);
	if (!tables_make(&kernel_mm) || !map_image() || !map_linear() ||
	    !make_tables(PAGING_TEST_BASE, 1u << 22) || !make_tables(FIXED_BASE, 1u << 22)) {
		printf("note paging stays off: RAM is used up\n");
		return false;
	}
	paging_enable();
	paging.on = true;
	cpus[0].mm = &kernel_mm;
	df_tss.cr3 = kernel_mm.root;
	printf("note paging %s%s%s%s\n", paging.pae ? "pae" : "2-level", paging.nx ? " nx" : "",
	       paging.large ? " large" : "", paging.global ? " global" : "");
	return true;
}

uintptr_t paging_window(void)
{
	return (uintptr_t)linear(VROM_WINDOW_BASE);
}

void paging_set_state(uint32_t start, uint32_t size)
{
	(void)start, (void)size; /* the window is a part of the linear mapping */
}

void paging_set_rom(uint32_t start, uint32_t size)
{
	uint32_t old_start = rom_start, old_end = rom_end;

	rom_start = start & ~(PAGE_SIZE - 1);
	rom_end = start + size;
	paging_linear_again(old_start, old_end);
	paging_linear_again(rom_start, rom_end);
}
