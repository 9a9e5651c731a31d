// SPDX-License-Identifier: GPL-2.0-only
/* Calls whose instruction shows only in user mode what it is: there it must be refused. */
#include "cpu.h"
#include "irq.h"
#include "load.h"
#include "memory.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

/*
 * The instruction itself leaves no trace that an emulator would show, but it is
 * privileged: called from user mode, the slot must fault, not return.
 */
static void check_privileged(enum slot_id row)
{
	struct user_context user;
	struct trap_info trap;

	if (load_result()->bindings[row].kind == VMI_BIND_NOP)
		SKIP("the ROM says that the call is empty");
	user_context_init(&user, user_return);
	user.ip = (uint32_t)slot_entry[row];
	user.sp -= 4;
	*(uint32_t *)user.sp = (uintptr_t)user_return;
	user_run(&user, &trap);
	CHECK_EQ("vector of the slot in user mode", trap.regs.vector, TRAP_GP);
}

TEST(wbinvd_user, "misc.wbinvd-user", VMI_CALL_WBINVD)
{
	check_privileged(SLOT_wbinvd);
}

/* A port, that is; without IOPL and I/O map, user mode may not touch any. */
TEST(delay_user, "misc.io-delay-user", VMI_CALL_IODelay)
{
	check_privileged(SLOT_io_delay);
}
