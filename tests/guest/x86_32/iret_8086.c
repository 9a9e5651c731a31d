// SPDX-License-Identifier: GPL-2.0-only
/*
 * Returns to virtual-8086 mode, where no selector means anything: from the kernel, and asked
 * for by a process. With NT set the ROM returns all the same; natively IRET would switch tasks.
 * An EIP beyond 64 KiB faults in ring 0 natively, but not under TCG, which cuts it off itself:
 * that the ROM cuts it off is seen in the frame.
 */
#include "binding.h"
#include "cpu.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "sigreturn.h"
#include "test.h"

#define REAL_MODE_AT 0x6000u /* conventional memory that nothing of the guest uses */

typedef void run_fn(const struct return_frame *frame, uint32_t kernel_flags,
		    struct sigreturn_result *result);

static bool rom_returns(void)
{
	return load_result()->bindings[SLOT_iret].kind == VMI_BIND_ROM;
}

static void check_state(const struct regs *r, const struct return_frame *f)
{
	CHECK_EQ("EFLAGS.VM", r->flags & EFLAGS_VM, EFLAGS_VM);
	CHECK_EQ("CS in virtual-8086 mode", r->cs & 0xffff, f->cs);
	CHECK_EQ("SS in virtual-8086 mode", r->ss & 0xffff, f->ss);
	CHECK_EQ("SP in virtual-8086 mode", r->sp & 0xffff, f->esp);
	CHECK_EQ("IP in virtual-8086 mode", r->ip, USER_8086_SIZE);
	CHECK_EQ("DS in virtual-8086 mode", r->ax, f->ds);
	CHECK_EQ("ES in virtual-8086 mode", r->bx, f->es);
	CHECK_EQ("FS in virtual-8086 mode", r->cx, f->fs);
	CHECK_EQ("GS in virtual-8086 mode", r->dx, f->gs);
	CHECK_EQ("EDI in virtual-8086 mode", r->di, f->edi);
	CHECK_EQ("ESI in virtual-8086 mode", r->si, f->esi);
	CHECK_EQ("EBP in virtual-8086 mode", r->bp, f->ebp);
}

static void check_8086(run_fn *run, uint32_t cs, uint32_t eip, uint32_t kernel_flags)
{
	uint8_t saved[USER_8086_SIZE], *program = linear(cs << 4);
	struct return_frame f = {
		.edi = 0xd1, .esi = 0x51, .ebp = 0xeb, .eip = eip, .cs = cs, .esp = 0x100,
		.ss = 0x700, .es = 0x1111, .ds = 0x2223, .fs = 0x3331, .gs = 0x4442,
		.eflags = EFLAGS_FIXED | EFLAGS_VM | EFLAGS_IOPL,
	};
	struct sigreturn_result r;

	memcpy(saved, program, USER_8086_SIZE);
	memcpy(program, user_8086, USER_8086_SIZE);
	paging_map_low(REAL_MODE_AT, true);
	run(&f, kernel_flags, &r);
	paging_map_low(REAL_MODE_AT, false);
	memcpy(program, saved, USER_8086_SIZE);
	if (kernel_flags && !rom_returns()) {
		CHECK(r.end == SIGRETURN_SIGNAL, "no fault at the native IRET with NT set");
		CHECK_EQ("vector of the fault at the native IRET", r.fault, TRAP_TS);
		test_note("fault %u in ring 0 at the guest's own IRET, fixed up", r.fault);
		return;
	}
	if (!CHECK(r.end == SIGRETURN_USER && r.info.regs.vector == VECTOR_USER,
		   "found vector %u at %04x:%08x, expected %u in virtual-8086 mode",
		   r.info.regs.vector, r.info.regs.cs & 0xffff, r.info.regs.ip, VECTOR_USER))
		return;
	check_state(&r.info.regs, &f);
	if (rom_returns())
		CHECK_EQ("EIP of the frame", returned_eip(), eip & 0xffff);
	else if (eip > 0xffff)
		test_note("the emulated processor cuts EIP off itself");
}

/* CS is a paragraph: its low bits are no privilege level. */
static void check_each_cs(run_fn *run, uint32_t eip, uint32_t kernel_flags)
{
	for (uint32_t low = 0; low < 4; low++)
		check_8086(run, (REAL_MODE_AT >> 4) + low, eip, kernel_flags);
}

TEST(virtual_8086, "iret.virtual-8086", VMI_CALL_IRET)
{
	check_each_cs(return_run, 0, 0);
}

TEST(virtual_8086_nt, "iret.virtual-8086-nt", VMI_CALL_IRET)
{
	check_each_cs(return_run, 0, EFLAGS_NT);
}

TEST(virtual_8086_high, "iret.virtual-8086-high-eip", VMI_CALL_IRET)
{
	check_each_cs(return_run, 0x10000, 0);
	check_each_cs(return_run, 0xffff0000, 0);
}

TEST(vm86, "iret.vm86", VMI_CALL_IRET)
{
	check_each_cs(vm86_run, 0, 0);
}

/* NT reaches the kernel by SYSENTER only; here the kernel sets it for the process. */
TEST(vm86_nt, "iret.vm86-nt", VMI_CALL_IRET)
{
	check_each_cs(vm86_run, 0, EFLAGS_NT);
}

TEST(vm86_high, "iret.vm86-high-eip", VMI_CALL_IRET)
{
	check_each_cs(vm86_run, 0x10000, 0);
	check_each_cs(vm86_run, 0xffff0000, 0);
}
