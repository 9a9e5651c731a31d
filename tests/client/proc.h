/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes in ring 3. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"
#include "entry.h"
#include "mm.h"

#define PROCS_MAX 12
#define KERNEL_STACK 8192

enum proc_state { PROC_UNUSED, PROC_RUNNABLE, PROC_WAITING, PROC_SLEEPING, PROC_DONE };

/* How a process ended. */
enum proc_end {
	END_EXIT,     /* by SYS_EXIT; value = its code */
	END_SIGNAL,   /* user mode trapped; value = vector */
	END_BAD_IRET, /* the native IRET to it faulted and was fixed up */
	END_OOPS,     /* the way back to it faulted in ring 0: the kernel's end in a real client */
	END_MEMORY,   /* no memory, or stuck */
};

struct proc {
	enum proc_state state;
	uint32_t pid, cpu, parent;
	struct regs regs;
	struct v86_segments v86;
	struct space space;
	struct descriptor *ldt;
	uint32_t ldt_entries;
	bool uses_iret; /* leave the system call at hand by IRET */
	uint32_t wait_for, wake, preempted;
	enum proc_end end;
	uint32_t end_value, end_error, end_eip, end_cs; /* of the trap, if one was the end */
	uint8_t stack[KERNEL_STACK] __attribute__((aligned(16)));
};

/*
 * A process of this processor that starts at `program` (in user.asm) with flat segments and
 * interrupts on. NULL without memory. Runs when proc_run_all() does; free it with proc_free().
 */
struct proc *proc_create(const void *program);
void proc_free(struct proc *p);
/* Where a label of user.asm lies in a process. */
uint32_t user_address(const void *label);

/* Runs this processor's processes until each has ended. */
void proc_run_all(void);
/* Did it end by SYS_EXIT with EXIT_PASS? */
bool proc_passed(const struct proc *p);

/* Called by traps, in the process's own context. */
void proc_switch(struct proc *p, const struct regs *regs, enum proc_state state)
	__attribute__((noreturn));
void proc_kill(struct proc *p, const struct regs *regs, enum proc_end end, uint32_t value)
	__attribute__((noreturn));
void syscall(struct regs *regs);

extern const uint8_t user_text[], user_text_end[], user_int80[], user_sysenter[], user_touch[],
	user_fork[], user_spin[], user_yield[], user_sleep[], user_sigreturn[], user_landed[],
	user_nt_iret[], user_nt_sysexit[], user_poison[], user_cli[], user_peek[], user_poke[],
	user_jump[], user_v86[], user_v86_end[], vsyscall_return[];

#endif
