// SPDX-License-Identifier: GPL-2.0-only
/* System calls. */
#include "irq.h"
#include "memory.h"
#include "proc.h"
#include "raw.h"
#include "site.h"

/* What of EFLAGS a process may choose for itself; never IOPL, NT, VM. */
#define EFLAGS_USER 0x00050dd5u

uint32_t sysenter_return;

/* Registers of the process's choice. Only the RPL is forced, as Linux does it. */
static void sigreturn(struct regs *r)
{
	uint32_t eip = r->esi;

	r->cs = (r->ebx & 0xffff) | 3;
	r->ss = (r->ecx & 0xffff) | 3;
	r->eflags = (r->eflags & ~EFLAGS_USER) | (r->edx & EFLAGS_USER);
	r->esp = r->edi;
	r->eip = eip;
}

static uint32_t do_fork(struct proc *p, const struct regs *r)
{
	struct proc *child = proc_create(user_text);

	if (!child)
		return ~0u;
	space_destroy(&child->space);
	if (!space_copy(&child->space, &p->space)) {
		proc_free(child);
		return ~0u;
	}
	child->regs = *r;
	child->regs.eax = 0;
	return child->pid;
}

void syscall(struct regs *r)
{
	struct proc *p = this_cpu()->current;

	p->uses_iret = false;
	switch (r->eax) {
	case SYS_EXIT:
		proc_kill(p, r, END_EXIT, r->ebx);
	case SYS_ADD1_IRET:
		p->uses_iret = true;
		r->eax = r->ebx + 1;
		break;
	case SYS_ADD1:
		r->eax = r->ebx + 1;
		break;
	case SYS_YIELD:
		proc_switch(p, r, PROC_RUNNABLE);
	case SYS_FORK:
		r->eax = do_fork(p, r);
		break;
	case SYS_WAIT:
		p->wait_for = r->ebx;
		proc_switch(p, r, PROC_WAITING);
	case SYS_SIGRETURN:
		sigreturn(r);
		p->uses_iret = true;
		break;
	case SYS_SLEEP:
		p->wake = ticks + r->ebx;
		proc_switch(p, r, PROC_SLEEPING);
	default:
		r->eax = ~0u;
	}
}

uint32_t sysenter(struct regs *r)
{
	r->eflags |= EFLAGS_IF;
	syscall(r);
	return this_cpu()->current->uses_iret;
}
