// SPDX-License-Identifier: GPL-2.0-only
/* Traps: dispatch and guards. Registers are dumped by the width's trap_dump.c. */
#include "trap.h"
#include "cpu.h"
#include "exit.h"
#include "memory.h"
#include "percpu.h"
#include "trap_dump.h"

int trap_guard_call(void (*run)(void *argument), void *argument, uintptr_t *stack);
__attribute__((noreturn)) void trap_guard_resume(uintptr_t stack);
void trap_handler(struct regs *regs);

struct trap_guard *trap_guards[CPU_MAX];
static trap_handler_fn *handlers[256];
extern const char native_iret[], trap_iret[];
static uintptr_t fixup_at;
static trap_handler_fn *fixup;
static void (*return_hook)(void);

static const char *const names[32] = {
	"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "CSO", "#TS",
	"#NP", "#SS", "#GP", "#PF", "15", "#MF", "#AC", "#MC", "#XM", "#VE", "#CP",
	"22", "23", "24", "25", "26", "27", "#HV", "#VC", "#SX", "31",
};

const char *trap_name(unsigned vector)
{
	return vector < 32 ? names[vector] : "INT";
}

void trap_set_handler(unsigned vector, trap_handler_fn *handler)
{
	handlers[vector & 255] = handler;
}

void trap_set_return_hook(void (*hook)(void))
{
	return_hook = hook;
}

void trap_set_fixup(uintptr_t at, trap_handler_fn *handler)
{
	fixup_at = at;
	fixup = handler;
}

bool trap_guard(void (*run)(void *argument), void *argument, struct trap_info *info)
{
	struct trap_guard **guard = &trap_guards[cpu_number()];
	struct trap_guard g = { .outer = *guard, .info = info };
	int trapped;

	*guard = &g;
	trapped = trap_guard_call(run, argument, &g.stack);
	*guard = g.outer;
	return trapped;
}

/* A native IRET may also stand inline at the site in trap.asm. */
static bool at_fixup(uintptr_t ip)
{
	return ip == fixup_at ||
	       (fixup_at == (uintptr_t)native_iret && ip == (uintptr_t)trap_iret);
}

/* Called by the stubs in trap.asm with interrupts off. */
void trap_handler(struct regs *regs)
{
	if (handlers[regs->vector])
		handlers[regs->vector](regs);
	else
		trap_unhandled(regs);
	if (return_hook && regs_of_user(regs))
		return_hook();
}

void trap_unhandled(struct regs *regs)
{
	struct trap_guard *guard = trap_guards[cpu_number() % CPU_MAX];
	static bool dumping;

	if (fixup && !regs_of_user(regs) && at_fixup(regs->ip)) {
		fixup(regs);
		return;
	}
	if (guard) {
		struct trap_guard *g = guard;

		if (g->info) {
			size_t size = regs_size(regs);

			memset(g->info, 0, sizeof(*g->info));
			memcpy(&g->info->regs, regs, size);
			g->info->cr2 = raw_read_cr2();
			g->info->frame = (uintptr_t)regs;
		}
		trap_guard_resume(g->stack);
	}
	if (dumping)
		guest_exit(GUEST_EXIT_EXCEPTION); /* the dump itself trapped */
	dumping = true;
	trap_dump(regs, regs_sp(regs), regs_ss(regs));
}
