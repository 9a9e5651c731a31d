/* SPDX-License-Identifier: GPL-2.0-only */
/* What cpu.h has on x86-64 alone. */
#ifndef CPU_ARCH_H
#define CPU_ARCH_H

#include "arch.h"

#define POISON_BASE 0x0000700000000000ul /* no page table of ours maps it */
#define CR4_LA57 0x00001000u
#define CR4_SMEP 0x00100000u
#define CR4_SMAP 0x00200000u
/* Registers that a call may change: those that a C function may, and flags. */
/* What VMI_Init and GetRelocationInfo may. */
#define CALLER_SAVED (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_ESI | VMI_REG_EDI | \
		      VMI_REG_R8 | VMI_REG_R9 | VMI_REG_R10 | VMI_REG_R11)
#define CALL_MAY_CHANGE(call) ((call)->clobber | (call)->out)
#define CPU_SYSTEM_ARCH \
	uint64_t efer, fs_base, gs_base, kernel_gs_base;

/* Bits 8 to 23 of a descriptor's high dword, as in cpu.h. */
#define SEG_CODE64(ring) (0xa09a00u | (uint32_t)(ring) << 13)

/* A TSS or LDT descriptor, which takes two entries. */
gate_desc system_descriptor(uintptr_t base, uint32_t limit, uint32_t access);

/* Takes the vectors of NMIs and double faults. */
void trap_arch_init(void);

/* CPUID leaf 7: EBX, then ECX. */
bool cpu_has_smep(void);
bool cpu_has_smap(void);
bool cpu_has_la57(void);

#endif
