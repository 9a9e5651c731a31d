/* SPDX-License-Identifier: GPL-2.0-only */
/* Traps: handlers by vector, a guard for traps that are expected, and user mode. */
#ifndef TRAP_H
#define TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

#define TRAP_DB 1
#define TRAP_UD 6
#define TRAP_TS 10
#define TRAP_NP 11
#define TRAP_SS 12
#define TRAP_GP 13
#define TRAP_PF 14

/* A trap that a guard caught. */
struct trap_info {
	struct regs regs;
	uintptr_t cr2;
	uintptr_t frame; /* where the registers were saved: tells the stack */
};

/* Handles a trap and returns to the interrupted code. */
typedef void trap_handler_fn(struct regs *regs);

/* Sets the handler of `vector` (0 to 255); NULL for none. */
void trap_set_handler(unsigned vector, trap_handler_fn *handler);

/* What happens to a trap without a handler, for a handler that finds the trap is none of its own. */
void trap_unhandled(struct regs *regs);
/* `hook` runs before each return from a handled trap of user mode; NULL = none. */
void trap_set_return_hook(void (*hook)(void));

/* Before NMIs may come whose handler goes on in what was interrupted. */
void trap_nmi_prepare(void);

/*
 * The exception table, of one line: a trap of the kernel at address `at` that has no
 * handler calls `fixup`, which sets where to go on. 0 and NULL for none.
 */
void trap_set_fixup(uintptr_t at, trap_handler_fn *fixup);

/*
 * Runs run(argument). True if a trap without a handler ended it (then *info, unless
 * NULL, tells which); false if it returned. Guards nest.
 */
bool trap_guard(void (*run)(void *argument), void *argument, struct trap_info *info);

/*
 * Enters user mode through the iret slot, until a trap without a handler (INT
 * VECTOR_USER is one) comes back. user_context_init() fills in a flat context that
 * starts at `program` with interrupts off.
 */
void user_context_init(struct user_context *context, void (*program)(void));
void user_run(const struct user_context *context, struct trap_info *info);

#endif
