// SPDX-License-Identifier: GPL-2.0-only
/* User mode: contexts. */
#include "user.h"
#include "cpu.h"
#include "trap.h"

static uint8_t user_stack[4096] __attribute__((aligned(4096), section(".user_data")));
__attribute__((noreturn)) void enter_user(const struct user_context *context);

void user_context_init(struct user_context *context, void (*program)(void))
{
	*context = (struct user_context){
		.ip = (uintptr_t)program, .cs = SEL_USER_CODE, .flags = EFLAGS_FIXED,
		.sp = user_stack_top(), .ss = SEL_USER_DATA,
	};
}

uintptr_t user_stack_top(void)
{
	return (uintptr_t)user_stack + sizeof(user_stack);
}

static void enter(void *context)
{
	enter_user(context);
}

void user_run(const struct user_context *context, struct trap_info *info)
{
	trap_guard(enter, (void *)context, info);
}
