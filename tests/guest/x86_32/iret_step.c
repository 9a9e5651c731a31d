// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of a process that is being debugged: with TF it traps after one instruction, with RF
 * it passes the breakpoint that it stands on. The ROM must neither step itself nor lose them.
 */
#include "cpu.h"
#include "pv_ops.h"
#include "sigreturn.h"
#include "test.h"
#include "user.h"

#define DR6_B0 0x1u
#define DR6_BS 0x4000u
#define DR6_IDLE 0xffff0ff0u
#define DR7_IDLE 0x400u
#define DR7_L0_EXECUTE 0x1u
#define PUSH_SIZE 1 /* of the first instruction of user_push */

static uint8_t stack[256] __attribute__((aligned(256), section(".user_data")));

/* Goes on at user_push with `eflags`; DR6 is read and cleared. */
static uint32_t step(uint32_t eflags, struct sigreturn_result *r)
{
	struct user_context c;
	uint32_t dr6;

	user_context_init(&c, user_push);
	c.sp = (uint32_t)stack + sizeof(stack);
	c.flags |= eflags;
	pv_cpu_ops.set_debugreg(6, DR6_IDLE);
	sigreturn_run(&c, NULL, r);
	dr6 = pv_cpu_ops.get_debugreg(6);
	pv_cpu_ops.set_debugreg(6, DR6_IDLE);
	return dr6;
}

static void check_trap(const struct sigreturn_result *r, uint32_t vector, uint32_t eip)
{
	CHECK(r->end == SIGRETURN_USER, "a trap in ring 0 at 0x%08x", r->info.regs.ip);
	CHECK_EQ("vector in user mode", r->info.regs.vector, vector);
	CHECK_EQ("EIP in user mode", r->info.regs.ip, eip);
}

TEST(single, "iret.tf-steps-once", VMI_CALL_IRET)
{
	struct sigreturn_result r;
	uint32_t dr6 = step(EFLAGS_TF, &r);

	check_trap(&r, TRAP_DB, (uint32_t)user_push + PUSH_SIZE);
	CHECK_EQ("TF of the process", r.info.regs.flags & EFLAGS_TF, EFLAGS_TF);
	CHECK_EQ("DR6.BS", dr6 & DR6_BS, DR6_BS);
}

TEST(resume, "iret.rf-passes-breakpoint", VMI_CALL_IRET)
{
	struct sigreturn_result r;
	uint32_t dr6;

	pv_cpu_ops.set_debugreg(0, (uint32_t)user_push);
	pv_cpu_ops.set_debugreg(7, DR7_IDLE | DR7_L0_EXECUTE);
	dr6 = step(0, &r);
	check_trap(&r, TRAP_DB, (uint32_t)user_push);
	CHECK_EQ("DR6.B0", dr6 & DR6_B0, DR6_B0);
	dr6 = step(EFLAGS_RF, &r);
	check_trap(&r, VECTOR_USER, (uint32_t)user_push + PUSH_SIZE + 2);
	CHECK_EQ("DR6.B0 with RF", dr6 & DR6_B0, 0);
	pv_cpu_ops.set_debugreg(7, DR7_IDLE);
	pv_cpu_ops.set_debugreg(0, 0);
}
