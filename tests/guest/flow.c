// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two returns. IRET loads EIP, CS and EFLAGS, and for user mode ESP and SS, and
 * keeps every other register; SYSEXIT goes to user mode at EDX with the stack in ECX and
 * interrupts on. Both are used as jump targets, or through a stub if the ROM wants a call.
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
		p.eflags = flags[i];
		iret_ring0(&p);
		for (int r = 0; r < 8; r++)
			CHECK_EQ("a register after IRET", p.out[r], r == ESP ? p.esp : p.in[r]);
		CHECK_EQ("EFLAGS after IRET", p.eflags, flags[i]);
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

#define MSR_SYSENTER_CS 0x174
#define MSR_SYSENTER_ESP 0x175
#define MSR_SYSENTER_EIP 0x176

static uint8_t sysenter_stack[4096] __attribute__((aligned(16)));

static void set_sysenter(uint32_t cs, uint32_t esp, uint32_t eip)
{
	int error = pv_cpu_ops.write_msr(MSR_SYSENTER_CS, cs, 0);

	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_ESP, esp, 0);
	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_EIP, eip, 0);
	if (error)
		test_error("the SYSENTER registers cannot be written");
}

TEST(sysexit, "flow.sysexit", VMI_CALL_SYSEXIT)
{
	struct user_context user;
	struct trap_info trap;
	uint32_t count = sysenter_record.count;

	if (!cpu_has(CPU_SEP))
		SKIP("this processor has no SYSENTER");
	set_sysenter(SEL_KERNEL_CODE, (uint32_t)sysenter_stack + sizeof(sysenter_stack),
		     (uint32_t)sysenter_entry);
	user_context_init(&user, user_sysenter);
	user.si = 0x5151, user.di = 0xd1d1, user.bp = 0xebeb, user.bx = 0xb0b0, user.ax = 0xa0a0;
	*(uint32_t *)(user.sp - 4) = 0; /* where the program leaves EFLAGS */
	user_run(&user, &trap);
	set_sysenter(0, 0, 0);
	CHECK_EQ("entries by SYSENTER", sysenter_record.count - count, 1);
	CHECK_EQ("IF at the entry", sysenter_record.eflags & EFLAGS_IF, 0);
	CHECK(sysenter_record.frame - (uintptr_t)sysenter_stack < sizeof(sysenter_stack),
	      "SYSENTER came in on another stack");
	CHECK_EQ("vector of the way back", trap.regs.vector, VECTOR_USER);
	CHECK_EQ("CS after SYSEXIT", trap.regs.cs & 0xffff, SEL_USER_CODE);
	CHECK_EQ("SS after SYSEXIT", trap.regs.ss & 0xffff, SEL_USER_DATA);
	CHECK_EQ("ESP after SYSEXIT", trap.regs.sp, user.sp - 4);
	CHECK_EQ("IF after SYSEXIT", *(uint32_t *)(user.sp - 4) & EFLAGS_IF, EFLAGS_IF);
	CHECK_EQ("EAX after SYSEXIT", trap.regs.ax, user.ax);
	CHECK_EQ("EBX after SYSEXIT", trap.regs.bx, user.bx);
	CHECK_EQ("EDX after SYSEXIT, the EIP", trap.regs.dx, sysenter_record.eip);
	CHECK_EQ("ECX after SYSEXIT, the ESP", trap.regs.cx, user.sp);
	CHECK_EQ("ESI after SYSEXIT", trap.regs.si, user.si);
	CHECK_EQ("EDI after SYSEXIT", trap.regs.di, user.di);
	CHECK_EQ("EBP after SYSEXIT", trap.regs.bp, user.bp);
}
