/* SPDX-License-Identifier: GPL-2.0-only */
/* What trap.c and the width's part of it, trap_dump.c, know of each other. */
#ifndef TRAP_DUMP_H
#define TRAP_DUMP_H

#include "percpu.h"
#include "trap.h"

/* What trap_guard() keeps; by processor, the innermost one. */
struct trap_guard {
	uintptr_t stack;
	struct trap_guard *outer;
	struct trap_info *info;
};
extern struct trap_guard *trap_guards[CPU_MAX];

/* "#GP" and the like; "INT" for no exception. */
const char *trap_name(unsigned vector);

/* Prints all registers; `sp` and `ss` are those of what trapped. Ends the guest. */
__attribute__((noreturn)) void trap_dump(const struct regs *r, uintptr_t sp, uint32_t ss);

#endif
