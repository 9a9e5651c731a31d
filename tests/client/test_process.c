// SPDX-License-Identifier: GPL-2.0-only
/* Processes alone and together: system calls, faults, forks, ticks, protection. */
#include "check.h"
#include "irq.h"
#include "proc.h"
#include "raw.h"
#include "rom.h"

#define VECTOR_GP 13
#define VECTOR_PF 14
#define PF_PROTECTION 1u /* the page is there */
#define PF_USER 4u

static struct descriptor poison_ldt[2] __attribute__((aligned(8)));

static void verdict(const char *name, struct proc *p)
{
	if (!p) {
		check(name, false, "no memory for a process");
		return;
	}
	check(name, proc_passed(p), "state %u end %u value 0x%x error 0x%x at 0x%x:0x%08x",
	      p->state, p->end, p->end_value, p->end_error, p->end_cs, p->end_eip);
	proc_free(p);
}

static void alone(const char *name, const void *program)
{
	struct proc *p = proc_create(program);

	proc_run_all();
	verdict(name, p);
}

/* Three at once, each with its own number in the same place. */
static uint32_t together(const char *const names[3], const void *program)
{
	struct proc *p[3];
	uint32_t preempted = 0;

	for (uint32_t i = 0; i < 3; i++) {
		p[i] = proc_create(program);
		if (p[i])
			p[i]->regs.ebx = 0x100 + i;
	}
	proc_run_all();
	for (uint32_t i = 0; i < 3; i++) {
		preempted += p[i] ? p[i]->preempted : 0;
		verdict(names[i], p[i]);
	}
	return preempted;
}

/* Data segments of the process lead to unmapped memory: the way in and out must not use them. */
static void test_poison(void)
{
	struct proc *p = proc_create(user_poison);
	struct descriptor nowhere = segment(0x40000000, 0xfffff, SEG_DATA(3));

	pv_cpu_ops.write_ldt_entry(poison_ldt, USER_POISON_SELECTOR / 8, &nowhere);
	if (p) {
		p->ldt = poison_ldt;
		p->ldt_entries = 2;
	}
	proc_run_all();
	verdict("process.poison_segments", p);
}

/* The process must end by this trap, in user mode. */
static void forbidden(const char *name, const void *program, uint32_t ebx, uint32_t vector,
		      uint32_t error)
{
	struct proc *p = proc_create(program);

	if (!p) {
		check(name, false, "no memory for a process");
		return;
	}
	p->regs.ebx = ebx;
	proc_run_all();
	check(name,
	      p->state == PROC_DONE && p->end == END_SIGNAL && p->end_value == vector &&
		      (p->end_error & error) == error && (p->end_cs & 3) == 3,
	      "state %u end %u value 0x%x error 0x%x at 0x%x:0x%08x", p->state, p->end,
	      p->end_value, p->end_error, p->end_cs, p->end_eip);
	proc_free(p);
}

static void test_protection(void)
{
	const uint32_t present = PF_PROTECTION | PF_USER;
	uint32_t image = rom ? (uint32_t)rom : PAGE_OFFSET + 0xf0000;

	forbidden("protect.cli", user_cli, 0, VECTOR_GP, 0);
	forbidden("protect.kernel_read", user_peek, (uint32_t)image_end - 4, VECTOR_PF, present);
	forbidden("protect.kernel_write", user_poke, (uint32_t)image_end - 4, VECTOR_PF, present);
	forbidden("protect.text_write", user_poke, USER_TEXT, VECTOR_PF, present);
	forbidden("protect.rom_read", user_peek, image, VECTOR_PF, present);
	forbidden("protect.rom_jump", user_jump, image + VROM_SLOT_TABLE, VECTOR_PF, present);
	forbidden("protect.unmapped", user_peek, 0, VECTOR_PF, PF_USER);
}

void test_processes(void)
{
	static const char *const yields[] = { "process.yield_1", "process.yield_2",
					      "process.yield_3" };
	static const char *const spins[] = { "process.spin_1", "process.spin_2", "process.spin_3" };
	uint32_t before, preempted, start;

	alone("process.int80", user_int80); /* first, so that nothing new is allocated below */
	before = frames_free();
	if (features & CPUID1_EDX_SEP)
		alone("process.sysenter", user_sysenter);
	else
		check_skip("process.sysenter", "this processor has no SYSENTER");
	alone("process.touch", user_touch);
	alone("process.fork", user_fork);
	start = ticks;
	alone("process.sleep", user_sleep);
	check("process.idle", ticks - start >= 6, "found %u ticks, expected 6", ticks - start);
	together(yields, user_yield);
	preempted = together(spins, user_spin);
	check("process.preempted", preempted > 0, "no tick took the processor from a process");
	test_poison();
	test_protection();
	check_equal("process.frames_leaked", before - frames_free(), 0);
}
