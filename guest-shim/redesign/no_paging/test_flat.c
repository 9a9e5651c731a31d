// SPDX-License-Identifier: GPL-2.0-only
/* Paging is off and stays off, and user mode has come and gone without it. */
#include "cpu.h"
#include "paging.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

void user_return(void);

TEST(off, "no-paging.off")
{
	struct user_context context;
	struct trap_info info = { 0 };

	user_context_init(&context, user_return);
	user_run(&context, &info);
	CHECK_EQ("the way back from user mode", info.regs.vector, VECTOR_USER);
	CHECK_EQ("the ring that it came from", info.regs.cs & 3, 3);
	CHECK_EQ("CR0.PG", pv_cpu_ops.read_cr0() & CR0_PG, 0);
}
