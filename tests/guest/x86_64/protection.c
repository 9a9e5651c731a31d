// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user mode may run or write, the kernel may not: SMEP and SMAP are on where the processor
 * has them, and refuse it; and the stacks of NMI, #DF and #MC are their own.
 */
#include "cpu.h"
#include "frames.h"
#include "paging.h"
#include "percpu.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u
#define PRESENT 1u /* error code of a page fault */
#define FETCH 16u

static void read_user(void *address)
{
	(void)*(volatile uint8_t *)address;
}

static void call_user(void *address)
{
	((void (*)(void))address)();
}

TEST(smap, "protection.smap")
{
	struct trap_info trap = { 0 };

	if (!cpu_has_smap())
		SKIP("this processor has no SMAP");
	CHECK(raw_read_cr4() & CR4_SMAP, "CR4.SMAP is off");
	if (CHECK(trap_guard(read_user, (void *)(user_stack_top() - 8), &trap),
		  "the kernel can read a page of user mode")) {
		CHECK_EQ("vector", trap.regs.vector, TRAP_PF);
		CHECK_EQ("error", trap.regs.error, PRESENT);
	}
}

TEST(smep, "protection.smep")
{
	struct trap_info trap = { 0 };

	if (!cpu_has_smep())
		SKIP("this processor has no SMEP");
	CHECK(raw_read_cr4() & CR4_SMEP, "CR4.SMEP is off");
	if (CHECK(trap_guard(call_user, (void *)user_return, &trap),
		  "the kernel can run a page of user mode")) {
		CHECK_EQ("vector", trap.regs.vector, TRAP_PF);
		CHECK_EQ("error", trap.regs.error, PRESENT | FETCH);
	}
}

static struct trap_info seen;
static uint64_t seen_gs;

static void note(struct regs *regs)
{
	seen.regs = *regs;
	seen.frame = (uintptr_t)regs;
	seen_gs = raw_read_msr(MSR_GS_BASE);
}

/* With user mode's base in GS, as between SWAPGS and IRET, the handler still has the kernel's. */
static void raise(unsigned ist, unsigned vector, void (*interrupt)(void))
{
	uintptr_t top = this_cpu()->tss->ist[ist - 1];
	uint64_t gs = raw_read_msr(MSR_GS_BASE);

	seen = (struct trap_info){ 0 };
	trap_set_handler(vector, note);
	raw_write_msr(MSR_KERNEL_GS_BASE, 0x12345000);
	asm volatile("swapgs" : : : "memory");
	interrupt();
	CHECK_EQ("GS base behind the handler", raw_read_msr(MSR_GS_BASE), 0x12345000);
	asm volatile("swapgs" : : : "memory");
	raw_write_msr(MSR_KERNEL_GS_BASE, 0);
	CHECK_EQ("vector", seen.regs.vector, vector);
	CHECK_EQ("GS base in the handler", seen_gs, gs);
	CHECK_EQ("the end of the frame", seen.frame + sizeof(struct regs), top);
}

static void int_2(void)
{
	asm volatile("int $2" : : : "memory");
}

static void int_18(void)
{
	asm volatile("int $18" : : : "memory");
}

TEST(ist, "protection.ist")
{
	raise(IST_NMI, 2, int_2);
	raise(IST_MC, 18, int_18);
	trap_set_handler(18, NULL);
	trap_arch_init();
}

static void double_fault(void *unused)
{
	(void)unused;
	cpu_double_fault();
}

TEST(df, "protection.double-fault")
{
	struct trap_info trap = { 0 };
	table_pointer idt_before;

	raw_store_idt(&idt_before);
	CHECK(trap_guard(double_fault, NULL, &trap), "no double fault");
	raw_load_idt(&idt_before);
	CHECK_EQ("vector", trap.regs.vector, 8);
}

TEST(levels, "protection.levels")
{
	CHECK_EQ("CR4.LA57", !!(raw_read_cr4() & CR4_LA57), cpu_has_la57());
	CHECK_EQ("levels of tables", paging.levels, cpu_has_la57() ? 5 : 4);
	test_note("%u levels", paging.levels);
}
