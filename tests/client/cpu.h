/* SPDX-License-Identifier: GPL-2.0-only */
/* One processor's own data and tables. */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "pv.h"

#define CPUS_MAX 4

#define GDT_TLS 6 /* the thread-local segment of the process that runs */

struct proc;

/* FS leads here. */
struct cpu {
	struct cpu *self;
	uint32_t number;
	uint32_t kernel_esp;    /* the kernel's stack while a process runs */
	struct proc *current;
	struct space *space;    /* whose page tables are loaded */
	const struct descriptor *ldt; /* which LDT is loaded */
	volatile uint32_t ticks;
	bool oneshot;           /* no tick, but an event at `next` and each `period` after it */
	uint64_t next, period;
	struct descriptor gdt[GDT_ENTRIES] __attribute__((aligned(8)));
	struct tss tss;
};
_Static_assert(offsetof(struct tss, esp0) == TSS_ESP0, "layout.h");

extern struct cpu cpus[CPUS_MAX];
extern struct descriptor idt[256];
extern uint32_t features; /* CPUID leaf 1, EDX */

static inline struct cpu *this_cpu(void)
{
	struct cpu *cpu;

	asm("movl %%fs:0, %0" : "=r"(cpu));
	return cpu;
}

/* Access byte in bits 0 to 7, flags in bits 12 to 15, as in the descriptor's high dword >> 8. */
#define SEG_CODE(dpl) (0xc09au | (uint32_t)(dpl) << 5)
#define SEG_DATA(dpl) (0xc092u | (uint32_t)(dpl) << 5)
#define SEG_DATA16(dpl) (0x0092u | (uint32_t)(dpl) << 5) /* 16 bit, limit in bytes */
#define SEG_CONFORMING 0x4u
#define SEG_TYPE_TSS 0x89u
#define SEG_TYPE_LDT 0x82u
#define SEG_PRESENT 0x80u
#define SEG_PAGES 0x8000u /* the limit counts pages */
#define SEG_CODE_READ 0x2u
#define SEG_DATA_WRITE 0x2u

struct descriptor segment(uint32_t base, uint32_t limit, uint32_t access);
struct descriptor ldt_descriptor(const struct descriptor *ldt, uint32_t entries);
/* A gate of 32 bits; `trap` leaves interrupts on, `dpl` is who may use it by INT. */
struct descriptor gate(uint32_t address, bool trap, uint32_t dpl);

/* Loads the tables and SYSENTER's registers of processor `number`, through the slots. */
void cpu_tables(uint32_t number);
/* The IDT's gates, once, through the slots. */
void idt_fill(void);

#endif
