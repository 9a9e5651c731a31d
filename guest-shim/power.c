// SPDX-License-Identifier: GPL-2.0-only
/* Ends of a run through the power slots. */
#include "power.h"
#include "console.h"
#include "io.h"
#include "pv_ops.h"

/* Two bytes of CMOS memory that neither the firmware nor the clock uses: value, and its inverse. */
#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define CMOS_MARK 0x7c
#define CMOS_INVERSE 0x7d

static enum power_end before;

static uint8_t cmos_read(uint8_t index)
{
	outb(CMOS_INDEX, index);
	return inb(CMOS_DATA);
}

static void cmos_write(uint8_t index, uint8_t value)
{
	outb(CMOS_INDEX, index);
	outb(CMOS_DATA, value);
}

static void write_mark(enum power_end how)
{
	cmos_write(CMOS_MARK, (uint8_t)how);
	cmos_write(CMOS_INVERSE, (uint8_t)~how);
}

void power_init(void)
{
	uint8_t mark = cmos_read(CMOS_MARK), inverse = cmos_read(CMOS_INVERSE);

	before = POWER_NONE;
	if ((mark ^ inverse) == 0xff && mark <= POWER_REBOOT_HARD)
		before = mark;
	write_mark(POWER_NONE);
}

enum power_end power_before(void)
{
	return before;
}

void power_end(enum power_end how)
{
	write_mark(how);
	printf("end %s\n", how == POWER_SHUTDOWN ? "shutdown" : "reboot");
	console_flush();
	if (how == POWER_SHUTDOWN)
		vmi_ops.shutdown();
	else
		vmi_ops.reboot(how == POWER_REBOOT_HARD);
	console_put("note the call came back\n");
}
