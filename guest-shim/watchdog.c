// SPDX-License-Identifier: GPL-2.0-only
/* The NMI watchdog. */
#include "watchdog.h"
#include "apic.h"
#include "cpu.h"
#include "irq.h"
#include "trap.h"

/* Each tick starts the next, so a host that stalls for seconds costs one. */
#define TICKS 10u
#define TICK 65536u /* 55 ms */

static bool open, had_ts;
static volatile bool watching, expired;
static volatile unsigned ticks;
static uint32_t lint0;

bool watchdog_open(void)
{
	if (open || !apic_init())
		return open;
	trap_nmi_prepare();
	lint0 = apic_read(APIC_LVT_LINT0);
	pit_stop();
	irq_unmask(IRQ_PIT);
	return open = true;
}

void watchdog_close(void)
{
	if (!open)
		return;
	open = false;
	irq_mask(IRQ_PIT);
	irq_take();
	apic_write(APIC_LVT_LINT0, lint0);
	pit_stop();
}

void watchdog_start(void)
{
	if (!open)
		return;
	had_ts = raw_read_cr0() & CR0_TS;
	ticks = 0;
	expired = false;
	watching = true;
	irq_take();
	apic_write(APIC_LVT_LINT0, APIC_LVT_NMI);
	pit_one_shot(TICK);
}

/* On i386 each NMI switches tasks, which sets CR0.TS. */
static void clear_ts(void)
{
	if (!had_ts)
		asm volatile("clts");
}

bool watchdog_ticked(void)
{
	if (!open || !ticks)
		return false;
	ticks = 0;
	clear_ts();
	return true;
}

bool watchdog_stop(void)
{
	if (!open)
		return false;
	apic_write(APIC_LVT_LINT0, APIC_LVT_MASKED);
	watching = false;
	if (ticks)
		clear_ts();
	return expired;
}

int watchdog_tick(void)
{
	if (!watching)
		return 0;
	irq_take();
	if (++ticks < TICKS) {
		pit_one_shot(TICK);
		return 1;
	}
	expired = true;
	return 2;
}
