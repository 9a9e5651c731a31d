// SPDX-License-Identifier: GPL-2.0-only
/* The two PICs and the PIT. */
#include "irq.h"
#include "io.h"
#include "trap.h"

#define PIC1 0x20
#define PIC2 0xa0
#define PIT_CHANNEL0 0x40
#define PIT_MODE 0x43
#define ICW1_INIT 0x11
#define OCW2_EOI 0x20
#define OCW3_POLL 0x0c
#define OCW3_READ_IRR 0x0a
#define OCW3_READ_ISR 0x0b

static void (*handlers[16])(void);
static uint8_t mask[2] = { 0xff, 0xff };

static uint8_t read_pic(uint16_t pic, uint8_t what)
{
	outb(pic, what);
	return inb(pic);
}

static void serve(struct regs *regs)
{
	unsigned line = regs->vector - VECTOR_IRQ;
	uint16_t pic = line < 8 ? PIC1 : PIC2;

	/* Lines 7 and 15 also stand for an interrupt that went away: not in service. */
	if ((line == 7 || line == 15) && !(read_pic(pic, OCW3_READ_ISR) & 0x80)) {
		if (line == 15)
			outb(PIC1, OCW2_EOI);
		return;
	}
	if (handlers[line])
		handlers[line]();
	if (line >= 8)
		outb(PIC2, OCW2_EOI);
	outb(PIC1, OCW2_EOI);
}

static void write_masks(void)
{
	outb(PIC1 + 1, mask[0]);
	outb(PIC2 + 1, mask[1]);
}

void irq_init(void)
{
	outb(PIC1, ICW1_INIT);
	outb(PIC2, ICW1_INIT);
	outb(PIC1 + 1, VECTOR_IRQ);
	outb(PIC2 + 1, VECTOR_IRQ + 8);
	outb(PIC1 + 1, 1 << 2); /* the second PIC hangs on line 2 */
	outb(PIC2 + 1, 2);
	outb(PIC1 + 1, 1); /* 8086 mode */
	outb(PIC2 + 1, 1);
	write_masks();
	for (unsigned i = 0; i < 16; i++)
		trap_set_handler(VECTOR_IRQ + i, serve);
}

void irq_set_handler(unsigned line, void (*handler)(void))
{
	handlers[line & 15] = handler;
}

void irq_unmask(unsigned line)
{
	mask[line >> 3 & 1] &= (uint8_t)~(1u << (line & 7));
	if (line >= 8)
		mask[0] &= (uint8_t)~(1u << 2);
	write_masks();
}

void irq_mask(unsigned line)
{
	mask[line >> 3 & 1] |= (uint8_t)(1u << (line & 7));
	write_masks();
}

bool irq_pending(unsigned line)
{
	return read_pic(line < 8 ? PIC1 : PIC2, OCW3_READ_IRR) >> (line & 7) & 1;
}

void irq_take(void)
{
	if (read_pic(PIC1, OCW3_POLL) & 0x80)
		outb(PIC1, OCW2_EOI);
}

void pit_one_shot(uint32_t count)
{
	outb(PIT_MODE, 0x30); /* channel 0, low then high byte, mode 0: high at the end */
	outb(PIT_CHANNEL0, (uint8_t)count);
	outb(PIT_CHANNEL0, (uint8_t)(count >> 8));
}

void pit_periodic(uint32_t count)
{
	outb(PIT_MODE, 0x34); /* mode 2: a pulse at the end, then again */
	outb(PIT_CHANNEL0, (uint8_t)count);
	outb(PIT_CHANNEL0, (uint8_t)(count >> 8));
}

static uint8_t pit_status(void)
{
	outb(PIT_MODE, 0xe2); /* latch the status of channel 0 */
	return inb(PIT_CHANNEL0);
}

static void pit_load_longest(uint8_t mode)
{
	outb(PIT_MODE, mode);
	outb(PIT_CHANNEL0, 0);
	outb(PIT_CHANNEL0, 0);
}

/*
 * A mode without a count stops a real PIT. Emulated ones go on with the old count: QEMU's
 * raises nothing if mode 1 ends a count that was loaded in mode 2; KVM's, which shows mode 2
 * for mode 6, if one is loaded in mode 5.
 */
void pit_disarm(void)
{
	outb(PIT_MODE, 0x30);
	if (pit_status() & 0x40) /* it waits for a count */
		return;
	outb(PIT_MODE, 0x3c);
	if (!(pit_status() & 0x08)) {
		pit_load_longest(0x3a);
		return;
	}
	pit_load_longest(0x34);
	outb(PIT_MODE, 0x32);
}

bool pit_is_counting(void)
{
	return !(pit_status() & 0x80);
}

/* The PIC shows the end of the count, masked as the line is. */
void pit_wait(uint32_t count)
{
	irq_mask(IRQ_PIT);
	pit_one_shot(count);
	for (uint32_t i = 0; i < 100000000 && !irq_pending(IRQ_PIT); i++)
		asm volatile("pause");
	pit_stop();
}

/* Takes what waits on the PIT's line and drops it. */
static void drop_tick(void)
{
	void (*handler)(void) = handlers[IRQ_PIT];

	handlers[IRQ_PIT] = NULL;
	irq_unmask(IRQ_PIT);
	asm volatile("pushf; sti; nop; cli; popf" : : : "memory", "cc");
	irq_mask(IRQ_PIT);
	handlers[IRQ_PIT] = handler;
}

/*
 * A count that still runs would end in some later test, and masked lines remember. So it
 * is replaced, and the last one is seen out.
 */
void pit_stop(void)
{
	pit_one_shot(65536);
	drop_tick();
	pit_one_shot(1);
	for (unsigned i = 0; i < 10000000 && !irq_pending(IRQ_PIT); i++)
		asm volatile("pause");
	drop_tick();
}
