// SPDX-License-Identifier: GPL-2.0-only
/* The native operations: what a slot does if the ROM does not provide its call. */
#include "cpu.h"
#include "entry.h"
#include "io.h"
#include "mm.h"
#include "pv.h"
#include "raw.h"

static void cpuid(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
	asm volatile("cpuid" : "+a"(*eax), "=b"(*ebx), "+c"(*ecx), "=d"(*edx));
}

#define SET_DR(n) case n: asm volatile("mov %0, %%db" #n : : "r"(value)); break
#define GET_DR(n) case n: asm volatile("mov %%db" #n ", %0" : "=r"(value)); break
static void set_debugreg(uint32_t number, uint32_t value)
{
	switch (number) {
	SET_DR(0); SET_DR(1); SET_DR(2); SET_DR(3); SET_DR(6); SET_DR(7);
	}
}

static uint32_t get_debugreg(uint32_t number)
{
	uint32_t value = 0;

	switch (number) {
	GET_DR(0); GET_DR(1); GET_DR(2); GET_DR(3); GET_DR(6); GET_DR(7);
	}
	return value;
}

static void clts(void) { asm volatile("clts"); }
static uint32_t read_cr0(void) { return raw_read_cr0(); }
static void write_cr0(uint32_t value) { raw_write_cr0(value); }
static uint32_t read_cr4(void) { return raw_read_cr4(); }
static void write_cr4(uint32_t value) { raw_write_cr4(value); }

static void load_gdt(const struct vmi_descriptor_pointer *p)
{
	asm volatile("lgdt %0" : : "m"(*p) : "memory");
}

static void load_idt(const struct vmi_descriptor_pointer *p)
{
	asm volatile("lidt %0" : : "m"(*p) : "memory");
}

static void store_gdt(struct vmi_descriptor_pointer *p) { asm volatile("sgdt %0" : "=m"(*p)); }
static void store_idt(struct vmi_descriptor_pointer *p) { asm volatile("sidt %0" : "=m"(*p)); }
static uint32_t store_tr(void) { return raw_store_tr() & 0xffff; }
static void load_tr_desc(void) { raw_load_tr(SEL_TSS); }

static void set_ldt(const struct descriptor *ldt, uint32_t entries)
{
	if (entries) {
		struct descriptor d = ldt_descriptor(ldt, entries);

		pv_cpu_ops.write_gdt_entry(this_cpu()->gdt, SEL_LDT / 8, &d);
		raw_load_ldt(SEL_LDT);
	} else {
		raw_load_ldt(0);
	}
}

static void write_entry(struct descriptor *table, uint32_t index, const struct descriptor *d)
{
	table[index] = *d;
}

static void load_sp0(struct tss *tss, uint32_t esp0) { tss->esp0 = esp0; }
static void wbinvd(void) { asm volatile("wbinvd" : : : "memory"); }

static uint64_t read_tsc(void)
{
	uint64_t value;

	asm volatile("rdtsc" : "=A"(value) : : "memory");
	return value;
}

static void set_iopl_mask(uint32_t mask) { raw_set_eflags((raw_eflags() & ~EFLAGS_IOPL) | mask); }
static void io_delay(void) { outb(0x80, 0); }
static void nothing(void) { }

static uint32_t save_fl(void) { return raw_eflags(); }
static void restore_fl(uint32_t flags) { raw_set_eflags(flags); }
static void disable(void) { asm volatile("cli" : : : "memory"); }
static void enable(void) { asm volatile("sti" : : : "memory"); }
static void safe_halt(void) { asm volatile("sti; hlt" : : : "memory"); }

static uint32_t read_cr2(void) { return raw_read_cr2(); }
static void write_cr2(uint32_t value) { raw_write_cr2(value); }
static uint32_t read_cr3(void) { return raw_read_cr3(); }
static void write_cr3(uint32_t value) { raw_write_cr3(value); }
static void flush_tlb_user(void) { raw_write_cr3(raw_read_cr3()); }

static void flush_tlb_kernel(void)
{
	uint32_t cr4 = raw_read_cr4();

	raw_write_cr4(cr4 & ~CR4_PGE);
	raw_write_cr3(raw_read_cr3());
	raw_write_cr4(cr4);
}

static void flush_tlb_single(uint32_t address)
{
	asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static void alloc(struct space *space, uint32_t pfn) { (void)space; (void)pfn; }
static void release(uint32_t pfn) { (void)pfn; }

static void clone(uint32_t pfn, uint32_t from, uint32_t start, uint32_t count)
{
	(void)pfn; (void)from; (void)start; (void)count;
}

/* With 8 bytes: never a present entry with the wrong other half. */
static void set_entry(void *entry, uint64_t value)
{
	volatile uint32_t *half = entry;

	if (pae) {
		half[0] = 0;
		half[1] = (uint32_t)(value >> 32);
	}
	half[0] = (uint32_t)value;
}

static void set_pte_at(struct space *space, uint32_t address, void *pte, uint64_t value)
{
	(void)space; (void)address;
	set_entry(pte, value);
}

static void pte_clear(struct space *space, uint32_t address, void *pte)
{
	(void)space; (void)address;
	set_entry(pte, 0);
}

static void pmd_clear(void *pmd) { set_entry(pmd, 0); }

static void update(struct space *space, uint32_t address, void *pte)
{
	(void)space; (void)address; (void)pte;
}

static void apic_write(uint32_t reg, uint32_t value)
{
	*(volatile uint32_t *)(fixmap_apic() + reg) = value;
}

static uint32_t apic_read(uint32_t reg)
{
	return *(volatile uint32_t *)(fixmap_apic() + reg);
}

static void no_hook(uint32_t apic_id, uint32_t eip, uint32_t esp)
{
	(void)apic_id; (void)eip; (void)esp;
}

#define CPU_OPS { \
	native_iret, native_sysexit, cpuid, set_debugreg, get_debugreg, clts, read_cr0, write_cr0, \
	read_cr4, write_cr4, load_gdt, load_idt, store_gdt, store_idt, store_tr, load_tr_desc, \
	set_ldt, write_entry, write_entry, write_entry, load_sp0, wbinvd, read_tsc, \
	set_iopl_mask, io_delay, nothing, nothing }
#define IRQ_OPS { save_fl, restore_fl, disable, enable, safe_halt }
#define MMU_OPS { \
	read_cr2, write_cr2, read_cr3, write_cr3, flush_tlb_user, flush_tlb_kernel, \
	flush_tlb_single, alloc, alloc, clone, release, release, release, set_entry, set_pte_at, \
	set_entry, set_entry, pte_clear, pmd_clear, update, update, nothing, nothing }
#define APIC_OPS { apic_write, apic_read, no_hook }

const struct pv_cpu_ops native_cpu_ops = CPU_OPS;
const struct pv_irq_ops native_irq_ops = IRQ_OPS;
const struct pv_mmu_ops native_mmu_ops = MMU_OPS;
const struct apic_ops native_apic_ops = APIC_OPS;
struct pv_cpu_ops pv_cpu_ops = CPU_OPS;
struct pv_irq_ops pv_irq_ops = IRQ_OPS;
struct pv_mmu_ops pv_mmu_ops = MMU_OPS;
struct apic_ops apic_ops = APIC_OPS;
struct pv_timer_ops pv_timer_ops;
vmi_set_linear_mapping_fn *pv_set_linear_mapping;
_Static_assert(offsetof(struct pv_cpu_ops, iret) == PV_IRET, "layout.h");
_Static_assert(offsetof(struct pv_cpu_ops, irq_enable_sysexit) == PV_SYSEXIT, "layout.h");
_Static_assert(offsetof(struct pv_irq_ops, save_fl) == PV_SAVE_FL, "layout.h");
_Static_assert(offsetof(struct pv_irq_ops, restore_fl) == PV_RESTORE_FL, "layout.h");
_Static_assert(offsetof(struct pv_irq_ops, irq_disable) == PV_IRQ_DISABLE, "layout.h");
_Static_assert(offsetof(struct pv_irq_ops, irq_enable) == PV_IRQ_ENABLE, "layout.h");
