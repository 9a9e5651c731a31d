/* SPDX-License-Identifier: GPL-2.0-only */
/* What each processor has of its own. Processor 0 is the one that boots. */
#ifndef PERCPU_H
#define PERCPU_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"
#include "mm.h"

#define CPU_MAX 4

struct process;

struct cpu {
	struct cpu_arch arch;
	struct tss *tss;
	uint32_t number;
	uint8_t apic_id;
	volatile bool online;
	struct descriptor *gdt, *ldt;
	struct mm *mm;              /* what CR3 holds */
	struct process *current;    /* NULL: the processor's own code runs */
	uintptr_t scheduler;        /* stack pointer of that code meanwhile */
	bool reschedule;            /* a tick came: let others run */
	void (*volatile work)(void); /* what smp_run() gave it; NULL = idle */
	uint32_t ticks, switches, faults;
};

extern struct cpu cpus[CPU_MAX];
extern unsigned cpu_count; /* processors that are online */

/* Which processor this is: the limit of a segment in its own GDT. */
static inline uint32_t cpu_number(void)
{
	uint32_t limit = 0;

	asm volatile("lsl %1, %0" : "+r"(limit) : "r"(SEL_CPU) : "cc");
	return limit;
}

static inline struct cpu *this_cpu(void)
{
	return &cpus[cpu_number()];
}

/* Fills in the tables of cpus[number] and loads them on this processor. */
void cpu_tables_load(unsigned number);

#endif
