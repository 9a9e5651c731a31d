/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs for user mode and ways into the kernel that x86-64 alone has; flow.asm. */
#ifndef USER_MODES_H
#define USER_MODES_H

#include <stdbool.h>
#include <stdint.h>

void user_syscall(void); /* SYSCALL; then RFLAGS in RAX */
void user_narrow(void);  /* 32-bit code: EAX = 0x7FFFFFFF */

/* Where SYSCALL leads in tests: notes, and leaves by SYSRET to 64-bit or 32-bit code. */
void syscall_entry(void);
extern struct syscall_record {
	uint64_t count, rcx, r11, rsp;
} syscall_record;
extern bool syscall_narrow;

#endif
