// SPDX-License-Identifier: GPL-2.0-only
/*
 * SYSCALL and SYSRET: to 64-bit code with every other register kept, to 32-bit code with its
 * selectors. IRET leads to 32-bit code, too. Kernel GS is in place in the entry, and user mode's
 * behind it.
 */
#include "cpu.h"
#include "frames.h"
#include "image_place.h"
#include "paging.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"
#include "user_modes.h"

#define MSR_STAR 0xc0000081u
#define MSR_LSTAR 0xc0000082u
#define MSR_FMASK 0xc0000084u
#define MSR_GS_BASE 0xc0000101u
#define NARROW 0x00800000u /* where 32-bit code can be */

static void set_syscall(bool narrow)
{
	raw_write_msr(MSR_STAR, (uint64_t)(SEL_USER_CODE32 << 16 | SEL_KERNEL_CODE) << 32);
	raw_write_msr(MSR_LSTAR, (uintptr_t)syscall_entry);
	raw_write_msr(MSR_FMASK, EFLAGS_IF | EFLAGS_DF | EFLAGS_TF | EFLAGS_AC | EFLAGS_NT);
	syscall_narrow = narrow;
	syscall_record = (struct syscall_record){ 0 };
}

/* The page of user text once more, where 32 bits reach it. */
static uint64_t *map_narrow(bool there)
{
	uint32_t page = image_physical((uintptr_t)user_narrow) & ~(PAGE_SIZE - 1);
	uint64_t *pte = pte_make(&kernel_mm, NARROW);

	if (pte)
		pv_mmu_ops.set_pte_at(&kernel_mm, NARROW, pte, there ? page | PTE_PRESENT | PTE_USER : 0);
	pv_mmu_ops.flush_tlb_single(NARROW);
	return pte;
}

static uint32_t narrow_address(void (*program)(void))
{
	return NARROW + (uint32_t)((uintptr_t)program % PAGE_SIZE);
}

/* User text at a low address: SYSRET64 drops the upper bits of any other. */
TEST(wide, "flow.sysret64", VMI_CALL_SYSRET64)
{
	struct user_context user;
	struct trap_info trap;
	uint64_t gs = raw_read_msr(MSR_GS_BASE);

	if (!map_narrow(true)) {
		test_error("no frame is left for page tables");
		return;
	}
	set_syscall(false);
	user_context_init(&user, user_syscall);
	user.ip = narrow_address(user_syscall);
	user.flags = EFLAGS_FIXED | EFLAGS_ARITHMETIC | EFLAGS_AC;
	user.bx = 0xb0b0b0b0b0b0b0b0u, user.di = 0xd1, user.si = 0x51, user.dx = 0xd0;
	user.bp = 0xeb, user.r8 = 8, user.r10 = 10, user.r12 = 12, user.r15 = 15;
	user_run(&user, &trap);
	CHECK_EQ("vector of the way back", trap.regs.vector, VECTOR_USER);
	CHECK_EQ("system calls", syscall_record.count, 1);
	CHECK_EQ("RCX at the entry", syscall_record.rcx, user.ip + 2);
	CHECK_EQ("R11 at the entry", syscall_record.r11, user.flags);
	CHECK_EQ("RSP at the entry", syscall_record.rsp, user.sp);
	CHECK_EQ("RFLAGS after SYSRET", trap.regs.ax, user.flags);
	CHECK_EQ("CS after SYSRET", trap.regs.cs, SEL_USER_CODE);
	CHECK_EQ("SS after SYSRET", trap.regs.ss, SEL_USER_DATA);
	CHECK_EQ("RSP after SYSRET", trap.regs.sp, user.sp);
	CHECK_EQ("RBX", trap.regs.bx, user.bx);
	CHECK_EQ("RDI", trap.regs.di, user.di);
	CHECK_EQ("RSI", trap.regs.si, user.si);
	CHECK_EQ("RDX", trap.regs.dx, user.dx);
	CHECK_EQ("RBP", trap.regs.bp, user.bp);
	CHECK_EQ("R8", trap.regs.r8, user.r8);
	CHECK_EQ("R10", trap.regs.r10, user.r10);
	CHECK_EQ("R12", trap.regs.r12, user.r12);
	CHECK_EQ("R15", trap.regs.r15, user.r15);
	CHECK_EQ("GS base behind the way back", raw_read_msr(MSR_GS_BASE), gs);
	map_narrow(false);
}

static void check_narrow(const struct trap_info *trap)
{
	CHECK_EQ("vector of the way back", trap->regs.vector, VECTOR_USER);
	CHECK_EQ("what 32-bit code computed", trap->regs.ax, 0x7fffffffu);
	CHECK_EQ("CS of 32-bit code", trap->regs.cs, SEL_USER_CODE32);
	CHECK_EQ("SS of 32-bit code", trap->regs.ss, SEL_USER_DATA);
}

TEST(iret_narrow, "flow.iret-32", VMI_CALL_IRET)
{
	struct user_context user;
	struct trap_info trap;

	if (!map_narrow(true)) {
		test_error("no frame is left for page tables");
		return;
	}
	user_context_init(&user, user_return);
	user.ip = narrow_address(user_narrow);
	user.cs = SEL_USER_CODE32;
	user.sp = NARROW;
	user_run(&user, &trap);
	check_narrow(&trap);
	CHECK_EQ("ESP of 32-bit code", trap.regs.sp, NARROW);
	map_narrow(false);
}

TEST(sysret_narrow, "flow.sysret32", VMI_CALL_SYSRET32)
{
	struct user_context user;
	struct trap_info trap;

	if (!map_narrow(true)) {
		test_error("no frame is left for page tables");
		return;
	}
	set_syscall(true);
	user_context_init(&user, user_return);
	user.ip = narrow_address(user_syscall); /* 64-bit code here, but SYSRET returns to 32-bit */
	user.sp = NARROW;
	user_run(&user, &trap);
	CHECK_EQ("system calls", syscall_record.count, 1);
	CHECK_EQ("CS after SYSRET to 32-bit code", trap.regs.cs, SEL_USER_CODE32);
	CHECK_EQ("SS after SYSRET to 32-bit code", trap.regs.ss, SEL_USER_DATA);
	map_narrow(false);
}
