// SPDX-License-Identifier: GPL-2.0-only
/* Descriptor tables. */
#include "cpu.h"
#include "entry.h"
#include "raw.h"

struct cpu cpus[CPUS_MAX];
struct descriptor idt[256] __attribute__((aligned(8)));
uint32_t features;

struct descriptor segment(uint32_t base, uint32_t limit, uint32_t access)
{
	return (struct descriptor){
		.low = base << 16 | (limit & 0xffff),
		.high = (base & 0xff000000) | (base >> 16 & 0xff) | access << 8 | (limit & 0xf0000),
	};
}

struct descriptor ldt_descriptor(const struct descriptor *ldt, uint32_t entries)
{
	return segment((uint32_t)ldt, entries * sizeof(*ldt) - 1, SEG_TYPE_LDT);
}

struct descriptor gate(uint32_t address, bool trap, uint32_t dpl)
{
	return (struct descriptor){
		.low = SEL_KERNEL_CODE << 16 | (address & 0xffff),
		.high = (address & 0xffff0000) | (trap ? 0x8f00 : 0x8e00) | dpl << 13,
	};
}

static void set(struct cpu *cpu, uint32_t selector, struct descriptor d)
{
	pv_cpu_ops.write_gdt_entry(cpu->gdt, selector / 8, &d);
}

void idt_fill(void)
{
	for (uint32_t v = 0; v < 256; v++) {
		struct descriptor d = gate(trap_stubs[v], v == VECTOR_SYSCALL,
					   v == VECTOR_SYSCALL || v == 3 ? 3 : 0);

		pv_cpu_ops.write_idt_entry(idt, v, &d);
	}
}

void cpu_tables(uint32_t number)
{
	struct cpu *cpu = &cpus[number];
	struct vmi_descriptor_pointer gdt_p = { sizeof(cpu->gdt) - 1, (uint32_t)cpu->gdt };
	struct vmi_descriptor_pointer idt_p = { sizeof(idt) - 1, (uint32_t)idt };

	cpu->self = cpu;
	cpu->number = number;
	set(cpu, SEL_KERNEL_CODE, segment(0, 0xfffff, SEG_CODE(0)));
	set(cpu, SEL_KERNEL_DATA, segment(0, 0xfffff, SEG_DATA(0)));
	set(cpu, SEL_USER_CODE, segment(0, 0xfffff, SEG_CODE(3)));
	set(cpu, SEL_USER_DATA, segment(0, 0xfffff, SEG_DATA(3)));
	set(cpu, SEL_PERCPU, segment((uint32_t)cpu, 0xfffff, SEG_DATA(0)));
	cpu->tss.ss0 = SEL_KERNEL_DATA;
	cpu->tss.io_map = sizeof(cpu->tss);
	set(cpu, SEL_TSS, segment((uint32_t)&cpu->tss, sizeof(cpu->tss) - 1, SEG_TYPE_TSS));
	pv_cpu_ops.load_gdt(&gdt_p);
	asm volatile("pushl %0; pushl $1f; lretl; 1:\n\t"
		     "mov %1, %%ss; mov %2, %%ds; mov %2, %%es; mov %3, %%fs; mov %4, %%gs"
		     :
		     : "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA), "r"(SEL_USER_DATA),
		       "r"(SEL_PERCPU), "r"(0)
		     : "memory");
	pv_cpu_ops.load_idt(&idt_p);
	pv_cpu_ops.load_tr_desc();
	pv_cpu_ops.set_ldt(NULL, 0);
	if (features & CPUID1_EDX_SEP) {
		raw_wrmsr(MSR_SYSENTER_CS, SEL_KERNEL_CODE);
		raw_wrmsr(MSR_SYSENTER_ESP, (uint32_t)&cpu->tss);
		raw_wrmsr(MSR_SYSENTER_EIP, (uint32_t)sysenter_entry);
	}
}
