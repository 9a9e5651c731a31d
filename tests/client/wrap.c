// SPDX-License-Identifier: GPL-2.0-only
/* The wrapped calls: from a slot's arguments to the ROM's. */
#include "cpu.h"
#include "mm.h"
#include "rom.h"
#include "wrap.h"

struct vmi_ops vmi_ops;

#define CALL(type, name) ((type *)vmi_ops.name)

void wrap_cpuid(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
	asm volatile("call *%6" : "=a"(*eax), "=b"(*ebx), "=c"(*ecx), "=d"(*edx)
		     : "0"(*eax), "2"(*ecx), "r"(vmi_ops.cpuid) : "cc");
}

void wrap_set_ldt(const struct descriptor *ldt, uint32_t entries)
{
	struct descriptor d = ldt_descriptor(ldt, entries);

	pv_cpu_ops.write_gdt_entry(this_cpu()->gdt, SEL_LDT / 8, &d);
	CALL(vmi_set_ldt_fn, set_ldt)(entries ? SEL_LDT : 0);
}

void wrap_load_tr_desc(void)
{
	CALL(vmi_set_tr_fn, set_tr)(SEL_TSS);
}

void wrap_write_gdt_entry(struct descriptor *table, uint32_t index, const struct descriptor *d)
{
	CALL(vmi_write_gdt_entry_fn, write_gdt_entry)(table, index, d->low, d->high);
}

void wrap_write_ldt_entry(struct descriptor *table, uint32_t index, const struct descriptor *d)
{
	CALL(vmi_write_ldt_entry_fn, write_ldt_entry)(table, index, d->low, d->high);
}

void wrap_write_idt_entry(struct descriptor *table, uint32_t index, const struct descriptor *d)
{
	CALL(vmi_write_idt_entry_fn, write_idt_entry)(table, index, d->low, d->high);
}

void wrap_load_sp0(struct tss *tss, uint32_t esp0)
{
	tss->esp0 = esp0;
	CALL(vmi_update_kernel_stack_fn, update_kernel_stack)(SEL_KERNEL_DATA, esp0);
}

void wrap_flush_tlb_user(void)
{
	CALL(vmi_flush_tlb_fn, flush_tlb)(VMI_FLUSH_TLB);
}

void wrap_flush_tlb_kernel(void)
{
	CALL(vmi_flush_tlb_fn, flush_tlb)(VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL);
}

void wrap_lazy_mmu(void)
{
	CALL(vmi_set_lazy_mode_fn, set_lazy_mode)(VMI_LAZY_MMU);
}

void wrap_lazy_cpu(void)
{
	CALL(vmi_set_lazy_mode_fn, set_lazy_mode)(VMI_LAZY_CPU);
}

void wrap_lazy_none(void)
{
	CALL(vmi_set_lazy_mode_fn, set_lazy_mode)(0);
}

/* What the ROM is told of an update: where it is visible, if these tables are loaded. */
static uint32_t update_flags(struct space *space, uint32_t address, uint32_t flags)
{
	if (space != this_cpu()->space)
		return VMI_PAGE_PT;
	return VMI_PAGE_PT | VMI_UPDATE_CURRENT_AS | (address & ~0xfffu) | flags;
}

/* Two pointers, though only one is ever set: GCC 12 merges calls through one and the same. */
static void set_entry(void *entry, uint64_t value, uint32_t flags)
{
	if (pae)
		CALL(vmi_set_pxe_long_fn, set_pxe_long)(value, entry, flags);
	else
		CALL(vmi_set_pxe_fn, set_pxe)((uint32_t)value, entry, flags);
}

void wrap_set_pte(void *pte, uint64_t value)
{
	set_entry(pte, value, VMI_PAGE_PT);
}

void wrap_set_pte_at(struct space *space, uint32_t address, void *pte, uint64_t value)
{
	set_entry(pte, value, update_flags(space, address, 0));
}

void wrap_set_pmd(void *pmd, uint64_t value)
{
	set_entry(pmd, value, VMI_PAGE_PD);
}

void wrap_set_pud(void *pud, uint64_t value)
{
	set_entry(pud, value, VMI_PAGE_PDP);
}

void wrap_pte_clear(struct space *space, uint32_t address, void *pte)
{
	set_entry(pte, 0, update_flags(space, address, 0));
}

void wrap_pmd_clear(void *pmd)
{
	set_entry(pmd, 0, VMI_PAGE_PD);
}

void wrap_pte_update(struct space *space, uint32_t address, void *pte)
{
	CALL(vmi_update_pxe_fn, update_pxe)(pte, update_flags(space, address, 0));
}

void wrap_pte_update_defer(struct space *space, uint32_t address, void *pte)
{
	CALL(vmi_update_pxe_fn, update_pxe)(pte, update_flags(space, address, VMI_UPDATE_DEFER));
}

void wrap_alloc_pte(struct space *space, uint32_t pfn)
{
	(void)space;
	CALL(vmi_allocate_page_fn, allocate_page)(pfn, VMI_PAGE_PT | VMI_PAGE_ZEROED, 0, 0, 0);
}

void wrap_alloc_pmd(struct space *space, uint32_t pfn)
{
	(void)space;
	CALL(vmi_allocate_page_fn, allocate_page)(pfn, VMI_PAGE_PD | VMI_PAGE_ZEROED, 0, 0, 0);
}

void wrap_alloc_pmd_clone(uint32_t pfn, uint32_t clone, uint32_t start, uint32_t count)
{
	const uint32_t flags = VMI_PAGE_PD | VMI_PAGE_ZEROED | VMI_PAGE_CLONE;

	CALL(vmi_allocate_page_fn, allocate_page)(pfn, flags, clone, start, count);
}

void wrap_release_pte(uint32_t pfn)
{
	CALL(vmi_release_page_fn, release_page)(pfn, VMI_PAGE_PT);
}

void wrap_release_pmd(uint32_t pfn)
{
	CALL(vmi_release_page_fn, release_page)(pfn, VMI_PAGE_PD);
}

/* The registers with which the processor would start if no trampoline were needed. */
void wrap_startup_ipi_hook(uint32_t apic_id, uint32_t eip, uint32_t esp)
{
	struct vmi_ap_state ap = {
		.cr0 = pv_cpu_ops.read_cr0(),
		.cr3 = pv_mmu_ops.read_cr3(),
		.cr4 = pv_cpu_ops.read_cr4(),
		.eip = eip,
		.esp = esp,
		.cs = SEL_KERNEL_CODE,
		.ss = SEL_KERNEL_DATA,
		.ds = SEL_USER_DATA,
		.es = SEL_USER_DATA,
		.fs = SEL_PERCPU,
		.gdtr_limit = GDT_ENTRIES * sizeof(struct descriptor) - 1,
		.gdtr_base = (uint32_t)cpus[apic_id].gdt,
		.idtr_base = (uint32_t)idt,
		.idtr_limit = sizeof(idt) - 1,
	};

	CALL(vmi_set_initial_ap_state_fn, set_initial_ap_state)(&ap, apic_id);
}
