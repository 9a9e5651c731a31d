// SPDX-License-Identifier: GPL-2.0-only
/*
 * Native twins of the timer and APIC calls: what a kernel does on a plain PC. The counter is
 * the TSC, measured by the guest itself; alarms run on the PIT and on the local APIC's timer,
 * as the calls promise: one device serves two counters, the earlier alarm is programmed.
 */
#include "apic.h"
#include "cpu.h"
#include "irq.h"
#include "math64.h"
#include "measure.h"
#include "percpu.h"
#include "pv_ops.h"
#include "rtc.h"

#define COUNTERS 2
#define APIC_OFFSET 0xfffu
#define APIC_LAST 0x3f0u
#define DIVIDER_MAX 7
#define FAR (1ull << 52)
#define NS_PER_SECOND 1000000000u
#define PIT_MAX 65535u

struct alarms {
	uint64_t expiry[COUNTERS], period[COUNTERS];
	uint8_t armed, programmed;
	bool repeats; /* the device does it */
};
static struct alarms irq0, lvtt[CPU_MAX];
static uint64_t wallclock_ns, wallclock_tsc;
static bool updated = true;

#define TWIN(name) vmi_##name##_fn native_##name
TWIN(apic_write);
TWIN(apic_read);
TWIN(get_cycle_frequency);
TWIN(get_cycle_counter);
TWIN(set_alarm);
TWIN(cancel_alarm);
TWIN(get_wallclock_time);
TWIN(wallclock_updated);

static bool is_register(uint32_t reg)
{
	return apic_present() && !(reg & 15) && (reg & APIC_OFFSET) <= APIC_LAST;
}

uint64_t PV native_get_cycle_frequency(void)
{
	return clocks.tsc_hz;
}

uint64_t PV native_get_cycle_counter(uint32_t counter)
{
	return counter < COUNTERS && clocks.tsc_hz ? raw_rdtsc() : 0;
}

static uint64_t until(uint64_t expiry)
{
	uint64_t now = raw_rdtsc(), left = expiry > now ? expiry - now : 0;

	return left < FAR ? left : FAR;
}

/* Is the first expiry one period away? Then the device may repeat by itself. */
static bool may_repeat(const struct alarms *a, unsigned c, bool pit)
{
	uint64_t left = until(a->expiry[c]);

	return a->armed == 1u << c && a->period[c] && left <= a->period[c] &&
	       (pit || a->period[c] - left <= a->period[c] >> 6);
}

static void program_pit(struct alarms *a, unsigned c)
{
	uint64_t ticks = a->repeats ? a->period[c] : until(a->expiry[c]);
	uint64_t count = scale64(ticks, clocks.pit_per_tick) + 2;

	if (count > PIT_MAX)
		a->repeats = false;
	if (a->repeats)
		pit_periodic((uint32_t)count - 1);
	else
		pit_one_shot(count < PIT_MAX ? (uint32_t)count : PIT_MAX);
}

static void program_apic(struct alarms *a, unsigned c)
{
	uint64_t ticks = a->repeats ? a->period[c] : until(a->expiry[c]);
	uint64_t count = scale64(ticks < FAR ? ticks : FAR, clocks.apic_per_tick) + 1;
	uint32_t divider = 0, lvtt_old = apic_read(APIC_LVTT) & ~(3u << 17);

	for (; count >> 32 && divider < DIVIDER_MAX; divider++)
		count = (count + 1) >> 1;
	if (count >> 32)
		count = 0xffffffff;
	divider = (divider - 1) & 7;
	apic_write(APIC_INITIAL, 0); /* or the old count would go on in the new mode */
	apic_write(APIC_DIVIDE, (divider & 3) | (divider & 4) << 1);
	apic_write(APIC_LVTT, lvtt_old | (a->repeats ? APIC_PERIODIC : 0));
	apic_write(APIC_INITIAL, (uint32_t)count);
}

static void program(struct alarms *a)
{
	unsigned c = a->armed == 2 || (a->armed == 3 && a->expiry[1] < a->expiry[0]);

	a->repeats = false;
	if (!a->armed) {
		if (a == &irq0)
			pit_disarm();
		else
			apic_write(APIC_INITIAL, 0);
		return;
	}
	a->programmed = (uint8_t)c;
	a->repeats = may_repeat(a, c, a == &irq0);
	if (a == &irq0)
		program_pit(a, c);
	else
		program_apic(a, c);
}

/*
 * Has the programmed alarm, which comes once, fired? An emulated APIC timer may be behind its
 * own count: the interrupt must be requested or in service. What was served is not armed.
 */
static bool has_fired(const struct alarms *a)
{
	uint32_t vector, at;

	if (a == &irq0)
		return !pit_is_counting();
	if (apic_read(APIC_CURRENT))
		return false;
	apic_write(APIC_INITIAL, 0); /* stopped, it cannot raise the interrupt after this look */
	vector = apic_read(APIC_LVTT) & 0xff;
	at = vector / 32 * 16;
	return (apic_read(APIC_ISR + at) | apic_read(APIC_IRR + at)) >> vector % 32 & 1;
}

/* The programmed alarm has fired: it is over, or moves on. */
static void move_on(struct alarms *a)
{
	unsigned c = a->programmed;
	uint64_t now = raw_rdtsc();

	if (!a->period[c]) {
		a->armed &= (uint8_t)~(1u << c);
		return;
	}
	a->expiry[c] += a->period[c];
	if (a->expiry[c] <= now)
		a->expiry[c] = now + a->period[c];
}

/* Before counter `c` changes: has the other one's alarm fired meanwhile? */
static void settle_other(struct alarms *a, unsigned c)
{
	unsigned other = c ^ 1;

	if (!(a->armed >> other & 1) || a->programmed != other)
		return;
	if (a->repeats ? a->expiry[other] <= raw_rdtsc() : has_fired(a))
		move_on(a);
}

static struct alarms *find(uint32_t flags)
{
	if ((flags & 0xff) >= COUNTERS || !clocks.tsc_hz)
		return NULL;
	return flags & VMI_ALARM_LVTT && apic_present() ? &lvtt[cpu_number()] : &irq0;
}

void PV native_set_alarm(uint32_t flags, uint64_t expiry, uint64_t period)
{
	struct alarms *a = find(flags);
	uint32_t eflags = raw_eflags(), c = flags & 1;

	if (!a)
		return;
	raw_cli();
	settle_other(a, c);
	if (!(flags & VMI_ALARM_PERIODIC))
		period = 0;
	else if (period && period < VMI_STATE_PERIOD_MIN)
		period = VMI_STATE_PERIOD_MIN;
	else if (period > FAR)
		period = FAR;
	a->expiry[c] = expiry;
	a->period[c] = period;
	a->armed |= (uint8_t)(1u << c);
	program(a);
	raw_restore_if(eflags);
}

uint32_t PV native_cancel_alarm(uint32_t flags)
{
	struct alarms *a = find(flags);
	uint32_t eflags = raw_eflags(), c = flags & 1;
	bool was = false;

	if (!a)
		return 0;
	raw_cli();
	if (a->armed >> c & 1) {
		settle_other(a, c);
		a->armed &= (uint8_t)~(1u << c);
		was = a->programmed != c || a->period[c] || !has_fired(a);
		if (was || a->armed)
			program(a); /* else its interrupt may still be on its way */
	}
	raw_restore_if(eflags);
	return was;
}

uint32_t PV native_apic_read(uint32_t reg)
{
	if (!is_register(reg) || (apic_x2() && !apic_readable(reg & APIC_OFFSET)))
		return 0;
	return apic_read(reg & APIC_OFFSET);
}

void PV native_apic_write(uint32_t reg, uint32_t value)
{
	struct alarms *a = &lvtt[cpu_number()];
	uint32_t eflags = raw_eflags();
	bool fired;

	if (!is_register(reg) || (apic_x2() && !apic_writable(reg & APIC_OFFSET)))
		return;
	reg &= APIC_OFFSET;
	if (apic_x2() && (reg == APIC_EOI || reg == APIC_ESR))
		value = 0; /* anything else faults */
	if (reg == APIC_LVTT && a->repeats)
		value |= APIC_PERIODIC;
	raw_cli();
	fired = reg == APIC_EOI && a->armed && !a->repeats && has_fired(a);
	apic_write(reg, value);
	if (reg == APIC_LVTT && a->armed && !a->repeats && !apic_read(APIC_CURRENT) && !has_fired(a))
		program(a); /* it was due, but an emulated timer had not raised it yet */
	if (fired) {
		move_on(a);
		if (a->armed)
			program(a);
	}
	raw_restore_if(eflags);
}

/* Asked before WallclockUpdated or after, the RTC is read once. */
uint64_t PV native_get_wallclock_time(void)
{
	uint64_t seconds;

	if (!clocks.tsc_hz)
		return 0;
	if (!wallclock_ns && rtc_seconds(&seconds)) {
		wallclock_ns = seconds * NS_PER_SECOND;
		wallclock_tsc = raw_rdtsc();
	}
	return wallclock_ns + scale64(raw_rdtsc() - wallclock_tsc, clocks.ns_per_tick);
}

uint32_t PV native_wallclock_updated(void)
{
	bool was = updated;

	updated = false;
	return was;
}
