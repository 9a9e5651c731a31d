// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel maps, and its tables in place of those of boot.asm. */
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "kernel_map.h"
#include "options.h"
#include "percpu.h"
#include "pv_ops.h"
#include "tables64.h"
#include "window.h"

#define MSR_EFER 0xc0000080u
#define EFER_SCE 0x001u
#define EFER_NXE 0x800u

static uint32_t rom_start, rom_end;     /* pages of the ROM in use */
static uint32_t state_start, state_end; /* of its state memory */
extern char text_start[], text_end[], rodata_end[], user_start[], user_end[], image_end[];
extern char user_text_start[], user_text_end[];

static bool within(uintptr_t address, const char *start, const char *end)
{
	return address >= (uintptr_t)start && address < (uintptr_t)end;
}

uint64_t paging_image_rights(uintptr_t address)
{
	if (paging_sealed(address))
		return PTE_NX;
	if (within(address, text_start, text_end))
		return PTE_TEXT;
	if (within(address, user_text_start, user_text_end))
		return PTE_USER;
	if (within(address, text_start, rodata_end))
		return PTE_NX;
	if (within(address, user_start, user_end))
		return PTE_USER | PTE_WRITE | PTE_NX;
	return PTE_WRITE | PTE_NX;
}

/* Another way to a page gives no more than the first; the tests look at user pages by this one. */
uint64_t paging_linear_rights(uint32_t address)
{
	uintptr_t image = KERNEL_BASE + address;

	if (address >= rom_start && address < rom_end)
		return PTE_NX;
	if (paging_sealed(image) || within(image, text_start, user_text_end))
		return PTE_NX;
	return PTE_WRITE | PTE_NX;
}

bool paging_map(uintptr_t address, uint64_t value)
{
	uint64_t *pte = pte_make(&kernel_mm, address);

	if (pte)
		pv_mmu_ops.set_pte_at(&kernel_mm, address, pte, value);
	return pte;
}

static bool map_image(void)
{
	for (uintptr_t a = (uintptr_t)text_start; a < (uintptr_t)image_end; a += PAGE_SIZE)
		if (!paging_map(a, paging_entry(image_physical(a), paging_image_rights(a))))
			return false;
	return true;
}

/* Pages where rights differ, or may come to: the window and the image. Large ones above. */
static bool map_linear(void)
{
	uint32_t a = 0, end = frames_end(), span = pmd_span();
	uint32_t small_end = (image_physical((uintptr_t)image_end) + span - 1) & ~(span - 1);

	while (a < end) {
		if (a >= small_end && end - a >= span) {
			void *pmd = pmd_make(&kernel_mm, LINEAR_BASE + a);

			if (!pmd)
				return false;
			pmd_set(pmd, paging_entry(a, paging_linear_rights(a) | PTE_LARGE));
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
static bool make_tables(uintptr_t start, uint32_t size)
{
	for (uint32_t offset = 0; offset < size; offset += pmd_span())
		if (!pte_make(&kernel_mm, start + offset))
			return false;
	return true;
}

static uint64_t window_rights(uint32_t address)
{
	if (address >= rom_start && address < rom_end)
		return PTE_TEXT;
	return address >= state_start && address < state_end ? PTE_WRITE | PTE_NX : PTE_NX;
}

static bool map_window(uint32_t start, uint32_t end)
{
	for (uint32_t a = start; a < end; a += PAGE_SIZE)
		if (!paging_map(paging_window() + a - VROM_WINDOW_BASE,
				paging_entry(a, window_rights(a))))
			return false;
	return true;
}

static void paging_enable(void)
{
	uintptr_t cr4 = pv_cpu_ops.read_cr4() | (paging.global ? CR4_PGE : 0);

	vmi_ops.wrmsr(vmi_ops.rdmsr(MSR_EFER) | (paging.nx ? EFER_NXE : 0) | EFER_SCE, MSR_EFER);
	pv_mmu_ops.write_cr3(kernel_mm.root);
	pv_cpu_ops.write_cr0(pv_cpu_ops.read_cr0() | CR0_WP | CR0_NE);
	cr4 |= (cpu_has_smep() ? CR4_SMEP : 0) | (cpu_has_smap() ? CR4_SMAP : 0);
	pv_cpu_ops.write_cr4(cr4);
}

static bool cpu_has_nx(void)
{
	uint32_t r[4];

	raw_cpuid(0x80000001u, 0, r); /* long mode came from there, too */
	return r[3] >> 20 & 1;
}

bool paging_init(bool pae)
{
	(void)pae; /* there is no other way here */
	paging.levels = raw_read_cr4() & CR4_LA57 ? 5 : 4;
	paging.pae = paging.large = paging.wp = true;
	paging.nx = cpu_has_nx();
	paging.global = cpu_has(CPU_PGE);
	if (!tables_make(&kernel_mm) || !map_image() || !map_linear() ||
	    !map_window(VROM_WINDOW_BASE, VROM_WINDOW_END) ||
	    !make_tables(PAGING_TEST_BASE, 1u << 22) || !make_tables(FIXED_BASE, 1u << 22)) {
		printf("note paging stays as it is: RAM is used up\n");
		return false;
	}
	paging_enable();
	paging.on = true;
	cpus[0].mm = &kernel_mm;
	printf("note paging %u-level%s%s%s%s\n", paging.levels, paging.nx ? " nx" : "",
	       paging.global ? " global" : "", cpu_has_smep() ? " smep" : "",
	       cpu_has_smap() ? " smap" : "");
	printf("note window 0x%016lx\n", (unsigned long)paging_window());
	return true;
}

uintptr_t paging_window(void)
{
	return window_place();
}

void paging_set_rom(uint32_t start, uint32_t size)
{
	uint32_t old_start = rom_start, old_end = rom_end;

	rom_start = start & ~(PAGE_SIZE - 1);
	rom_end = start + size;
	paging_linear_again(old_start, old_end);
	paging_linear_again(rom_start, rom_end);
	map_window(VROM_WINDOW_BASE, VROM_WINDOW_END);
	pv_mmu_ops.flush_tlb_kernel();
}

void paging_set_state(uint32_t start, uint32_t size)
{
	if (start > frames_end() || size > frames_end() - start) {
		printf("note state memory at 0x%08x, found %u bytes, expected below 0x%08x\n", start, size,
		       frames_end());
		return;
	}
	state_start = start & ~(PAGE_SIZE - 1);
	state_end = start + size;
	map_window(state_start, state_end);
	pv_mmu_ops.flush_tlb_kernel();
}
