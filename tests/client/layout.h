/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that C and assembly share. The build turns each `#define NAME NUMBER` into
 * an equate for NASM; entry.h checks the offsets against the C structures.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#define PAGE_OFFSET 0xc0000000 /* where physical address 0 is mapped */
#define BOOT_LARGE_PAGES 16 /* 4 MiB each: what the boot page directory maps */
#define TRAMPOLINE 0x6000 /* physical; where application processors wake up */

/* The GDT of the historic client. SYSENTER and SYSEXIT demand the order of the four. */
#define SEL_KERNEL_CODE 0x60
#define SEL_KERNEL_DATA 0x68
#define SEL_USER_CODE 0x73
#define SEL_USER_DATA 0x7b
#define SEL_TSS 0x80
#define SEL_LDT 0x88
#define SEL_PERCPU 0xd8
#define GDT_ENTRIES 32

/* struct regs */
#define REGS_EBX 0
#define REGS_ESI 12
#define REGS_EDI 16
#define REGS_EAX 24
#define REGS_FS 36
#define REGS_EIP 52
#define REGS_ESP 64

/* struct pv_cpu_ops, struct pv_irq_ops, struct tss */
#define PV_IRET 0
#define PV_SYSEXIT 4
#define PV_SAVE_FL 0
#define PV_RESTORE_FL 4
#define PV_IRQ_DISABLE 8
#define PV_IRQ_ENABLE 12
#define TSS_ESP0 4

/* Vectors above 0xff are no hardware's: they name how the kernel was entered. */
#define VECTOR_IRQ 0x20
#define VECTOR_SYSCALL 0x80
#define VECTOR_TEST 0x81
#define VECTOR_SPURIOUS 0xff
#define VECTOR_SYSENTER 0x100
#define VECTOR_BAD_IRET 0x101 /* the native IRET faulted and was fixed up */

/* System calls: number in EAX, arguments in EBX, ECX, EDX, ESI, EDI. */
#define SYS_EXIT 1
#define SYS_ADD1 2 /* EBX + 1 */
#define SYS_ADD1_IRET 3 /* the same, but leaves by IRET even after SYSENTER */
#define SYS_YIELD 4
#define SYS_FORK 5
#define SYS_WAIT 6
#define SYS_SIGRETURN 7 /* CS, SS, EFLAGS, EIP, ESP of the process's own choice */
#define SYS_SLEEP 8

#define EXIT_PASS 42
#define EXIT_FAIL 1
#define EXIT_CHILD 7

/* A process's addresses. */
#define USER_TEXT 0x08048000
#define USER_CLOCK 0x08050000 /* ticks, written by the kernel */
#define USER_DATA 0x08060000
#define USER_DATA_END 0x08160000
#define USER_STACK 0x0bfe0000
#define USER_STACK_END 0x0bfff000
#define USER_V86_IP 0x10
#define USER_POISON_SELECTOR 0xf /* LDT entry 1: data based where nothing is mapped */

/* struct march */
#define MARCH_EAX 0
#define MARCH_ECX 4
#define MARCH_EDX 8
#define MARCH_EBX 12
#define MARCH_EBP 16
#define MARCH_ESI 20
#define MARCH_EDI 24
#define MARCH_ESP 28
#define MARCH_ESP_AFTER 32
#define MARCH_EFLAGS 36

/* Patch sites, as many of each as were counted in Linux 2.6.32.9. */
#define SITES_SAVE 449
#define SITES_DISABLE 636
#define SITES_RESTORE 476
#define SITES_ENABLE 259
#define MODULE_SITES 20

#endif
