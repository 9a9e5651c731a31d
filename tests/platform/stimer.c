// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hyper-V's synthetic timers 0 and 1 in direct mode. There is one device for both (hpet.c), which
 * runs for the one that is due next, and only while interrupts are intercepted (eoi.c): so none is taken
 * unseen, and when the device is stopped, the APIC's IRR tells whether it had fired. The next timer gets
 * it though the guest makes no exit of its own.
 */
#include "platform.h"
#include "apic.h"

enum { ENABLED = 1, TIMERS = 2, NONE = TIMERS, UNIT_NS = 100, LATE_SHIFT = 9 };
#define FAR_UNITS (1ull << 40)
#define PERIOD_MIN 1000u /* below, QEMU does nothing but fire it */

static struct { uint64_t config, count, expiry; } timers[TIMERS];
static unsigned shown = NONE; /* the timer that the device runs for */

static bool armed(unsigned n)
{
	return timers[n].config & ENABLED && timers[n].count;
}

static uint64_t period(unsigned n)
{
	return timers[n].count < PERIOD_MIN ? PERIOD_MIN : timers[n].count;
}

static uint32_t vector(unsigned n)
{
	return (uint32_t)timers[n].config >> 4 & 0xff;
}

/* Never early: the TSC was measured with some error. */
static void program(unsigned n)
{
	uint64_t units = timers[n].expiry, now = hyperv_now();

	units = units > now ? units - now : 0;
	units = units < FAR_UNITS ? units : FAR_UNITS;
	hpet_start((units + (units >> LATE_SHIFT)) * UNIT_NS, vector(n));
}

/* Interrupts that come too late are not made up for. */
static void fire(unsigned n)
{
	uint64_t now = hyperv_now();

	if (!(timers[n].config & HV_TIMER_PERIODIC)) {
		timers[n].config &= ~(uint64_t)ENABLED;
		return;
	}
	timers[n].expiry += period(n);
	if (timers[n].expiry <= now)
		timers[n].expiry = now + period(n);
}

static bool raised(void)
{
	return apic_read(APIC_IRR + vector(shown) / 32 * 16) >> vector(shown) % 32 & 1;
}

/* The interrupt may be another timer's that has the same vector: then they are one. */
static void stop(void)
{
	if (shown == NONE)
		return;
	hpet_stop();
	if (raised() && !hpet_counts())
		fire(shown);
	shown = NONE;
}

void stimer_exit(bool interrupt)
{
	/* A count that has ended is not disturbed until QEMU has raised its interrupt. */
	if (shown != NONE && (interrupt || (raised() && !hpet_counts())))
		stop();
}

static unsigned next(void)
{
	unsigned next = NONE;

	for (unsigned n = 0; n < TIMERS; n++)
		if (armed(n) && (next == NONE || timers[n].expiry < timers[next].expiry))
			next = n;
	return next;
}

bool stimer_armed(void)
{
	return next() != NONE;
}

void stimer_watched(void)
{
	if (shown != NONE || next() == NONE)
		return;
	shown = next();
	program(shown);
}

uint64_t stimer_read(uint32_t msr)
{
	unsigned n = (msr - MSR_HV_TIMER) / 2;

	return msr & 1 ? timers[n].count : timers[n].config;
}

void stimer_write(uint32_t msr, uint64_t value)
{
	unsigned n = (msr - MSR_HV_TIMER) / 2;

	stop();
	if (!(msr & 1)) {
		timers[n].config = value;
	} else {
		timers[n].count = value;
		if (!value)
			timers[n].config &= ~(uint64_t)ENABLED;
		else if (timers[n].config & HV_TIMER_AUTO)
			timers[n].config |= ENABLED;
	}
	/* Without direct mode it needs a message, which is not played. */
	if (!(timers[n].config & HV_TIMER_DIRECT))
		timers[n].config &= ~(uint64_t)ENABLED;
	timers[n].expiry = timers[n].config & HV_TIMER_PERIODIC ? hyperv_now() + period(n) : timers[n].count;
}
