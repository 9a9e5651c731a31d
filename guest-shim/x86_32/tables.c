// SPDX-License-Identifier: GPL-2.0-only
/*
 * GDT, IDT, LDT and task state segments of the boot processor. They are set up past the
 * slots: a slot that does nothing must fail a test, not reset the machine in silence.
 */
#include "arch.h"
#include "cpu.h"

#define TRAP_STACK 8192
#define DF_STACK 4096

struct descriptor gdt[GDT_ENTRIES], idt[256], ldt[LDT_ENTRIES];
struct tss main_tss, df_tss;
static uint8_t trap_stack[TRAP_STACK] __attribute__((aligned(16)));
static uint8_t df_stack[DF_STACK] __attribute__((aligned(16)));
extern const uint32_t trap_stubs[256];
void trap_double_fault_entry(void);

struct descriptor segment_descriptor(uint32_t base, uint32_t limit, uint32_t access)
{
	return (struct descriptor){
		.low = base << 16 | (limit & 0xffff),
		.high = (base & 0xff000000u) | (limit & 0xf0000u) | access | (base >> 16 & 0xff),
	};
}

struct descriptor interrupt_gate(uint32_t address, uint32_t ring)
{
	return (struct descriptor){
		.low = (uint32_t)SEL_KERNEL_CODE << 16 | (address & 0xffff),
		.high = (address & 0xffff0000u) | 0x8e00u | ring << 13,
	};
}

uint32_t default_sp0(void)
{
	return (uint32_t)trap_stack + sizeof(trap_stack);
}

static void write_gdt(uint32_t selector, struct descriptor d)
{
	gdt[selector / 8] = d;
}

static void init_tss(void)
{
	main_tss.ss0 = SEL_KERNEL_DATA;
	main_tss.esp0 = default_sp0();
	main_tss.io_map = sizeof(main_tss);
	df_tss = (struct tss){
		.eip = (uint32_t)trap_double_fault_entry,
		.cs = SEL_KERNEL_CODE, .ss = SEL_KERNEL_DATA, .ds = SEL_KERNEL_DATA,
		.es = SEL_KERNEL_DATA, .fs = SEL_KERNEL_DATA, .gs = SEL_KERNEL_DATA,
		.esp = (uint32_t)df_stack + sizeof(df_stack),
		.eflags = EFLAGS_FIXED, .io_map = sizeof(df_tss),
	};
}

static void reload_segments(void)
{
	asm volatile("ljmp %0, $1f\n1:\n\t"
		     "mov %1, %%ds; mov %1, %%es; mov %1, %%ss; mov %1, %%fs; mov %1, %%gs"
		     : : "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA) : "memory");
}

static void init_idt(void)
{
	struct descriptor task_gate = { .low = SEL_DF_TSS << 16, .high = 0x8500 };
	struct vmi_descriptor_pointer p = { sizeof(idt) - 1, (uint32_t)idt };

	for (int i = 0; i < VECTOR_IRQ + 16; i++) {
		struct descriptor gate = interrupt_gate(trap_stubs[i], 0);

		idt[i] = i == 8 ? task_gate : gate;
	}
	idt[VECTOR_USER] = interrupt_gate(trap_stubs[VECTOR_USER], 3);
	raw_load_idt(&p);
}

void cpu_tables_init(void)
{
	struct vmi_descriptor_pointer p = { sizeof(gdt) - 1, (uint32_t)gdt };

	init_tss();
	write_gdt(SEL_KERNEL_CODE, segment_descriptor(0, 0xfffff, SEG_CODE(0)));
	write_gdt(SEL_KERNEL_DATA, segment_descriptor(0, 0xfffff, SEG_DATA(0)));
	write_gdt(SEL_USER_CODE, segment_descriptor(0, 0xfffff, SEG_CODE(3)));
	write_gdt(SEL_USER_DATA, segment_descriptor(0, 0xfffff, SEG_DATA(3)));
	write_gdt(SEL_TSS, segment_descriptor((uint32_t)&main_tss, sizeof(main_tss) - 1, SEG_TSS));
	write_gdt(SEL_DF_TSS, segment_descriptor((uint32_t)&df_tss, sizeof(df_tss) - 1, SEG_TSS));
	write_gdt(SEL_POISON, segment_descriptor(POISON_BASE, 0xfffff, SEG_DATA(0)));
	raw_load_gdt(&p);
	reload_segments();
	raw_load_tr(SEL_TSS);
	init_idt();
}
