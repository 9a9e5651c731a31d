/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that C and assembly share. The build turns each `#define NAME NUMBER` into
 * a `%define` for NASM; arch.h checks the offsets against the C structures.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

/* Selectors. Kernel and user pairs stand in the order that SYSENTER and SYSEXIT demand. */
#define SEL_KERNEL_CODE 0x08
#define SEL_KERNEL_DATA 0x10
#define SEL_USER_CODE 0x1b
#define SEL_USER_DATA 0x23
#define SEL_TSS 0x28
#define SEL_DF_TSS 0x30 /* double faults run as a task of their own */
#define SEL_LDT 0x38
#define SEL_POISON 0x40 /* data, based where nothing is mapped */
#define SEL_TLS 0x48 /* three entries */
#define SEL_TEST 0x60 /* free for tests */
#define SEL_TEST_TSS 0x68
#define SEL_CPU 0x70 /* its limit is the number of the processor */
#define SEL_NMI_TSS 0x78 /* NMIs run as a task of their own, too */
#define GDT_ENTRIES 16

#define VECTOR_IRQ 0x20 /* IRQ 0 to 15 */
#define VECTOR_USER 0x80 /* the way back from user mode */
#define VECTOR_TEST 0x81 /* no gate unless a test writes one */
#define VECTOR_RESCHEDULE 0x90 /* interrupts between processors */
#define VECTOR_FLUSH 0x91
#define VECTOR_TIMER 0xa0 /* of the local APIC */
#define VECTOR_SPURIOUS 0xff /* of the local APIC */
#define VECTOR_SIGNAL 0x82 /* never a gate: where the exception table leads */

/* struct pv_cpu_ops and slot_entry[], as the jump targets need them. */
#define PV_CPU_IRET 0
#define PV_CPU_SYSEXIT 4
#define ENTRY_IRET 0
#define ENTRY_SYSEXIT 4
#define SLOT_IRET 0 /* rows of slots.h */
#define SLOT_SYSEXIT 1

/* Where an application processor starts in real mode: a page below 1 MiB. */
#define TRAMPOLINE 0x8000

/* struct vmi_ap_state */
#define AP_CR0 0
#define AP_CR3 8
#define AP_CR4 12
#define AP_EFER 16
#define AP_EIP 24

/* struct user_context, in dwords */
#define USER_CONTEXT_DWORDS 13

/* struct probe */
#define PROBE_ARGS 4
#define PROBE_IN 20
#define PROBE_SEGMENT 52
#define PROBE_OUT 56
#define PROBE_EFLAGS 88
#define PROBE_ESP 92
#define PROBE_OUT_DS 96
#define PROBE_OUT_ES 100
#define PROBE_CANARY 104
#define PROBE_GDT 120
#define PROBE_CANARIES 4
#define PROBE_CANARY_VALUE 0xca4a51e5

#endif
