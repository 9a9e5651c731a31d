// SPDX-License-Identifier: GPL-2.0-only
/*
 * SYSEXIT goes to user mode at EDX with the stack in ECX and interrupts on. It is used as a jump
 * target, or through a stub if the ROM wants a call.
 */
#include "cpu.h"
#include "pv_ops.h"
#include "probe.h"
#include "test.h"
#include "trap.h"
#include "user.h"

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
