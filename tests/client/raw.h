/* SPDX-License-Identifier: GPL-2.0-only */
/* The processor itself, past all slots: native operations, and what tests compare slots with. */
#ifndef RAW_H
#define RAW_H

#include <stdint.h>

#define CR0_TS 0x8u
#define CR4_TSD 0x4u
#define CR4_PAE 0x20u
#define CR4_PGE 0x80u
#define EFLAGS_IF 0x200u
#define EFLAGS_IOPL 0x3000u
#define EFLAGS_NT 0x4000u
#define EFLAGS_VM 0x20000u
#define CPUID1_EDX_PAE (1u << 6)
#define CPUID1_EDX_SEP (1u << 11)
#define CPUID1_EDX_PGE (1u << 13)
#define CPUID_EXT1_EDX_NX (1u << 20)
#define MSR_SYSENTER_CS 0x174u
#define MSR_SYSENTER_ESP 0x175u
#define MSR_SYSENTER_EIP 0x176u

#define RAW_READ(name, instruction) \
	static inline uint32_t raw_##name(void) \
	{ \
		uint32_t value; \
		asm volatile(instruction : "=r"(value) : : "memory"); \
		return value; \
	}
#define RAW_WRITE(name, instruction) \
	static inline void raw_##name(uint32_t value) \
	{ \
		asm volatile(instruction : : "r"(value) : "memory"); \
	}
RAW_READ(read_cr0, "mov %%cr0, %0")
RAW_READ(read_cr2, "mov %%cr2, %0")
RAW_READ(read_cr3, "mov %%cr3, %0")
RAW_READ(read_cr4, "mov %%cr4, %0")
RAW_READ(eflags, "pushfl; popl %0")
RAW_READ(store_tr, "str %0")
RAW_READ(store_ldt, "sldt %0")
RAW_WRITE(write_cr0, "mov %0, %%cr0")
RAW_WRITE(write_cr2, "mov %0, %%cr2")
RAW_WRITE(write_cr3, "mov %0, %%cr3")
RAW_WRITE(write_cr4, "mov %0, %%cr4")
RAW_WRITE(set_eflags, "pushl %0; popfl")
RAW_WRITE(load_tr, "ltr %w0")
RAW_WRITE(load_ldt, "lldt %w0")

static inline void raw_cpuid(uint32_t out[4], uint32_t leaf, uint32_t subleaf)
{
	asm volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
		     : "0"(leaf), "2"(subleaf));
}

static inline void raw_wrmsr(uint32_t reg, uint32_t value)
{
	asm volatile("wrmsr" : : "c"(reg), "a"(value), "d"(0) : "memory");
}

#endif
