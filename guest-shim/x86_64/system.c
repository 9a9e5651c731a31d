// SPDX-License-Identifier: GPL-2.0-only
/* The processor's system state around foreign code, x86-64, and what this width asks CPUID for. */
#include "cpu.h"
#include "memory.h"

#define MSR_EFER 0xc0000080u
#define MSR_FS_BASE 0xc0000100u
#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u

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
	system->cr4 = raw_read_cr4();
	system->fs = read_fs();
	system->gs = read_gs();
	system->ldtr = raw_store_ldt();
	system->efer = raw_read_msr(MSR_EFER);
	system->fs_base = raw_read_msr(MSR_FS_BASE);
	system->gs_base = raw_read_msr(MSR_GS_BASE);
	system->kernel_gs_base = raw_read_msr(MSR_KERNEL_GS_BASE);
}

static void restore_msr(uint32_t msr, uint64_t now, uint64_t before)
{
	if (now != before)
		raw_write_msr(msr, before);
}

static bool same_table(const table_pointer *a, const table_pointer *b)
{
	return a->limit == b->limit && a->base == b->base;
}

bool cpu_system_same(const struct cpu_system *system, const table_pointer *gdtr, bool *segments)
{
	struct cpu_system now;

	cpu_system_read(&now);
	*segments = false;
	if (!same_table(gdtr, &system->gdt) || !same_table(&now.idt, &system->idt) ||
	    now.cr0 != system->cr0 || now.cr3 != system->cr3 || now.cr4 != system->cr4 ||
	    now.ldtr != system->ldtr || now.efer != system->efer)
		return false;
	*segments = now.fs != system->fs || now.gs != system->gs ||
		    now.fs_base != system->fs_base || now.gs_base != system->gs_base ||
		    now.kernel_gs_base != system->kernel_gs_base;
	return !*segments;
}

/* Tables first: the segment registers are loaded from them. Bases last: those change them. */
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
	restore_msr(MSR_EFER, now.efer, before->efer);
	if (now.fs != before->fs || now.gs != before->gs ||
		    now.fs_base != before->fs_base || now.gs_base != before->gs_base ||
		    now.kernel_gs_base != before->kernel_gs_base) {
		raw_load_fs(before->fs);
		asm volatile("mov %0, %%gs" : : "r"(before->gs));
		raw_write_msr(MSR_FS_BASE, before->fs_base);
		raw_write_msr(MSR_GS_BASE, before->gs_base);
		raw_write_msr(MSR_KERNEL_GS_BASE, before->kernel_gs_base);
	}
}

void cpu_serialise(void)
{
	uint32_t r[4];

	raw_cpuid(0, 0, r);
}

/* CPUID leaf 7: 1 is EBX, 2 is ECX. */
static bool leaf7(unsigned reg, unsigned bit)
{
	uint32_t r[4];

	raw_cpuid(0, 0, r);
	if (r[0] < 7)
		return false;
	raw_cpuid(7, 0, r);
	return r[reg] >> bit & 1;
}

bool cpu_has_smep(void)
{
	return leaf7(1, 7);
}

bool cpu_has_smap(void)
{
	return leaf7(1, 20);
}

bool cpu_has_la57(void)
{
	return leaf7(2, 16);
}
