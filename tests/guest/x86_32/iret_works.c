// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that are unusual and in order: IRET must take each, and user mode must find
 * itself where the frame says. With NT set in the kernel's own EFLAGS the ROM returns all
 * the same; the native IRET would switch tasks and faults, which the exception table
 * turns into a signal.
 */
#include "binding.h"
#include "cpu.h"
#include "load.h"
#include "memory.h"
#include "pv_ops.h"
#include "sigreturn.h"
#include "test.h"
#include "user.h"

#define SEG_16BIT 0x400000u /* the bit that is clear then */
#define SEG_PAGES 0x800000u
#define SEG_CONFORMING 0x400u
#define SEG_EXPAND_DOWN 0x400u
#define LDT_CODE (1 << 3 | 7)
#define LDT_DATA (2 << 3 | 7)
#define BASE 0x1000u /* so that an address shows which segment it was used with */

static uint8_t stack[4096] __attribute__((aligned(4096), section(".user_data")));

static bool came_back(const struct sigreturn_result *r)
{
	return CHECK(r->end == SIGRETURN_USER && r->info.regs.vector == VECTOR_USER,
		     "found vector %u at %04x:%08x, expected %u in user mode",
		     r->info.regs.vector, r->info.regs.cs & 0xffff, r->info.regs.ip, VECTOR_USER);
}

/* A frame of that code and stack segment; the program pushes EAX on the stack at `esp`. */
static void check_push(uint16_t cs, uint32_t eip, uint16_t ss, uint32_t esp, uint32_t stack_base)
{
	struct user_context c;
	struct sigreturn_result r;
	uint32_t *pushed = (uint32_t *)(stack_base + (esp & 0xffff) - 4);

	if (!stack_base)
		pushed = (uint32_t *)(esp - 4);
	user_context_init(&c, user_push);
	c.ip = eip, c.cs = cs, c.ss = ss, c.sp = esp, c.ax = 0xa5a5a5a5;
	*pushed = 0;
	sigreturn_run(&c, NULL, &r);
	if (!came_back(&r))
		return;
	CHECK_EQ("CS in user mode", r.info.regs.cs & 0xffff, cs);
	CHECK_EQ("SS in user mode", r.info.regs.ss & 0xffff, ss);
	CHECK_EQ("EIP in user mode", r.info.regs.ip, eip + 3);
	CHECK_EQ("what was pushed", *pushed, c.ax);
}

TEST(ldt_frame, "iret.ldt-code-and-data", VMI_CALL_IRET)
{
	uint32_t top = (uint32_t)stack + sizeof(stack);

	ldt[1] = segment_descriptor(BASE, 0xfffff, SEG_CODE(3));
	ldt[2] = segment_descriptor(BASE, 0xfffff, SEG_DATA(3));
	pv_cpu_ops.set_ldt(ldt, LDT_ENTRIES);
	check_push(LDT_CODE, (uint32_t)user_push - BASE, SEL_USER_DATA, top, 0);
	ldt[2] = segment_descriptor((uint32_t)stack, 0xfffff, SEG_DATA(3));
	check_push(SEL_USER_CODE, (uint32_t)user_push, LDT_DATA, 256, (uint32_t)stack);
	check_push(LDT_CODE, (uint32_t)user_push - BASE, LDT_DATA, 512, (uint32_t)stack);
	memset(ldt, 0, LDT_ENTRIES * sizeof(*ldt));
	pv_cpu_ops.set_ldt(NULL, 0);
}

TEST(stack16, "iret.16bit-stack", VMI_CALL_IRET)
{
	gdt[SEL_TEST / 8] = segment_descriptor((uint32_t)stack, 0xfff,
					       SEG_DATA(3) & ~(SEG_16BIT | SEG_PAGES));
	/* A 16-bit stack uses SP alone, whatever stands above it in ESP. */
	check_push(SEL_USER_CODE, (uint32_t)user_push, SEL_TEST | 3, 0x55550100, (uint32_t)stack);
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
}

TEST(stack_down, "iret.expand-down-stack", VMI_CALL_IRET)
{
	gdt[SEL_TEST / 8] = segment_descriptor(0, 0, SEG_DATA(3) | SEG_EXPAND_DOWN);
	check_push(SEL_USER_CODE, (uint32_t)user_push, SEL_TEST | 3,
		   (uint32_t)stack + sizeof(stack), 0);
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
}

TEST(code16, "iret.16bit-code", VMI_CALL_IRET)
{
	struct user_context c;
	struct sigreturn_result r;

	gdt[SEL_TEST / 8] = segment_descriptor((uint32_t)user_16bit, 0xffff,
					       SEG_CODE(3) & ~(SEG_16BIT | SEG_PAGES));
	user_context_init(&c, user_return);
	c.ip = 0, c.cs = SEL_TEST | 3, c.ax = 0xa5a5a5a5;
	sigreturn_run(&c, NULL, &r);
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
	if (!came_back(&r))
		return;
	CHECK_EQ("EAX after 16-bit code", r.info.regs.ax, 0xa5a51234);
	CHECK_EQ("EIP after 16-bit code", r.info.regs.ip, 5);
}

TEST(conforming, "iret.conforming-code", VMI_CALL_IRET)
{
	for (uint32_t ring = 0; ring < 4; ring++) {
		gdt[SEL_TEST / 8] = segment_descriptor(0, 0xfffff, SEG_CODE(ring) | SEG_CONFORMING);
		check_push(SEL_TEST | 3, (uint32_t)user_push, SEL_USER_DATA,
			   (uint32_t)stack + sizeof(stack), 0);
	}
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
}

extern const char user_hlt[]; /* #GP in user mode */
asm(".pushsection .text\nuser_hlt: hlt\n.popsection");

/* EIP at the limit of CS is still inside: an instruction of one byte can stand there. */
TEST(at_limit, "iret.eip-at-limit", VMI_CALL_IRET)
{
	struct user_context c;
	struct sigreturn_result r;

	gdt[SEL_TEST / 8] = segment_descriptor((uint32_t)user_hlt - 0x80, 0x80,
					       SEG_CODE(3) & ~SEG_PAGES);
	user_context_init(&c, user_return);
	c.ip = 0x80, c.cs = SEL_TEST | 3;
	sigreturn_run(&c, NULL, &r);
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
	CHECK(r.end == SIGRETURN_USER, "a fault in ring 0");
	CHECK_EQ("vector of HLT in user mode", r.info.regs.vector, TRAP_GP);
	CHECK_EQ("CS of HLT in user mode", r.info.regs.cs & 0xffff, c.cs);
	CHECK_EQ("EIP of HLT in user mode", r.info.regs.ip, c.ip);
}

/* Rings 1 and 2 are outer rings too. */
TEST(inner, "iret.ring1-and-2", VMI_CALL_IRET)
{
	struct descriptor old = gdt[SEL_TLS / 8];

	for (uint16_t ring = 1; ring < 3; ring++) {
		struct return_frame f = { .eflags = EFLAGS_FIXED, .eip = (uint32_t)user_push };
		struct sigreturn_result r;

		gdt[SEL_TEST / 8] = segment_descriptor(0, 0xfffff, SEG_CODE(ring));
		gdt[SEL_TLS / 8] = segment_descriptor(0, 0xfffff, SEG_DATA(ring));
		f.cs = SEL_TEST | ring, f.ss = SEL_TLS | ring;
		f.esp = (uint32_t)stack + sizeof(stack);
		return_run(&f, 0, &r);
		if (came_back(&r))
			CHECK_EQ("CS in an inner ring", r.info.regs.cs & 0xffff, f.cs);
	}
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
	gdt[SEL_TLS / 8] = old;
}

static void check_nt(const struct sigreturn_result *r)
{
	if (load_result()->bindings[SLOT_iret].kind == VMI_BIND_ROM) {
		came_back(r);
		return;
	}
	CHECK(r->end == SIGRETURN_SIGNAL, "no fault at the native IRET with NT set");
	CHECK_EQ("vector of the fault at the native IRET", r->fault, TRAP_TS);
	test_note("fault %u in ring 0 at the guest's own IRET, fixed up", r->fault);
}

TEST(nt_kernel, "iret.nt-in-the-kernel", VMI_CALL_IRET)
{
	struct return_frame f = {
		.eip = (uint32_t)user_push, .cs = SEL_USER_CODE, .ss = SEL_USER_DATA,
		.eflags = EFLAGS_FIXED, .esp = (uint32_t)stack + sizeof(stack),
	};
	struct sigreturn_result r;

	return_run(&f, EFLAGS_NT, &r);
	check_nt(&r);
	CHECK_EQ("EFLAGS of the process", r.info.regs.flags, f.eflags);
}

/* User mode sets NT by POPF, and SYSENTER brings it into the kernel. */
TEST(nt_sysenter, "iret.nt-by-sysenter", VMI_CALL_IRET)
{
	struct sigreturn_result r;
	uint32_t eflags;

	if (!cpu_has(CPU_SEP))
		SKIP("this processor has no SYSENTER");
	eflags = sysenter_iret_run(user_nt, &r);
	if (!(eflags & EFLAGS_NT)) {
		test_error("NT did not reach the kernel: EFLAGS 0x%08x", eflags);
		return;
	}
	check_nt(&r);
}
