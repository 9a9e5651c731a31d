// SPDX-License-Identifier: GPL-2.0-only
/* Processes: made, switched to, ended. */
#include "proc.h"
#include "irq.h"
#include "memory.h"
#include "raw.h"
#include "site.h"

static struct proc procs[PROCS_MAX];
static struct spinlock procs_lock;
static uint32_t last_pid;

uint32_t user_address(const void *label)
{
	return USER_TEXT + ((uint32_t)label - (uint32_t)user_text);
}

static struct proc *take(void)
{
	uint32_t flags = lock(&procs_lock);
	struct proc *p = NULL;

	for (int i = 0; i < PROCS_MAX && !p; i++)
		if (procs[i].state == PROC_UNUSED)
			p = &procs[i];
	if (p) {
		memset(p, 0, offsetof(struct proc, stack));
		p->state = PROC_WAITING;
		p->wait_for = p->pid = ++last_pid; /* until it is complete */
		p->cpu = this_cpu()->number;
	}
	unlock(&procs_lock, flags);
	return p;
}

static bool load(struct proc *p)
{
	uint32_t text = 0;

	for (uint32_t at = 0; at < (uint32_t)(user_text_end - user_text); at += PAGE_SIZE) {
		text = space_map(&p->space, USER_TEXT + at, 0, false);
		if (!text)
			return false;
		memcpy(virt(text), user_text + at, PAGE_SIZE);
	}
	return clock_map(&p->space);
}

struct proc *proc_create(const void *program)
{
	struct proc *p = take();

	if (!p)
		return NULL;
	if (!space_create(&p->space) || !load(p)) {
		proc_free(p);
		return NULL;
	}
	p->regs = (struct regs){
		.ds = SEL_USER_DATA,
		.es = SEL_USER_DATA,
		.eip = user_address(program),
		.cs = SEL_USER_CODE,
		.eflags = EFLAGS_IF | 2,
		.esp = USER_STACK_END,
		.ss = SEL_USER_DATA,
	};
	p->state = PROC_RUNNABLE;
	return p;
}

void proc_free(struct proc *p)
{
	if (this_cpu()->space == &p->space) {
		this_cpu()->space = &kernel_space;
		pv_mmu_ops.write_cr3(kernel_space.root);
	}
	space_destroy(&p->space);
	p->state = PROC_UNUSED;
}

bool proc_passed(const struct proc *p)
{
	return p && p->state == PROC_DONE && p->end == END_EXIT && p->end_value == EXIT_PASS;
}

/* Under lazy mode: the ROM may delay what makes the next process, until it ends. */
static void switch_to(struct proc *p)
{
	struct cpu *cpu = this_cpu();
	struct descriptor tls = segment((uint32_t)p, 0xfffff, SEG_DATA(3));

	pv_cpu_ops.start_context_switch();
	if (cpu->space != &p->space) {
		cpu->space = &p->space;
		pv_mmu_ops.write_cr3(p->space.root);
	}
	if (cpu->ldt != p->ldt) {
		cpu->ldt = p->ldt;
		pv_cpu_ops.set_ldt(p->ldt, p->ldt_entries);
	}
	pv_cpu_ops.load_sp0(&cpu->tss,
			    (uint32_t)p->stack + sizeof(p->stack) - sizeof(struct v86_segments));
	pv_cpu_ops.write_gdt_entry(cpu->gdt, GDT_TLS, &tls);
	pv_cpu_ops.end_context_switch();
	cpu->current = p;
}

/* Runs until the process gives the processor back. */
static void run(struct proc *p)
{
	struct {
		struct regs regs;
		struct v86_segments v86;
	} *frame = (void *)(p->stack + sizeof(p->stack) - sizeof(*frame));
	uint32_t flags = irq_save();

	switch_to(p);
	frame->regs = p->regs;
	frame->v86 = p->v86;
	user_enter(&frame->regs, &this_cpu()->kernel_esp);
	this_cpu()->current = NULL;
	irq_restore(flags);
}

void proc_switch(struct proc *p, const struct regs *regs, enum proc_state state)
{
	p->regs = *regs;
	p->state = state;
	user_leave(this_cpu()->kernel_esp);
}

void proc_kill(struct proc *p, const struct regs *regs, enum proc_end end, uint32_t value)
{
	p->end = end;
	p->end_value = value;
	p->end_error = regs->error;
	p->end_eip = regs->eip;
	p->end_cs = regs->cs;
	proc_switch(p, regs, PROC_DONE);
}

/* Ends a wait whose reason has come. */
static void wake(struct proc *p)
{
	if (p->state == PROC_SLEEPING && (int32_t)(ticks - p->wake) >= 0)
		p->state = PROC_RUNNABLE;
	if (p->state != PROC_WAITING)
		return;
	for (int i = 0; i < PROCS_MAX; i++)
		if (procs[i].pid == p->wait_for && procs[i].state == PROC_DONE) {
			p->regs.eax = procs[i].end == END_EXIT ? procs[i].end_value : 0x100;
			procs[i].pid = 0;
			proc_free(&procs[i]);
			p->state = PROC_RUNNABLE;
			return;
		}
}

void proc_run_all(void)
{
	for (;;) {
		bool ran = false, sleeping = false;

		for (int i = 0; i < PROCS_MAX; i++) {
			struct proc *p = &procs[i];

			if (p->state == PROC_UNUSED || p->state == PROC_DONE ||
			    p->cpu != this_cpu()->number)
				continue;
			wake(p);
			sleeping |= p->state == PROC_SLEEPING;
			if (p->state == PROC_RUNNABLE) {
				run(p);
				ran = true;
			}
		}
		if (!ran && !sleeping)
			return;
		/* Interrupts off while deciding, on with the halt: no tick is lost in between. */
		if (!ran) {
			irq_disable();
			pv_irq_ops.safe_halt();
		}
	}
}
