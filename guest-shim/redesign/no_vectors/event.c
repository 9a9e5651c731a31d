// SPDX-License-Identifier: GPL-2.0-only
/*
 * What came by the one entry. External events are in service at a PIC or at the APIC, and come
 * only with interrupts on; the rest is read from the frame, CR2, DR6 and the bytes at EIP.
 */
#include "event.h"
#include "apic.h"
#include "cpu.h"
#include "io.h"
#include "trap.h"

#define PIC1 0x20
#define PIC2 0xa0
#define READ_IRR 0x0a
#define READ_ISR 0x0b
#define OCW2_EOI 0x20
#define CASCADE 2
#define CR2_ARMED 0xfeedf00du /* in the hole below the firmware: never mapped, never touched */
#define DR6_HIT 0x0000e00fu
#define DESCRIPTOR_PRESENT 0x8000u
#define FRAME_CS 1 /* of what IRET takes, in dwords */
#define TRAP_DE 0
#define TRAP_NM 7

unsigned event_count;

void event_arm(void)
{
	asm volatile("mov %0, %%cr2" : : "r"(CR2_ARMED));
}

/* The first line of a PIC's register, from the highest priority, or -1. */
static int pic_line(uint16_t pic, uint8_t what)
{
	uint8_t bits;

	outb(pic, what);
	bits = inb(pic);
	return bits ? __builtin_ctz(bits) : -1;
}

/* A line of both PICs that waits and is not masked, or that is in service; or -1. */
static int pic_event(uint8_t what)
{
	int line = pic_line(PIC1, what);

	if (line != CASCADE)
		return line;
	line = pic_line(PIC2, what);
	return line < 0 ? -1 : 8 + line;
}

static int external(void)
{
	int line = pic_event(READ_ISR), vector;

	if (line >= 0)
		return VECTOR_IRQ + line;
	vector = glue_event_apic(APIC_ISR);
	return vector;
}

/* The byte at EIP + `offset`, through the code segment that was in use. */
static int code(const struct regs *regs, int offset)
{
	uint32_t at = regs->ip + (uint32_t)offset;
	uint8_t byte;

	if (regs->flags & EFLAGS_VM)
		return *(const volatile uint8_t *)((regs->cs & 0xffff) * 16 + (at & 0xffff));
	if (regs->cs == SEL_KERNEL_CODE || regs->cs == SEL_USER_CODE)
		return *(const volatile uint8_t *)at; /* flat, whatever the GDT holds by now */
	asm volatile("push %%fs; mov %1, %%fs; movb %%fs:(%2), %0; pop %%fs"
		     : "=&q"(byte) : "r"(regs->cs), "r"(at) : "memory");
	return byte;
}

/* A software interrupt says in its own bytes which one it was. */
static int called(const struct regs *regs)
{
	return code(regs, -2) == 0xcd ? code(regs, -1) : -1;
}

static bool wants_fpu(const struct regs *regs)
{
	int first = code(regs, 0);

	return raw_read_cr0() & CR0_TS &&
	       ((first >= 0xd8 && first <= 0xdf) || first == 0x9b || first == 0x0f);
}

/* Exceptions without an error code. What nothing tells apart is an invalid opcode. */
static unsigned exception(const struct regs *regs)
{
	int first = code(regs, 0);

	if (first == 0x0f && code(regs, 1) == 0x0b)
		return TRAP_UD;
	if (raw_read_dr6() & DR6_HIT)
		return TRAP_DB;
	if (wants_fpu(regs))
		return TRAP_NM;
	return first == 0xf6 || first == 0xf7 ? TRAP_DE : TRAP_UD;
}

/* Whether the descriptor that an error code names is one of a segment that is not present. */
static bool absent(uint32_t error)
{
	uint32_t rights;
	bool known;

	asm volatile("lar %2, %0; setz %1" : "=&r"(rights), "=qm"(known) : "r"(error & ~3u) : "cc");
	return known && !(rights & DESCRIPTOR_PRESENT);
}

/* Those with one: a page fault has written CR2; the others are the processor's view of a selector. */
static unsigned violation(const struct regs *regs)
{
	const uint32_t *stack = &regs->sp; /* a trap of the kernel's own leaves it where it was */
	bool iret = !(regs->cs & 3) && code(regs, 0) == 0xcf;

	if (raw_read_cr2() != CR2_ARMED)
		return TRAP_PF;
	if (iret && regs->flags & EFLAGS_NT)
		return TRAP_TS;
	if (!iret || !regs->error || !absent(regs->error))
		return TRAP_GP;
	return (stack[FRAME_CS] & ~3u) == (regs->error & ~3u) ? TRAP_NP : TRAP_SS;
}

void event_identify(struct regs *regs)
{
	int number = -1;

	event_count++;
	if (regs->vector) {
		if (regs->vector != VECTOR_SIGNAL)
			regs->vector = violation(regs);
		return;
	}
	if (regs->flags & EFLAGS_IF)
		number = external();
	if (number < 0)
		number = called(regs);
	regs->vector = number < 0 ? exception(regs) : (unsigned)number;
}

int event_poll(void)
{
	int line = pic_event(READ_IRR), vector;

	if (line >= 0) {
		outb(PIC1, 0x0c); /* the next read takes it, as the processor would */
		inb(PIC1);
		outb(PIC1, OCW2_EOI);
		return VECTOR_IRQ + line;
	}
	vector = glue_event_apic(APIC_IRR);
	return vector;
}
