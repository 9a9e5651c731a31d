/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls: EAX number, EBX, ESI and EDI arguments, result in EAX. By INT VECTOR_USER,
 * or by SYSENTER with EDX the return address and ECX the stack (both are lost then).
 */
#ifndef SYSCALL_H
#define SYSCALL_H

#define SYS_EXIT 1    /* (result) */
#define SYS_YIELD 2   /* () */
#define SYS_MAP 3     /* (address, pages, writable): 1 = done, as below */
#define SYS_UNMAP 4   /* (address, pages) */
#define SYS_PROTECT 5 /* (address, pages, writable) */
#define SYS_MOVE 6    /* (from, to, pages) */
#define SYS_FORK 7    /* (): the child's number, 0 in the child; SYS_NONE if there is no room */
#define SYS_THREAD 8  /* (eip, esp, argument): the thread's number; the argument arrives in EAX */
#define SYS_WAIT 9    /* (number): its result, once it has ended; SYS_NONE if it is no child */
#define SYS_RECOVER 10 /* (eip): the next access that is wrong goes on there, with EAX = 1 */
#define SYS_TLS 11    /* (address): base of the segments SYS_TLS_SELECTOR, SYS_LDT_SELECTOR */
#define SYS_WRONG 12  /* (where, found, expected): the program found something that is wrong */

#define SYS_NONE 0xffffffffu
#define SYS_TLS_SELECTOR 0x4b /* SEL_TLS, ring 3 */
#define SYS_LDT_SELECTOR 0x0f /* LDT entry 1, ring 3 */

/* Where a program is mapped, and the top of its stack. */
#define SYS_TEXT 0x01000000u
#define SYS_STACK_TOP 0x02000000u
#define SYS_STACK_PAGES 4u

#endif
