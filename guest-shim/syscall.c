// SPDX-License-Identifier: GPL-2.0-only
/* System calls and page faults of processes. What a process asks for is checked, not believed. */
#include "syscall.h"
#include "console.h"
#include "cpu.h"
#include "paging.h"
#include "percpu.h"
#include "process.h"
#include "pv_ops.h"
#include "sites.h"
#include "trap.h"

#define ERROR_WRITE 2u
#define ERROR_FETCH 16u
#define SEGMENT_LIMIT 0xfffu
#define WRONG_SHOWN 4u

static volatile uint32_t wrong;

void process_syscall(struct regs *regs);
_Static_assert(SYS_TLS_SELECTOR == (SEL_TLS | 3), "layout.h");
_Static_assert(SYS_TEXT == USER_BASE, "paging.h");

static uint32_t fork_(const struct regs *regs)
{
	struct regs child = *regs;
	struct process *p;

	child.ax = 0;
	p = process_copy(&child, mm_fork(process_current()->mm));
	if (!p)
		return SYS_NONE;
	process_ready(p);
	return p->number;
}

static uint32_t thread(const struct regs *regs)
{
	struct regs child = *regs;
	struct process *p;

	child.ip = regs->bx;
	child.sp = regs->si;
	child.ax = regs->di;
	mm_get(process_current()->mm);
	p = process_copy(&child, process_current()->mm);
	if (!p)
		return SYS_NONE;
	process_ready(p);
	return p->number;
}

/* Lets others run until the child has ended. */
static uint32_t wait(uint32_t number)
{
	uint32_t self = process_current()->number;
	bool exists;

	while (!process_ended(number, self, &exists)) {
		if (!exists)
			return SYS_NONE;
		process_yield();
	}
	return process_reap(number, self);
}

static void set_tls(uint32_t base)
{
	struct process *p = process_current();

	p->ldt = p->thread.tls[0] = segment_descriptor(base, SEGMENT_LIMIT, SEG_DATA_BYTES | 3u << 13);
	process_load_segments(p);
}

/* The first few are shown. */
static void count_wrong(const struct process *p, const struct regs *r)
{
	uint32_t before = 1;

	asm volatile("lock xaddl %0, %1" : "+r"(before), "+m"(wrong) : : "cc", "memory");
	if (before < WRONG_SHOWN)
		printf("note process %u: wrong at 0x%08x: found 0x%x, expected 0x%x\n", p->number,
		       (uint32_t)r->bx, (uint32_t)r->si, (uint32_t)r->di);
}

uint32_t processes_wrong(void)
{
	return wrong;
}

static uint32_t serve(const struct regs *r)
{
	struct process *p = process_current();

	switch (r->ax) {
	case SYS_EXIT: process_exit(r->bx);
	case SYS_YIELD: process_yield(); return 0;
	case SYS_MAP: return mm_map(p->mm, r->bx, r->si, r->di);
	case SYS_UNMAP: return mm_unmap(p->mm, r->bx, r->si);
	case SYS_PROTECT: return mm_protect(p->mm, r->bx, r->si, r->di);
	case SYS_MOVE: return mm_move(p->mm, r->bx, r->si, r->di);
	case SYS_FORK: return fork_(r);
	case SYS_THREAD: return thread(r);
	case SYS_WAIT: return wait(r->bx);
	case SYS_RECOVER: p->recover = r->bx; return 0;
	case SYS_WRONG: count_wrong(p, r); return 0;
	case SYS_TLS: set_tls(r->bx); return 0;
	default: return SYS_NONE;
	}
}

static void take_int(struct regs *regs)
{
	if (!process_current()) {
		trap_unhandled(regs);
		return;
	}
	regs->ax = serve(regs);
}

/* What SYSENTER or SYSCALL brings. */
void process_syscall(struct regs *regs)
{
	struct cpu *cpu = this_cpu();

	regs->ax = serve(regs);
	cpu = this_cpu(); /* perhaps another one by now */
	if (cpu->reschedule) {
		cpu->reschedule = false;
		process_yield();
	}
}

/* The process said where to go on, or ends. */
static void refuse(struct process *p, struct regs *regs, uintptr_t address)
{
	if (!p->recover) {
		printf("note process %u: fault at 0x%08lx, address 0x%08lx, error 0x%x\n", p->number,
		       (unsigned long)regs->ip, (unsigned long)address, (uint32_t)regs->error);
		process_exit(SYS_NONE);
	}
	regs->ip = p->recover;
	regs->ax = 1;
	p->recover = 0;
	this_cpu()->faults++;
}

static void take_page_fault(struct regs *regs)
{
	struct process *p = process_current();
	uintptr_t address;

	if (!p || !(regs->cs & 3)) {
		trap_unhandled(regs);
		return;
	}
	address = site_read_cr2();
	if ((regs->error & ERROR_FETCH) || !mm_fault(p->mm, address, regs->error & ERROR_WRITE))
		refuse(p, regs, address);
}

void syscall_start(void)
{
	trap_set_handler(VECTOR_USER, take_int);
	trap_set_handler(TRAP_PF, take_page_fault);
}

void syscall_stop(void)
{
	trap_set_handler(VECTOR_USER, NULL);
	trap_set_handler(TRAP_PF, NULL);
}
