// SPDX-License-Identifier: GPL-2.0-only
/* The processor's system state around foreign code, i386. */
#include "cpu.h"
#include "memory.h"

static uint16_t read_fs(void)
{
	uint16_t selector;

	asm volatile("mov %%fs, %0" : "=r"(selector));
	return selector;
}

static uint16_t read_gs(void)
{
	uint16_t selector;

	asm volatile("mov %%gs, %0" : "=r"(selector));
	return selector;
}

void cpu_system_read(struct cpu_system *system)
{
	memset(system, 0, sizeof(*system));
	raw_store_gdt(&system->gdt);
	raw_store_idt(&system->idt);
	system->cr0 = raw_read_cr0();
	system->cr3 = raw_read_cr3();
	system->cr4 = cpu_has_cr4() ? raw_read_cr4() : 0;
	system->fs = read_fs();
	system->gs = read_gs();
	system->ldtr = raw_store_ldt();
}

static bool same_table(const table_pointer *a, const table_pointer *b)
{
	return a->limit == b->limit && a->base == b->base;
}

bool cpu_system_same(const struct cpu_system *system, const table_pointer *gdtr, bool *segments)
{
	table_pointer idtr;

	raw_store_idt(&idtr);
	*segments = false;
	if (!same_table(gdtr, &system->gdt) || !same_table(&idtr, &system->idt) ||
	    raw_read_cr0() != system->cr0 || raw_read_cr3() != system->cr3 ||
	    (cpu_has_cr4() && raw_read_cr4() != system->cr4) || raw_store_ldt() != system->ldtr)
		return false;
	*segments = read_fs() != system->fs || read_gs() != system->gs;
	return !*segments;
}

/* Tables first: the segment registers are loaded from them. */
void cpu_system_restore(const struct cpu_system *before)
{
	struct cpu_system now;

	cpu_system_read(&now);
	raw_load_gdt(&before->gdt);
	raw_load_idt(&before->idt);
	if (now.cr0 != before->cr0)
		raw_write_cr0(before->cr0);
	if (now.cr3 != before->cr3)
		raw_write_cr3(before->cr3);
	if (now.cr4 != before->cr4)
		raw_write_cr4(before->cr4);
	if (now.ldtr != before->ldtr)
		asm volatile("lldt %0" : : "r"(before->ldtr));
	if (now.fs != before->fs || now.gs != before->gs) {
		raw_load_fs(before->fs);
		asm volatile("mov %0, %%gs" : : "r"(before->gs));
	}
}

/* CPUID serialises, and so does IRET, which every processor has. */
void cpu_serialise(void)
{
	uint32_t r[4];

	if (cpu_has_cpuid())
		raw_cpuid(0, 0, r);
	else
		asm volatile("pushf; push %%cs; push $1f; iret; 1:" : : : "memory");
}
