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
		user.edi = 0xd1 + i, user.esi = 0x51 + i, user.ebp = 0xeb + i, user.ebx = 0xb0 + i;
		user.edx = 0xd0 + i, user.ecx = 0xc0 + i, user.eax = 0xa0 + i;
		user.eflags = EFLAGS_FIXED | (i ? EFLAGS_IF | EFLAGS_ARITHMETIC : 0);
		user.esp -= 64 * i;
		user_run(&user, &trap);
		CHECK_EQ("vector of the way back", trap.regs.vector, VECTOR_USER);
		CHECK_EQ("EDI in user mode", trap.regs.edi, user.edi);
		CHECK_EQ("ESI in user mode", trap.regs.esi, user.esi);
		CHECK_EQ("EBP in user mode", trap.regs.ebp, user.ebp);
		CHECK_EQ("EBX in user mode", trap.regs.ebx, user.ebx);
		CHECK_EQ("EDX in user mode", trap.regs.edx, user.edx);
		CHECK_EQ("ECX in user mode", trap.regs.ecx, user.ecx);
		CHECK_EQ("EAX in user mode", trap.regs.eax, user.eax);
		CHECK_EQ("CS in user mode", trap.regs.cs & 0xffff, SEL_USER_CODE);
		CHECK_EQ("SS in user mode", trap.regs.ss & 0xffff, SEL_USER_DATA);
		CHECK_EQ("ESP in user mode", trap.regs.esp, user.esp);
		CHECK_EQ("EFLAGS in user mode", trap.regs.eflags, user.eflags);
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
	user.esi = 0x5151, user.edi = 0xd1d1, user.ebp = 0xebeb, user.ebx = 0xb0b0, user.eax = 0xa0a0;
	*(uint32_t *)(user.esp - 4) = 0; /* where the program leaves EFLAGS */
	user_run(&user, &trap);
	set_sysenter(0, 0, 0);
	CHECK_EQ("entries by SYSENTER", sysenter_record.count - count, 1);
	CHECK_EQ("IF at the entry", sysenter_record.eflags & EFLAGS_IF, 0);
	CHECK(sysenter_record.frame - (uintptr_t)sysenter_stack < sizeof(sysenter_stack),
	      "SYSENTER came in on another stack");
	CHECK_EQ("vector of the way back", trap.regs.vector, VECTOR_USER);
	CHECK_EQ("CS after SYSEXIT", trap.regs.cs & 0xffff, SEL_USER_CODE);
	CHECK_EQ("SS after SYSEXIT", trap.regs.ss & 0xffff, SEL_USER_DATA);
	CHECK_EQ("ESP after SYSEXIT", trap.regs.esp, user.esp - 4);
	CHECK_EQ("IF after SYSEXIT", *(uint32_t *)(user.esp - 4) & EFLAGS_IF, EFLAGS_IF);
	CHECK_EQ("EAX after SYSEXIT", trap.regs.eax, user.eax);
	CHECK_EQ("EBX after SYSEXIT", trap.regs.ebx, user.ebx);
	CHECK_EQ("EDX after SYSEXIT, the EIP", trap.regs.edx, sysenter_record.eip);
	CHECK_EQ("ECX after SYSEXIT, the ESP", trap.regs.ecx, user.esp);
	CHECK_EQ("ESI after SYSEXIT", trap.regs.esi, user.esi);
	CHECK_EQ("EDI after SYSEXIT", trap.regs.edi, user.edi);
	CHECK_EQ("EBP after SYSEXIT", trap.regs.ebp, user.ebp);
}
