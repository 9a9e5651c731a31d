// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler: one queue, from which every processor takes the next process. It runs on
 * the processor's own stack; processes switch to it and back.
 */
#include "cpu.h"
#include "frames.h"
#include "paging.h"
#include "percpu.h"
#include "process.h"
#include "pv_ops.h"
#include "sites.h"
#include "smp.h"
#include "time.h"
#include "trap.h"

#define TICK 1000u /* us in a time slice */
#define FIRST_TICK_SPINS 100000000u

static struct spinlock lock; /* of all below */
static struct process *first, **last = &first;
static volatile uint32_t live; /* processes that have not ended */
static volatile uint32_t idle; /* processors that wait, by bit */
void switch_stack(uintptr_t *save, uintptr_t load);

struct process *process_current(void)
{
	return this_cpu()->current;
}

static void put(struct process *p)
{
	spin_lock(&lock);
	p->state = PROCESS_READY;
	p->next = NULL;
	*last = p;
	last = &p->next;
	spin_unlock(&lock);
}

static struct process *take(void)
{
	struct process *p;

	spin_lock(&lock);
	p = first;
	if (p) {
		first = p->next;
		if (!first)
			last = &first;
		p->state = PROCESS_RUNNING;
	}
	spin_unlock(&lock);
	return p;
}

static void change_live(uint32_t by)
{
	asm volatile("lock addl %1, %0" : "+m"(live) : "r"(by) : "cc", "memory");
}

void process_ready(struct process *p)
{
	change_live(1);
	put(p);
	if (idle)
		smp_reschedule_others();
}

void process_yield(void)
{
	struct cpu *cpu = this_cpu();

	cpu_relax(); /* who yields may do so in a loop, until another processor gets on */
	switch_stack(&cpu->current->sp, cpu->scheduler);
}

void process_exit(uint32_t result)
{
	struct cpu *cpu = this_cpu();

	cpu->current->result = result;
	cpu->current->state = PROCESS_ENDING;
	switch_stack(&cpu->current->sp, cpu->scheduler);
	__builtin_unreachable();
}

void process_load_segments(const struct process *p)
{
	struct cpu *cpu = this_cpu();

	pv_cpu_ops.load_tls(&p->thread, cpu->number);
	pv_cpu_ops.write_ldt_entry(cpu->ldt, 1, &p->ldt);
	pv_cpu_ops.set_ldt(cpu->ldt, LDT_ENTRIES);
	thread_load(&p->thread);
}

static void load_context(struct cpu *cpu, struct process *from, struct process *to)
{
	if (from)
		thread_save(&from->thread);
	pv_cpu_ops.start_context_switch(from ? &from->thread : NULL);
	pv_cpu_ops.load_sp0(cpu->tss, &to->thread);
	process_load_segments(to);
	mm_load(to->mm);
	pv_cpu_ops.end_context_switch(&to->thread);
	cpu->switches++;
}

/* `p` has left the processor, and CR3 is another one's: others may have it, or its frames. */
static void settle(struct process *p)
{
	if (p->state != PROCESS_ENDING) {
		put(p);
		return;
	}
	mm_put(p->mm);
	frame_put(p->stack);
	p->state = PROCESS_ENDED;
	change_live((uint32_t)-1);
}

static void wait(struct cpu *cpu)
{
	uint32_t bit = 1u << cpu->number;

	asm volatile("lock orl %1, %0" : "+m"(idle) : "r"(bit) : "cc", "memory");
	if (live && !*(struct process *volatile *)&first)
		site_safe_halt();
	site_irq_disable();
	asm volatile("lock andl %1, %0" : "+m"(idle) : "r"(~bit) : "cc", "memory");
}

/* Runs on each processor until no process is left. */
static void schedule(void)
{
	struct cpu *cpu = this_cpu();
	struct process *previous = NULL, *next;

	syscall_fast(true);
	while (live) {
		next = take();
		if (!next && previous && previous->state == PROCESS_RUNNING)
			next = previous;
		if (!next)
			mm_load(&kernel_mm);
		else if (next != previous)
			load_context(cpu, previous, next);
		if (previous && previous != next)
			settle(previous);
		previous = next;
		cpu->reschedule = false;
		if (next) {
			cpu->current = next;
			switch_stack(&cpu->scheduler, next->sp);
			cpu->current = NULL;
		} else if (live) {
			wait(cpu);
		}
	}
	syscall_fast(false);
	pv_cpu_ops.set_ldt(NULL, 0);
	smp_reschedule_others(); /* who halted just now must see the end, too */
}

/* Each processor has its own tick; the PIT's is processor 0's, which passes it on. */
static void tick(void)
{
	struct cpu *cpu = this_cpu();

	cpu->reschedule = true;
	cpu->ticks++;
	if (!time_wiring() && cpu_count > 1)
		smp_reschedule_others();
}

static void reschedule(void)
{
	struct cpu *cpu = this_cpu();

	if (cpu->current && cpu->reschedule) {
		cpu->reschedule = false;
		process_yield();
	}
}

/* A busy host may deliver even the first tick late: a short run waits for it, within bounds. */
static void await_tick(uint32_t before)
{
	const volatile uint32_t *ticks = &this_cpu()->ticks;

	pv_irq_enable();
	for (uint32_t i = 0; i < FIRST_TICK_SPINS && *ticks == before; i++)
		asm volatile("pause");
	pv_irq_disable();
}

static void schedule_with_tick(void)
{
	bool own = time_wiring() || !cpu_number();
	uint32_t before = this_cpu()->ticks;

	if (own)
		time_tick_start(tick, TICK);
	schedule();
	if (own) {
		await_tick(before);
		time_tick_stop();
	}
}

void processes_run(void)
{
	struct thread thread = { .sp0 = default_sp0() };

	syscall_start();
	trap_set_return_hook(reschedule);
	smp_run(schedule_with_tick);
	trap_set_return_hook(NULL);
	syscall_stop();
	pv_cpu_ops.load_sp0(&main_tss, &thread);
}

uint32_t processes_switches(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < CPU_MAX; i++)
		sum += cpus[i].switches;
	return sum;
}
