// SPDX-License-Identifier: GPL-2.0-only
/* Descriptor tables: what a slot wrote must be what the processor uses. */
#include "check.h"
#include "cpu.h"
#include "entry.h"
#include "raw.h"
#include "site.h"
#include "trap.h"

#define ENTRY 9 /* free in the client's GDT */
#define VECTOR_OTHER 0x82 /* leads to the stub of VECTOR_TEST */
#define TSS_BUSY 0x200u

static uint32_t word = 0xfeedf00d;
static struct descriptor other_gdt[GDT_ENTRIES] __attribute__((aligned(8)));
static struct descriptor other_idt[256] __attribute__((aligned(8)));
static struct descriptor ldt[2] __attribute__((aligned(8)));

static uint32_t through_gs(uint32_t selector)
{
	uint32_t value;

	asm volatile("mov %w1, %%gs; movl %%gs:0, %0; mov %w2, %%gs"
		     : "=&r"(value)
		     : "r"(selector), "r"(0));
	return value;
}

static void test_entries(void)
{
	struct descriptor data = segment((uint32_t)&word, 0xfffff, SEG_DATA(3));
	struct descriptor test_gate = gate(trap_stubs[VECTOR_TEST], false, 0);
	uint32_t before = trap_tests;

	pv_cpu_ops.write_gdt_entry(this_cpu()->gdt, ENTRY, &data);
	check_equal("write_gdt_entry", through_gs(ENTRY * 8 | 3), word);
	pv_cpu_ops.write_ldt_entry(ldt, 1, &data);
	pv_cpu_ops.set_ldt(ldt, 2);
	check_equal("set_ldt", raw_store_ldt() & 0xffff, SEL_LDT);
	check_equal("write_ldt_entry", through_gs(1 * 8 | 7), word);
	pv_cpu_ops.set_ldt(NULL, 0);
	check_equal("set_ldt_none", raw_store_ldt() & 0xffff, 0);
	pv_cpu_ops.write_idt_entry(idt, VECTOR_OTHER, &test_gate);
	asm volatile("int %0" : : "i"(VECTOR_OTHER) : "memory");
	check_equal("write_idt_entry", trap_tests, before + 1);
}

static bool same(struct vmi_descriptor_pointer a, struct vmi_descriptor_pointer b)
{
	return a.limit == b.limit && a.base == b.base;
}

static void test_tables(void)
{
	struct vmi_descriptor_pointer gdt_p, idt_p, p, other;

	native_cpu_ops.store_gdt(&gdt_p);
	native_cpu_ops.store_idt(&idt_p);
	pv_cpu_ops.store_gdt(&p);
	check("store_gdt", same(p, gdt_p), "found 0x%x:0x%08x", p.limit, p.base);
	pv_cpu_ops.store_idt(&p);
	check("store_idt", same(p, idt_p), "found 0x%x:0x%08x", p.limit, p.base);
	for (int i = 0; i < GDT_ENTRIES; i++)
		other_gdt[i] = this_cpu()->gdt[i];
	for (int i = 0; i < 256; i++)
		other_idt[i] = idt[i];
	other = (struct vmi_descriptor_pointer){ sizeof(other_gdt) - 1, (uint32_t)other_gdt };
	pv_cpu_ops.load_gdt(&other);
	native_cpu_ops.store_gdt(&p);
	pv_cpu_ops.load_gdt(&gdt_p);
	check("load_gdt", same(p, other), "found 0x%x:0x%08x", p.limit, p.base);
	other = (struct vmi_descriptor_pointer){ sizeof(other_idt) - 1, (uint32_t)other_idt };
	pv_cpu_ops.load_idt(&other);
	native_cpu_ops.store_idt(&p);
	pv_cpu_ops.load_idt(&idt_p);
	check("load_idt", same(p, other), "found 0x%x:0x%08x", p.limit, p.base);
}

void test_descriptor_ops(void)
{
	struct cpu *cpu = this_cpu();
	uint32_t flags = irq_save(), esp0 = cpu->tss.esp0;
	struct descriptor tss = segment((uint32_t)&cpu->tss, sizeof(cpu->tss) - 1, SEG_TYPE_TSS);

	test_entries();
	test_tables();
	pv_cpu_ops.write_gdt_entry(cpu->gdt, SEL_TSS / 8, &tss);
	pv_cpu_ops.load_tr_desc();
	check_equal("load_tr_desc", cpu->gdt[SEL_TSS / 8].high & TSS_BUSY, TSS_BUSY);
	check_equal("store_tr", pv_cpu_ops.store_tr(), SEL_TSS);
	pv_cpu_ops.load_sp0(&cpu->tss, 0xc1234560);
	check_equal("load_sp0", cpu->tss.esp0, 0xc1234560);
	pv_cpu_ops.load_sp0(&cpu->tss, esp0);
	irq_restore(flags);
}
