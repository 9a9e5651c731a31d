// SPDX-License-Identifier: GPL-2.0-only
/* The PICs, and what a tick does on the boot processor. */
#include "irq.h"
#include "check.h"
#include "io.h"
#include "mm.h"
#include "pv.h"
#include "layout.h"
#include "site.h"

#define PIC1 0x20
#define PIC2 0xa0
#define ICW1_INIT 0x11
#define EOI 0x20
#define ICW4_8086 1
#define OCW3_READ_IRR 0x0a
#define OCW3_READ_ISR 0x0b
#define APIC_EOI 0x0b0
#define APIC_IRR 0x200
#define RUN_SECONDS_MAX 20u
#define SLOW_SECONDS_MAX 100u
#define SPIN_MAX 50000000u

bool slow_machine;
static uint32_t clock_frame;

static void out(uint16_t port, uint8_t value)
{
	outb(port, value);
	pv_cpu_ops.io_delay();
}

void irq_silence(void)
{
	outb(PIC1 + 1, 0xff);
	outb(PIC2 + 1, 0xff);
}

void irq_init(void)
{
	out(PIC1, ICW1_INIT);
	out(PIC1 + 1, VECTOR_IRQ);
	out(PIC1 + 1, 1 << 2); /* the second PIC hangs on line 2 */
	out(PIC1 + 1, ICW4_8086);
	out(PIC2, ICW1_INIT);
	out(PIC2 + 1, VECTOR_IRQ + 8);
	out(PIC2 + 1, 2);
	out(PIC2 + 1, ICW4_8086);
	out(PIC1 + 1, 0xfe); /* line 0 alone */
	out(PIC2 + 1, 0xff);
}

void watchdog(void)
{
	if (ticks > (slow_machine ? SLOW_SECONDS_MAX : RUN_SECONDS_MAX) * TICKS_PER_SECOND)
		check_abort("watchdog", "the client still runs after its time");
}

void irq_serve(uint32_t line)
{
	/* The vector is the PIC's line 0, whoever raised it: the client ends it where it wired it. */
	if (line == 0 && clock_is_lvtt()) {
		apic_ops.write(APIC_EOI, 0);
		clock_tick();
		return;
	}
	if (line == 0)
		clock_tick();
	if (line >= 8)
		outb(PIC2, EOI);
	outb(PIC1, EOI);
}

void irq_show_tick(void)
{
	if (clock_frame)
		*(volatile uint32_t *)virt(clock_frame) = ticks;
}

static uint8_t read_pic1(uint8_t what)
{
	outb(PIC1, what);
	return inb(PIC1);
}

uint8_t irq_in_service(void)
{
	return read_pic1(OCW3_READ_ISR);
}

bool irq_tick_pending(void)
{
	if (clock_is_lvtt())
		return apic_ops.read(APIC_IRR + VECTOR_IRQ / 32 * 16) >> VECTOR_IRQ % 32 & 1;
	return read_pic1(OCW3_READ_IRR) & 1;
}

bool clock_map(struct space *space)
{
	if (!clock_frame)
		clock_frame = frame_alloc();
	if (!clock_frame)
		return false;
	frame_share(clock_frame);
	return space_map(space, USER_CLOCK, clock_frame, false);
}

bool wait_ticks(uint32_t count)
{
	uint32_t flags = irq_flags(), start = ticks, i;

	irq_enable();
	for (i = 0; i < SPIN_MAX && ticks - start < count; i++)
		asm volatile("pause");
	irq_restore(flags);
	return i < SPIN_MAX;
}
