/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that C and assembly share. The build turns each `#define NAME NUMBER` into
 * a `%define` for NASM; arch.h checks the offsets against the C structures.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

/*
 * Selectors. SYSCALL wants kernel code and data in this order, SYSRET 32-bit code, data and
 * 64-bit code of user mode; SYSEXIT to 64-bit code the data behind that.
 */
#define SEL_KERNEL_CODE 0x08
#define SEL_KERNEL_DATA 0x10
#define SEL_USER_CODE32 0x1b
#define SEL_USER_DATA 0x23
#define SEL_USER_CODE 0x2b
#define SEL_USER_DATA64 0x33
#define SEL_TSS 0x38 /* two entries */
#define SEL_TLS 0x48 /* three entries */
#define SEL_LDT 0x60 /* two entries */
#define SEL_CPU 0x70 /* its limit is the number of the processor */
#define SEL_TEST 0x78 /* free for tests */
#define SEL_TEST_TSS 0x80 /* two entries */
#define SEL_KERNEL_CODE32 0x90 /* for an application processor on its way to long mode */
#define GDT_ENTRIES 19
#define SEL_POISON 0 /* data: no segment at all, which long mode does not look at */

#define VECTOR_IRQ 0x20 /* IRQ 0 to 15 */
#define VECTOR_USER 0x80 /* the way back from user mode */
#define VECTOR_TEST 0x81 /* no gate unless a test writes one */
#define VECTOR_RESCHEDULE 0x90 /* interrupts between processors */
#define VECTOR_FLUSH 0x91
#define VECTOR_TIMER 0xa0 /* of the local APIC */
#define VECTOR_SPURIOUS 0xff /* of the local APIC */

/* Stacks of their own, by number in the TSS. */
#define IST_NMI 1
#define IST_DF 2
#define IST_MC 3

/* struct pv_cpu_ops, as the jump targets need it. */
#define PV_CPU_IRET 0
#define PV_CPU_SYSRET64 8
#define PV_CPU_SYSRET32 16

/* Rows of slots.h. */
#define SLOT_IRET 0
#define SLOT_SYSRET64 1
#define SLOT_SYSRET32 2
#define SLOT_SWAPGS 3
#define ENTRY_IRET 0 /* slot_entry[] */
#define ENTRY_SYSRET64 8
#define ENTRY_SYSRET32 16

/* Where the kernel is linked: physical address 0 is there, too. */
#define KERNEL_BASE 0xffffffff80000000

/* Where an application processor starts in real mode: a page below 1 MiB. */
#define TRAMPOLINE 0x8000

/* struct ap_start */
#define AP_CR3 0
#define AP_CR4 8
#define AP_CR0 16
#define AP_EFER 24

/* struct cpu: the first members */
#define CPU_USER_SP 0
#define CPU_TSS 8
#define TSS_RSP0 4

/* struct user_context, in quadwords */
#define USER_CONTEXT_WORDS 20

/* struct probe */
#define PROBE_ARGS 8
#define PROBE_IN 40
#define PROBE_OUT 168
#define PROBE_RFLAGS 296
#define PROBE_RSP 304
#define PROBE_OUT_DS 312
#define PROBE_OUT_ES 316
#define PROBE_CANARY 320
#define PROBE_GDT 352
#define PROBE_SEGMENT 362
#define PROBE_CANARIES 4
#define PROBE_CANARY_VALUE 0xca4a51e5

#endif
