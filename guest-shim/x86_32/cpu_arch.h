/* SPDX-License-Identifier: GPL-2.0-only */
/* What cpu.h has on i386 alone. */
#ifndef CPU_ARCH_H
#define CPU_ARCH_H

#include "arch.h"

#define POISON_BASE 0x40000000u /* no page table of ours maps it */
/* Registers that a call of spec/ may change, as VMI_REG_ masks. */
/* What VMI_Init and GetRelocationInfo may. */
#define CALLER_SAVED (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX)
#define CALL_MAY_CHANGE(call) ((call)->clobber | (call)->out)
#define CPU_SYSTEM_ARCH

/* The tasks of double faults and NMIs. */
extern struct tss df_tss, nmi_tss;

#endif
