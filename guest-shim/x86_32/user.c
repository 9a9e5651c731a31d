// SPDX-License-Identifier: GPL-2.0-only
/* User mode: contexts, and what SYSENTER leaves behind. */
#include "cpu.h"
#include "trap.h"
#include "user.h"

static uint8_t user_stack[4096] __attribute__((aligned(4096), section(".user_data")));
struct sysenter_record sysenter_record;
__attribute__((noreturn)) void enter_user(const struct user_context *context);
void sysenter_note(uint32_t eflags, uint32_t eip, uint32_t esp);

void user_context_init(struct user_context *context, void (*program)(void))
{
	*context = (struct user_context){
		.ip = (uint32_t)program, .cs = SEL_USER_CODE, .flags = EFLAGS_FIXED,
		.sp = user_stack_top(), .ss = SEL_USER_DATA,
	};
}

uintptr_t user_stack_top(void)
{
	return (uint32_t)user_stack + sizeof(user_stack);
}

static void enter(void *context)
{
	enter_user(context);
}

void user_run(const struct user_context *context, struct trap_info *info)
{
	trap_guard(enter, (void *)context, info);
}

/* Called by sysenter_entry with a few bytes of stack. */
void sysenter_note(uint32_t eflags, uint32_t eip, uint32_t esp)
{
	sysenter_record.count++;
	sysenter_record.eflags = eflags;
	sysenter_record.eip = eip;
	sysenter_record.esp = esp;
	sysenter_record.frame = (uintptr_t)__builtin_frame_address(0);
}
