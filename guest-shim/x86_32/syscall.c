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

#define MSR_SYSENTER_CS 0x174u
#define MSR_SYSENTER_ESP 0x175u
#define MSR_SYSENTER_EIP 0x176u
#define ERROR_WRITE 2u
#define ERROR_FETCH 16u
#define SEGMENT_LIMIT 0xfffu
#define WRONG_SHOWN 4u

static volatile uint32_t wrong;

void sysenter_process(void);
void process_sysenter(struct regs *regs);
_Static_assert(SYS_TLS_SELECTOR == (SEL_TLS | 3), "layout.h");
_Static_assert(SYS_TEXT == USER_BASE, "paging.h");

static uint32_t fork_(const struct regs *regs)
{
	struct regs child = *regs;
	struct process *p;

	child.eax = 0;
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

	child.eip = regs->ebx;
	child.esp = regs->esi;
	child.eax = regs->edi;
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
		       r->ebx, r->esi, r->edi);
}

uint32_t processes_wrong(void)
{
	return wrong;
}

static uint32_t serve(const struct regs *r)
{
	struct process *p = process_current();

	switch (r->eax) {
	case SYS_EXIT: process_exit(r->ebx);
	case SYS_YIELD: process_yield(); return 0;
	case SYS_MAP: return mm_map(p->mm, r->ebx, r->esi, r->edi);
	case SYS_UNMAP: return mm_unmap(p->mm, r->ebx, r->esi);
	case SYS_PROTECT: return mm_protect(p->mm, r->ebx, r->esi, r->edi);
	case SYS_MOVE: return mm_move(p->mm, r->ebx, r->esi, r->edi);
	case SYS_FORK: return fork_(r);
	case SYS_THREAD: return thread(r);
	case SYS_WAIT: return wait(r->ebx);
	case SYS_RECOVER: p->recover = r->ebx; return 0;
	case SYS_WRONG: count_wrong(p, r); return 0;
	case SYS_TLS: set_tls(r->ebx); return 0;
	default: return SYS_NONE;
	}
}

static void take_int(struct regs *regs)
{
	if (!process_current()) {
		trap_unhandled(regs);
		return;
	}
	regs->eax = serve(regs);
}

void process_sysenter(struct regs *regs)
{
	struct cpu *cpu = this_cpu();

	regs->eax = serve(regs);
	cpu = this_cpu(); /* perhaps another one by now */
	if (cpu->reschedule) {
		cpu->reschedule = false;
		process_yield();
	}
}

/* The process said where to go on, or ends. */
static void refuse(struct process *p, struct regs *regs, uint32_t address)
{
	if (!p->recover) {
		printf("note process %u: fault at 0x%08x, address 0x%08x, error 0x%x\n", p->number,
		       regs->eip, address, regs->error);
		process_exit(SYS_NONE);
	}
	regs->eip = p->recover;
	regs->eax = 1;
	p->recover = 0;
	this_cpu()->faults++;
}

static void take_page_fault(struct regs *regs)
{
	struct process *p = process_current();
	uint32_t address;

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

/* ESP leads to the place in the TSS that load_sp0 writes. */
void syscall_sysenter(bool on)
{
	int error;

	if (!cpu_has(CPU_SEP))
		return;
	error = pv_cpu_ops.write_msr(MSR_SYSENTER_CS, on ? SEL_KERNEL_CODE : 0, 0);
	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_ESP, on ? (uint32_t)&this_cpu()->tss->esp0 : 0, 0);
	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_EIP, on ? (uint32_t)sysenter_process : 0, 0);
	if (error)
		printf("note the SYSENTER registers cannot be written\n");
}
