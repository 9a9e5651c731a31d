/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Returns to user mode with a frame that a process chose, as sigreturn makes them: the
 * process asks for it from user mode, and the kernel returns through the iret slot.
 */
#ifndef SIGRETURN_H
#define SIGRETURN_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"
#include "trap.h" /* struct trap_info */

enum sigreturn_end {
	SIGRETURN_USER,   /* user mode ran until a trap: *info tells which */
	SIGRETURN_SIGNAL, /* the kernel's own IRET faulted; its exception table made a signal of
			   * that: *info has the process's registers, `fault` the vector */
	SIGRETURN_OOPS,   /* any other fault in ring 0: *info tells which */
};

struct sigreturn_result {
	enum sigreturn_end end;
	struct trap_info info;
	unsigned fault; /* with SIGRETURN_SIGNAL */
};

/*
 * A process in user mode asks to go on with `context`. The kernel sees to it that CS names
 * an outer ring, which is a kernel's duty, and runs `late` (or NULL) just before its return.
 */
void sigreturn_run(const struct user_context *context, void (*late)(void),
		   struct sigreturn_result *result);

/* What a kernel returns with: general registers as POPA takes them, then the frame. */
struct return_frame {
	uint32_t edi, esi, ebp, esp_unused, ebx, edx, ecx, eax;
	uint32_t eip, cs, eflags, esp, ss;
	uint32_t es, ds, fs, gs; /* only with EFLAGS.VM in `eflags` */
};

/* The kernel itself returns with `frame`, with `kernel_flags` set in its own EFLAGS until then. */
void return_run(const struct return_frame *frame, uint32_t kernel_flags,
		struct sigreturn_result *result);

/* A process in user mode asks to go on with `frame` in virtual-8086 mode; otherwise the same. */
void vm86_run(const struct return_frame *frame, uint32_t kernel_flags,
	      struct sigreturn_result *result);
/* EIP in the last frame of return_run() or vm86_run(), as the return left it in memory. */
uint32_t returned_eip(void);

/* Programs for user mode, see sigreturn.asm; user_8086 is to be copied below 1 MiB. */
void user_push(void);
void user_16bit(void);
void user_nt(void);
extern const char user_8086[];
#define USER_8086_SIZE 10

/* SYSENTER from `program` in user mode, left by IRET: what the kernel's EFLAGS were then. */
uint32_t sysenter_iret_run(void (*program)(void), struct sigreturn_result *result);

#endif
