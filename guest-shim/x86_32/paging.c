// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's mappings, and paging on. */
#include "paging.h"
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "percpu.h"
#include "pv_ops.h"

#define MSR_EFER 0xc0000080u
#define EFER_NXE 0x800u
#define FIRST_LARGE 0x00400000u /* below, rights differ from page to page */

struct paging paging;
struct mm kernel_mm;
static uint32_t rom_start, rom_end; /* pages of the ROM in use */
static uint32_t sealed_start, sealed_end;
extern char text_start[], text_end[], rodata_end[], user_start[], user_end[], image_end[];

/*
 * Rights of a page of the kernel image. User mode may run the text: tests call slots
 * there, to see that the processor refuses what is privileged.
 */
static uint64_t image_rights(uint32_t address)
{
	if (address >= sealed_start && address < sealed_end)
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
static uint64_t linear_rights(uint32_t address)
{
	if (address >= rom_start && address < rom_end)
		return PTE_USER; /* ROM text; user mode as above */
	if (address >= sealed_start && address < sealed_end)
		return PTE_NX;
	if (address >= (uint32_t)text_start && address < (uint32_t)rodata_end)
		return PTE_NX;
	return PTE_WRITE | PTE_NX;
}

/* What the processor has of `rights`. */
static uint64_t entry_value(uint32_t address, uint64_t rights)
{
	rights |= PTE_PRESENT | (paging.global ? PTE_GLOBAL : 0);
	return address | (paging.nx ? rights : rights & ~PTE_NX);
}

static bool map(uint32_t address, uint64_t value)
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
		if (!map(a, entry_value(a, image_rights(a))))
			return false;
	return true;
}

static bool map_linear(void)
{
	uint32_t a = 0, end = frames_end(), span = pmd_span();

	while (a < end) {
		if (a >= FIRST_LARGE && paging.large && end - a >= span) {
			pmd_set(pmd_entry(&kernel_mm, LINEAR_BASE + a),
				entry_value(a, linear_rights(a) | PTE_LARGE));
			a += span;
			continue;
		}
		if (!map(LINEAR_BASE + a, entry_value(a, linear_rights(a))))
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

void paging_tell(void)
{
	vmi_ops.set_linear_mapping(0, LINEAR_BASE, frames_end() >> PAGE_SHIFT, 0);
}

uint32_t paging_root(void)
{
	return kernel_mm.root;
}

void *paging_map_device(unsigned index, uint32_t address)
{
	uint32_t at = FIXED_BASE + index * PAGE_SIZE;

	map(at, entry_value(address, PTE_WRITE | PTE_NX | PTE_UNCACHED));
	pv_mmu_ops.flush_tlb_single(at);
	return (void *)at;
}

void paging_set_executable(void *start, uint32_t size, bool executable)
{
	uint32_t a = (uint32_t)start & ~(PAGE_SIZE - 1), end = (uint32_t)start + size;

	for (; a < end; a += PAGE_SIZE) {
		map(a, entry_value(a, executable ? PTE_USER : image_rights(a)));
		pv_mmu_ops.flush_tlb_single(a);
	}
}

/* Gives pages of the linear mapping the rights that they now have. */
static void map_linear_again(uint32_t start, uint32_t end)
{
	for (uint32_t a = start; a < end; a += PAGE_SIZE) {
		map(LINEAR_BASE + a, entry_value(a, linear_rights(a)));
		pv_mmu_ops.flush_tlb_single(LINEAR_BASE + a);
	}
}

void paging_hide(uint32_t start, uint32_t size)
{
	for (uint32_t a = start & ~(PAGE_SIZE - 1); a < start + size; a += PAGE_SIZE) {
		map(LINEAR_BASE + a, 0);
		pv_mmu_ops.flush_tlb_single(LINEAR_BASE + a);
	}
}

void paging_seal(void *start, uint32_t size)
{
	sealed_start = (uint32_t)start & ~(PAGE_SIZE - 1);
	sealed_end = (uint32_t)start + size;
	paging_set_executable(start, size, false);
	map_linear_again(sealed_start, sealed_end);
}

void paging_map_fixed(unsigned index, uint32_t address, bool text)
{
	uint32_t at = FIXED_BASE + index * PAGE_SIZE;

	map(at, entry_value(address, text ? PTE_USER : PTE_WRITE | PTE_NX));
	pv_mmu_ops.flush_tlb_single(at);
}

void paging_set_rom(uint32_t start, uint32_t size)
{
	uint32_t old_start = rom_start, old_end = rom_end;

	rom_start = start & ~(PAGE_SIZE - 1);
	rom_end = start + size;
	map_linear_again(old_start, old_end);
	map_linear_again(rom_start, rom_end);
}

void paging_map_low(uint32_t address, bool there)
{
	map(address, there ? entry_value(address, PTE_USER) & ~(uint64_t)PTE_GLOBAL : 0);
	pv_mmu_ops.flush_tlb_single(address);
}

void *paging_map_alias(uint32_t address, bool there)
{
	uint32_t page = address & ~(PAGE_SIZE - 1);
	uint64_t value = entry_value(page, PTE_WRITE | PTE_NX) & ~(uint64_t)PTE_GLOBAL;

	map(PAGING_TEST_BASE, there ? value : 0);
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
	return (void *)(PAGING_TEST_BASE + address - page);
}

void paging_let_user(uintptr_t start, uintptr_t end, bool user)
{
	for (uintptr_t a = start & ~(PAGE_SIZE - 1); a < end; a += PAGE_SIZE) {
		uint64_t old = entry_read(pte_entry(&kernel_mm, a)) & ~(uint64_t)PTE_USER;

		map(a, user ? old | PTE_USER : old);
		pv_mmu_ops.flush_tlb_single(a);
	}
}

bool paging_user_may_run(uintptr_t address)
{
	const void *pte = pte_entry(&kernel_mm, address);
	uint64_t entry = pte ? entry_read(pte) : 0;

	return (entry & PTE_PRESENT) && (entry & PTE_USER) && !(entry & PTE_NX);
}

void *paging_test_pte(unsigned page)
{
	return pte_entry(&kernel_mm, PAGING_TEST_BASE + (page % 512) * PAGE_SIZE);
}
