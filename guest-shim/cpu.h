/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processor itself, past all slots: what tests compare the slots with, and what
 * the exception dump may still rely on.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"
#include "cpu_arch.h"

#define CR0_PE 0x00000001u
#define CR0_MP 0x00000002u
#define CR0_TS 0x00000008u
#define CR0_NE 0x00000020u
#define CR0_WP 0x00010000u
#define CR0_AM 0x00040000u
#define CR0_PG 0x80000000u
#define CR4_TSD 0x004u
#define CR4_DE 0x008u
#define CR4_PSE 0x010u
#define CR4_PAE 0x020u
#define CR4_PGE 0x080u
#define EFLAGS_CF 0x00000001u
#define EFLAGS_TF 0x00000100u
#define EFLAGS_IF 0x00000200u
#define EFLAGS_DF 0x00000400u
#define EFLAGS_IOPL 0x00003000u
#define EFLAGS_NT 0x00004000u
#define EFLAGS_RF 0x00010000u
#define EFLAGS_VM 0x00020000u
#define EFLAGS_AC 0x00040000u
#define EFLAGS_ID 0x00200000u
#define EFLAGS_ARITHMETIC 0x000008d5u
#define EFLAGS_FIXED 0x00000002u

/* CPUID leaf 1, EDX */
enum cpu_feature {
	CPU_PSE = 3, CPU_TSC = 4, CPU_MSR = 5, CPU_PAE = 6, CPU_CX8 = 8, CPU_APIC = 9, CPU_SEP = 11,
	CPU_PGE = 13,
};

#define CPUID1_ECX_X2APIC (1u << 21)

#define RAW_READ(name, instruction) \
	static inline uintptr_t raw_##name(void) \
	{ \
		uintptr_t value; \
		asm volatile(instruction : "=r"(value) : : "memory"); \
		return value; \
	}
#define RAW_WRITE(name, instruction) \
	static inline void raw_##name(uintptr_t value) \
	{ \
		asm volatile(instruction : : "r"(value) : "memory"); \
	}
RAW_READ(read_cr0, "mov %%cr0, %0")
RAW_READ(read_cr2, "mov %%cr2, %0")
RAW_READ(read_cr3, "mov %%cr3, %0")
RAW_READ(read_cr4, "mov %%cr4, %0")
RAW_READ(read_dr0, "mov %%db0, %0")
RAW_READ(read_dr1, "mov %%db1, %0")
RAW_READ(read_dr2, "mov %%db2, %0")
RAW_READ(read_dr3, "mov %%db3, %0")
RAW_READ(read_dr6, "mov %%db6, %0")
RAW_READ(read_dr7, "mov %%db7, %0")
RAW_WRITE(write_cr0, "mov %0, %%cr0")
RAW_WRITE(write_cr2, "mov %0, %%cr2")
RAW_WRITE(write_cr3, "mov %0, %%cr3")
RAW_WRITE(write_cr4, "mov %0, %%cr4")
RAW_WRITE(write_dr0, "mov %0, %%db0")
RAW_WRITE(write_dr1, "mov %0, %%db1")
RAW_WRITE(write_dr2, "mov %0, %%db2")
RAW_WRITE(write_dr3, "mov %0, %%db3")
RAW_WRITE(write_dr6, "mov %0, %%db6")
RAW_WRITE(write_dr7, "mov %0, %%db7")
RAW_READ(eflags, "pushf; pop %0")

static inline void raw_cli(void) { asm volatile("cli" : : : "memory"); }
static inline void raw_sti(void) { asm volatile("sti" : : : "memory"); }
/* Turns interrupts on again if they were on in `eflags`. */
static inline void raw_restore_if(uint32_t eflags)
{
	if (eflags & EFLAGS_IF)
		raw_sti();
}

static inline void raw_load_tr(uint16_t selector)
{
	asm volatile("ltr %0" : : "r"(selector) : "memory");
}

static inline void raw_load_fs(uint16_t selector)
{
	asm volatile("mov %0, %%fs" : : "r"(selector));
}

static inline uint16_t raw_store_tr(void)
{
	uint16_t selector;

	asm volatile("str %0" : "=r"(selector));
	return selector;
}

static inline uint16_t raw_store_ldt(void)
{
	uint16_t selector;

	asm volatile("sldt %0" : "=r"(selector));
	return selector;
}

static inline void raw_store_gdt(table_pointer *p)
{
	asm volatile("sgdt %0" : "=m"(*p));
}

static inline void raw_store_idt(table_pointer *p)
{
	asm volatile("sidt %0" : "=m"(*p));
}

static inline void raw_load_gdt(const table_pointer *p)
{
	asm volatile("lgdt %0" : : "m"(*p) : "memory");
}

static inline void raw_load_idt(const table_pointer *p)
{
	asm volatile("lidt %0" : : "m"(*p) : "memory");
}

/* The limit of a segment; false if the selector names none. */
static inline bool raw_segment_limit(uint16_t selector, uint32_t *limit)
{
	bool valid;

	asm volatile("lsl %2, %0" : "=r"(*limit), "=@ccz"(valid) : "r"((uint32_t)selector), "0"(0));
	return valid;
}

/* Reads a dword through FS. */
static inline uint32_t raw_fs_read(uint32_t offset)
{
	uint32_t value;

	asm volatile("movl %%fs:(%1), %0" : "=r"(value) : "r"((uintptr_t)offset) : "memory");
	return value;
}

static inline uint64_t raw_read_msr(uint32_t msr)
{
	uint32_t low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void raw_write_msr(uint32_t msr, uint64_t value)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
		     : "memory");
}

/* Only where cpu_has(CPU_TSC). */
static inline uint64_t raw_rdtsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* Only where cpu_has_cpuid(). */
static inline void raw_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t out[4])
{
	asm volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
		     : "0"(leaf), "2"(subleaf));
}

/* Finds out what this processor has; needs cpu_tables_init() before it. */
void cpu_init(void);
bool cpu_has_cpuid(void);
bool cpu_has_cr4(void);
bool cpu_has(enum cpu_feature feature);
bool cpu_has_x2apic(void);
/* Says who runs this machine: hypervisor.h. */
void cpu_note_hypervisor(void);
/* The family by CPUID, 4 without it. */
unsigned cpu_family(void);
/* Runs nothing that was fetched before. */
void cpu_serialise(void);

#define LDT_ENTRIES 4

/* Loads GDT, TSS and IDT. */
void cpu_tables_init(void);
/* Puts task gates into an IDT: NMIs and double faults run on stacks of their own. */
void cpu_task_gates(struct descriptor *table);

/* What a call into a ROM must leave as it is, beyond struct probe. */
struct cpu_system {
	table_pointer gdt, idt;
	uintptr_t cr0, cr3, cr4;
	uint16_t fs, gs, ldtr;
	CPU_SYSTEM_ARCH /* what only one width has */
};
void cpu_system_read(struct cpu_system *system);
/* Whether it is still so, with *gdtr as GDTR; *segments: whether only FS or GS differ. */
bool cpu_system_same(const struct cpu_system *system, const table_pointer *gdtr, bool *segments);
/* Puts back what differs from *before. */
void cpu_system_restore(const struct cpu_system *before);

/* Raises a double fault. */
void cpu_double_fault(void);

extern struct descriptor gdt[], ldt[];
extern gate_desc idt[256];
extern const uintptr_t trap_stubs[256]; /* entries of the vectors, before their gates */
extern struct tss main_tss;
/* The top of the stack on which user mode is left, unless load_sp0 says otherwise. */
uintptr_t default_sp0(void);
struct descriptor segment_descriptor(uint32_t base, uint32_t limit, uint32_t access);
gate_desc interrupt_gate(uintptr_t address, uint32_t ring);

/* Bits 8 to 23 of a descriptor's high dword: access byte, then granularity flags. */
#define SEG_CODE(ring) (0xc09a00u | (uint32_t)(ring) << 13)
#define SEG_DATA(ring) (0xc09200u | (uint32_t)(ring) << 13)
#define SEG_DATA_BYTES 0x409200u
#define SEG_TSS 0x008900u
#define SEG_LDT 0x008200u
#define SEG_BUSY_HIGH 0x200u /* in the high dword of a TSS descriptor */

#endif
