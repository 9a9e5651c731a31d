// SPDX-License-Identifier: GPL-2.0-only
/* Single instructions of group cpu that have little to show: they execute, and do no more. */
#include "cpu.h"
#include "irq.h"
#include "load.h"
#include "memory.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

static uint32_t buffer[64];

static void wbinvd(void *unused)
{
	(void)unused;
	pv_cpu_ops.wbinvd();
}

TEST(caches, "misc.wbinvd", VMI_CALL_WBINVD)
{
	struct trap_info trap;

	for (unsigned i = 0; i < 64; i++)
		buffer[i] = i * 0x01010101u;
	CHECK(!trap_guard(wbinvd, NULL, &trap), "wbinvd trapped");
	for (unsigned i = 0; i < 64; i++)
		CHECK_EQ("memory after wbinvd", buffer[i], i * 0x01010101u);
}

static void io_delay(void *unused)
{
	(void)unused;
	pv_cpu_ops.io_delay();
}

TEST(delay, "misc.io-delay", VMI_CALL_IODelay)
{
	struct trap_info trap;
	uint32_t flags = raw_eflags();

	CHECK(!trap_guard(io_delay, NULL, &trap), "io_delay trapped");
	CHECK_EQ("IF after io_delay", raw_eflags() & EFLAGS_IF, flags & EFLAGS_IF);
}

/* With IOPL 3, user mode may use ports; EFLAGS for user mode are those of the kernel. */
static uint32_t vector_of_user_in(void)
{
	struct user_context user;
	struct trap_info trap;

	user_context_init(&user, user_in);
	user.flags = EFLAGS_FIXED | (raw_eflags() & EFLAGS_IOPL);
	user_run(&user, &trap);
	return trap.regs.vector;
}

TEST(iopl, "misc.iopl", VMI_CALL_SetIOPLMask)
{
	uint32_t old = raw_eflags();

	for (uint32_t level = 0; level < 4; level++) {
		pv_cpu_ops.set_iopl_mask(level << 12);
		CHECK_EQ("EFLAGS after set_iopl_mask", raw_eflags() & ~EFLAGS_ARITHMETIC,
			 ((old & ~EFLAGS_IOPL) | level << 12) & ~EFLAGS_ARITHMETIC);
		CHECK_EQ("vector of IN in user mode", vector_of_user_in(),
			 level == 3 ? VECTOR_USER : TRAP_GP);
	}
	pv_cpu_ops.set_iopl_mask(0);
	CHECK_EQ("IOPL after set_iopl_mask 0", raw_eflags() & EFLAGS_IOPL, 0);
}

#define MSR_SYSENTER_ESP 0x175

TEST(msr, "misc.msr", VMI_CALL_WRMSR, VMI_CALL_RDMSR)
{
	int error = 0;

	if (!cpu_has(CPU_MSR) || !cpu_has(CPU_SEP))
		SKIP("this processor has no SYSENTER_ESP register");
	vmi_ops.wrmsr(0x12345678, MSR_SYSENTER_ESP);
	CHECK_EQ("the register after wrmsr", pv_cpu_ops.read_msr(MSR_SYSENTER_ESP, &error), 0x12345678);
	CHECK_EQ("error of read_msr", error, 0);
	CHECK_EQ("write_msr", pv_cpu_ops.write_msr(MSR_SYSENTER_ESP, 0x9abcdef0, 0), 0);
	CHECK_EQ("rdmsr", vmi_ops.rdmsr(MSR_SYSENTER_ESP), 0x9abcdef0);
	vmi_ops.wrmsr(0, MSR_SYSENTER_ESP);
	CHECK_EQ("the register after wrmsr 0", pv_cpu_ops.read_msr(MSR_SYSENTER_ESP, &error), 0);
}

#define HALT_SOON 2000u  /* PIT ticks: 1.7 ms */
#define HALT_LATE 65536u /* the PIT's range: 55 ms */
#define HALT_ATTEMPTS 5  /* a host that stalls just before the halt looks like a lost wake-up */

static volatile unsigned ticks;

/* A halt that missed its tick is woken by the next. */
static void count_tick(void)
{
	ticks++;
	pit_one_shot(HALT_LATE);
}

static unsigned ticks_of_halt(void)
{
	ticks = 0;
	irq_set_handler(IRQ_PIT, count_tick);
	pv_irq_disable();
	pit_one_shot(HALT_SOON);
	irq_unmask(IRQ_PIT);
	asm volatile("sti; call *%0" : : "m"(pv_irq_ops.halt) : "eax", "ecx", "edx", "memory", "cc");
	raw_cli();
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
	return ticks;
}

/* The one halt that no call serves: it needs interrupts on before it. */
TEST(halt, "misc.halt")
{
	unsigned seen = 0;

	for (int i = 0; i < HALT_ATTEMPTS && seen != 1; i++)
		seen = ticks_of_halt();
	CHECK_EQ("interrupts until halt came back", seen, 1);
}
