// SPDX-License-Identifier: GPL-2.0-only
/*
 * IRET loads the instruction pointer, CS and flags, and for user mode the stack pointer and SS,
 * and keeps every other register. It is used as a jump target, or through a stub if the ROM
 * wants a call.
 */
#include "cpu.h"
#include "pv_ops.h"
#include "probe.h"
#include "test.h"
#include "trap.h"
#include "user.h"

TEST(ring0, "flow.iret-ring0", VMI_CALL_IRET)
{
	static const uint32_t flags[] = {
		EFLAGS_FIXED, EFLAGS_FIXED | EFLAGS_ARITHMETIC, EFLAGS_FIXED | EFLAGS_AC,
		EFLAGS_FIXED | EFLAGS_IF,
	};

	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct probe p;

		probe_init(&p, 0);
		p.flags = flags[i];
		iret_ring0(&p);
		for (int r = 0; r < PROBE_REGISTERS; r++)
			CHECK_EQ("a register after IRET", p.out[r], r == ESP ? p.sp : p.in[r]);
		CHECK_EQ("EFLAGS after IRET", p.flags, flags[i]);
	}
}

TEST(ring3, "flow.iret-ring3", VMI_CALL_IRET)
{
	struct user_context user;
	struct trap_info trap;

	for (unsigned i = 0; i < 2; i++) {
		user_context_init(&user, user_return);
		user.di = 0xd1 + i, user.si = 0x51 + i, user.bp = 0xeb + i, user.bx = 0xb0 + i;
		user.dx = 0xd0 + i, user.cx = 0xc0 + i, user.ax = 0xa0 + i;
		user.flags = EFLAGS_FIXED | (i ? EFLAGS_IF | EFLAGS_ARITHMETIC : 0);
		user.sp -= 64 * i;
		user_run(&user, &trap);
		CHECK_EQ("vector of the way back", trap.regs.vector, VECTOR_USER);
		CHECK_EQ("EDI in user mode", trap.regs.di, user.di);
		CHECK_EQ("ESI in user mode", trap.regs.si, user.si);
		CHECK_EQ("EBP in user mode", trap.regs.bp, user.bp);
		CHECK_EQ("EBX in user mode", trap.regs.bx, user.bx);
		CHECK_EQ("EDX in user mode", trap.regs.dx, user.dx);
		CHECK_EQ("ECX in user mode", trap.regs.cx, user.cx);
		CHECK_EQ("EAX in user mode", trap.regs.ax, user.ax);
		CHECK_EQ("CS in user mode", trap.regs.cs & 0xffff, SEL_USER_CODE);
		CHECK_EQ("SS in user mode", trap.regs.ss & 0xffff, SEL_USER_DATA);
		CHECK_EQ("ESP in user mode", trap.regs.sp, user.sp);
		CHECK_EQ("EFLAGS in user mode", trap.regs.flags, user.flags);
	}
}
