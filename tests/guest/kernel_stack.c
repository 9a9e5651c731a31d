// SPDX-License-Identifier: GPL-2.0-only
/*
 * UpdateKernelStack: after load_sp0, a trap from user mode arrives on the new stack,
 * with its frame right below the new top.
 */
#include "cpu.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

static uint8_t stacks[2][4096] __attribute__((aligned(16)));

TEST(load_sp0, "stack.load-sp0", VMI_CALL_UpdateKernelStack)
{
	struct user_context user;
	struct trap_info trap;
	struct thread thread = { 0 };

	user_context_init(&user, user_return);
	for (unsigned i = 0; i < 4; i++) {
		thread.sp0 = (uintptr_t)&stacks[i & 1] + sizeof(stacks[0]);
		pv_cpu_ops.load_sp0(&main_tss, &thread);
		user_run(&user, &trap);
		CHECK_EQ("vector of the return from user mode", trap.regs.vector, VECTOR_USER);
		CHECK_EQ("end of the frame", trap.frame + sizeof(struct regs), thread.sp0);
	}
	thread.sp0 = default_sp0();
	pv_cpu_ops.load_sp0(&main_tss, &thread);
	user_run(&user, &trap);
	CHECK_EQ("end of the frame on the old stack", trap.frame + sizeof(struct regs), thread.sp0);
}
