// SPDX-License-Identifier: GPL-2.0-only
/* The serial console: 115200 8N1 on COM1, polled, with bounded waits. */
#include "console.h"
#include "io.h"

#define COM1 0x3f8
#define LSR (COM1 + 5)
#define LSR_ROOM 0x20
#define LSR_IDLE 0x40
#define SPIN_MAX 1000000u /* a missing port must not hang the guest */

void console_init(void)
{
	outb(COM1 + 1, 0);    /* no interrupts */
	outb(COM1 + 3, 0x80); /* divisor latch */
	outb(COM1 + 0, 1);
	outb(COM1 + 1, 0);
	outb(COM1 + 3, 0x03); /* 8N1 */
	outb(COM1 + 2, 0x07); /* FIFOs on and empty */
	outb(COM1 + 4, 0x03); /* DTR, RTS */
}

static void wait_for(uint8_t bit)
{
	for (unsigned i = 0; i < SPIN_MAX && !(inb(LSR) & bit); i++)
		asm volatile("pause");
}

static void put_char(char c)
{
	wait_for(LSR_ROOM);
	outb(COM1, (uint8_t)c);
}

void console_put(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			put_char('\r');
		put_char(*text);
	}
}

void console_flush(void)
{
	wait_for(LSR_IDLE);
}
