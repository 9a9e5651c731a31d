// SPDX-License-Identifier: GPL-2.0-only
/*
 * Alarms, on the PIT and on the APIC timer: once and repeated, never early, the last one set
 * counts, what is cancelled does not come, and two counters share a device.
 */
#include "irq.h"
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define SOON_US 300u
#define LATER_US 1500u
#define PERIOD_US 500u
#define PERIODS 12u
#define ATTEMPTS 100        /* a host that stalls between two calls spoils one */
#define STRETCH_MAX 4       /* 16 times: within the PIT's range */
#define STALL_US 40000u     /* stalls are shorter; the PIT's range is longer */
#define PIT_RANGE_US 54920u /* 65,535 counts */
/* From the expiry to the handler, where it repeats exactly: both devices, halted or not. */
#define LATE_LVTT 800u
#define LATE_IRQ0 4000u     /* counts are 838 ns, and are rounded up */

#define PIT_COUNT 839u      /* each period is rounded up to one */

#define NEEDS_TIME if (!time_usable()) SKIP("this machine has no TSC")

static const uint32_t counters[] = { TIME_REAL, TIME_AVAILABLE };

static uint32_t late_bound(uint32_t wiring)
{
	return wiring & VMI_ALARM_LVTT ? LATE_LVTT : LATE_IRQ0;
}

/* Interrupt `index` came for an alarm that was set at `set` for `expiry`, and not early. */
static void check_late(uint32_t flags, uint32_t index, uint64_t set, uint64_t expiry,
		       uint32_t bound)
{
	const char *name = timing_name(flags);
	uint64_t at = timing[0].at[index];
	uint64_t distance = expiry > set ? expiry - set : 0;

	if (!CHECK(timing[0].count > index, "%s: alarm %u did not come", name, index))
		return;
	CHECK(at + timing_tolerance(distance) >= expiry, "%s: alarm %u is %llu of %llu ticks early",
	      name, index, (unsigned long long)(expiry - at), (unsigned long long)distance);
	if (time_exact() && at > expiry)
		CHECK(at - (expiry > set ? expiry : set) <= bound,
		      "%s: alarm %u is %llu ticks late", name, index,
		      (unsigned long long)(at - (expiry > set ? expiry : set)));
}

static void check_on_time(uint32_t flags, uint32_t index, uint64_t set, uint64_t expiry)
{
	check_late(flags, index, set, expiry, late_bound(flags));
}

/* Nothing more than `count` interrupts, for a while. */
static void check_quiet(uint32_t flags, uint32_t count)
{
	timing_wait(count + 1, timing_now() + time_ticks(2 * LATER_US));
	CHECK(timing[0].count == count, "%s: found %u interrupts, expected %u", timing_name(flags),
	      timing[0].count, count);
}

static void one_shot(uint32_t flags)
{
	uint64_t set, expiry;

	timing_start(flags);
	set = timing_now();
	expiry = set + time_ticks(SOON_US);
	timing_set(flags, expiry, 0);
	timing_await(1, expiry);
	check_on_time(flags, 0, set, expiry);
	check_quiet(flags, 1);
	CHECK_EQ("cancel_alarm of one that has fired", vmi_ops.cancel_alarm(flags), 0);
	timing_stop(flags);
}

/* A period without the flag counts for nothing. */
static void one_shot_with_period(uint32_t flags)
{
	timing_start(flags);
	timing_set(flags, timing_now() + time_ticks(SOON_US), time_ticks(SOON_US));
	timing_await(1, timing_now());
	check_quiet(flags, 1);
	timing_stop(flags);
}

/* Runs a check on each wiring with each counter. */
static void on_all(void (*check)(uint32_t flags))
{
	for (const uint32_t *w = timing_wirings(); *w != 1; w++)
		for (unsigned c = 0; c < 2; c++)
			check(*w | counters[c]);
}

TEST(once, "alarm.one-shot", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	NEEDS_TIME;
	on_all(one_shot);
	on_all(one_shot_with_period);
}

static void in_the_past(uint32_t flags)
{
	uint64_t now = timing_now();
	uint64_t past[] = { 0, 1, now / 2, now - 1, now };

	for (unsigned i = 0; i < sizeof(past) / sizeof(past[0]); i++) {
		uint64_t set;

		timing_start(flags);
		set = timing_now();
		timing_set(flags, past[i], 0);
		timing_await(1, set);
		check_on_time(flags, 0, set, past[i]);
		CHECK_EQ("cancel_alarm after it", vmi_ops.cancel_alarm(flags), 0);
		timing_stop(flags);
	}
}

TEST(past, "alarm.in-the-past", VMI_CALL_SetAlarm)
{
	NEEDS_TIME;
	on_all(in_the_past);
}

static bool stalled(void)
{
	test_error("the host takes the processor away too often");
	return false;
}

/*
 * Sets an alarm for *first and, before it can have fired, another one in its place; *set and
 * *expiry are of that. Both are given more and more time. False if the host took the processor
 * away in between, again and again.
 */
static bool replace(uint32_t flags, uint32_t first_us, uint32_t second_us, uint64_t *first,
		    uint64_t *set, uint64_t *expiry)
{
	uint32_t periodic = first_us > second_us ? VMI_ALARM_PERIODIC : 0;

	for (unsigned i = 0; i < ATTEMPTS; i++) {
		unsigned stretch = 1u << (i < STRETCH_MAX ? i : STRETCH_MAX);
		uint64_t distance = time_ticks(first_us * stretch);

		timing_start(flags);
		*first = timing_now() + distance;
		timing_set(flags | periodic, *first, distance);
		*set = timing_now();
		*expiry = *set + time_ticks(second_us * stretch);
		timing_set(flags, *expiry, 0);
		if (timing_now() + timing_tolerance(distance) < *first)
			return true;
		timing_stop(flags);
	}
	return stalled();
}

/* A later one in the place of an earlier one, and the other way round. */
static void replaced(uint32_t flags)
{
	static const uint32_t us[][2] = { { SOON_US, LATER_US }, { LATER_US, SOON_US } };

	for (unsigned i = 0; i < 2; i++) {
		uint64_t first, set, expiry;

		if (!replace(flags, us[i][0], us[i][1], &first, &set, &expiry))
			return;
		timing_await(1, expiry);
		check_on_time(flags, 0, set, expiry);
		timing_wait(2, first);
		check_quiet(flags, 1);
		timing_stop(flags);
	}
}

TEST(rearm, "alarm.re-armed", VMI_CALL_SetAlarm)
{
	NEEDS_TIME;
	on_all(replaced);
}

/* Sets an alarm and cancels it before it is due. False if the host stalls again and again. */
static bool cancel_in_time(uint32_t flags)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		uint64_t distance = time_ticks(time_exact() ? SOON_US : STALL_US), expiry;
		uint32_t none, other, armed, again;

		timing_start(flags);
		none = vmi_ops.cancel_alarm(flags);
		expiry = timing_now() + distance;
		timing_set(flags, expiry, 0);
		other = vmi_ops.cancel_alarm(flags ^ 1);
		armed = vmi_ops.cancel_alarm(flags);
		if (timing_now() + timing_tolerance(distance) >= expiry) {
			timing_stop(flags);
			continue;
		}
		again = vmi_ops.cancel_alarm(flags);
		CHECK_EQ("cancel_alarm of none", none, 0);
		CHECK_EQ("cancel_alarm of the other counter's", other, 0);
		CHECK_EQ("cancel_alarm", armed, 1);
		CHECK_EQ("cancel_alarm again", again, 0);
		return true;
	}
	return stalled();
}

static void cancelled(uint32_t flags)
{
	if (!cancel_in_time(flags))
		return;
	check_quiet(flags, 0);
	timing_set(flags | VMI_ALARM_PERIODIC, timing_now() + time_ticks(PERIOD_US),
			  time_ticks(PERIOD_US));
	timing_await(2, timing_now());
	CHECK(timing[0].count >= 2, "%s: found %u interrupts, expected 2", timing_name(flags),
	      timing[0].count);
	CHECK_EQ("cancel_alarm of a repeated one", vmi_ops.cancel_alarm(flags), 1);
	timing_stop(flags);
	timing_start(flags);
	check_quiet(flags, 0);
	timing_stop(flags);
}

TEST(cancel, "alarm.cancelled", VMI_CALL_CancelAlarm)
{
	NEEDS_TIME;
	on_all(cancelled);
}

/* No interrupt of the PIT for longer than its range. The APIC timer, if there is one, ends the wait. */
static void check_silence(const char *what, uint32_t count)
{
	uint64_t end = timing_now() + time_ticks(2 * PIT_RANGE_US);

	if (time_wiring()) {
		while (timing_now() < end && timing[0].count == count) {
			timing_set(VMI_ALARM_LVTT, end, 0);
			pv_irq_ops.safe_halt();
			pv_irq_disable();
		}
		vmi_ops.cancel_alarm(VMI_ALARM_LVTT);
	} else {
		timing_wait(count + 1, end);
	}
	CHECK(timing[0].count == count, "%s: found %u interrupts of the PIT, expected %u", what,
	      timing[0].count, count);
}

/*
 * What is cancelled stays silent, also at the end of the count: by then the line may be
 * wired otherwise, and who serves it would not know of the PIT.
 */
TEST(silence, "alarm.silent-after-cancel", VMI_CALL_CancelAlarm)
{
	uint64_t period;

	NEEDS_TIME;
	period = time_ticks(PERIOD_US);
	if (!cancel_in_time(0))
		return;
	check_silence("cancelled", 0);
	timing_stop(0);
	timing_start(0);
	timing_set(VMI_ALARM_PERIODIC, timing_now() + period, period);
	timing_await(2, timing_now());
	CHECK_EQ("cancel_alarm of a repeated one", vmi_ops.cancel_alarm(0), 1);
	timing_wait(timing[0].count + 1, timing_now() + time_ticks(20)); /* one may be on its way */
	check_silence("a repeated one cancelled", timing[0].count);
	timing_stop(0);
}

/*
 * Fires with interrupts off: it has fired, though nobody was told. Where a timer may be
 * behind its own count, whatever is answered must be true: it comes, or it does not.
 */
static void fired_unseen(uint32_t flags)
{
	uint64_t expiry;
	bool stopped;

	timing_start(flags);
	expiry = timing_now() + time_ticks(SOON_US);
	timing_set(flags, expiry, 0);
	while (timing_now() < expiry + time_ticks(SOON_US))
		cpu_relax();
	stopped = vmi_ops.cancel_alarm(flags);
	if (time_exact())
		CHECK_EQ("cancel_alarm of one that waits to be served", stopped, 0);
	if (!stopped)
		timing_await(1, timing_now());
	check_quiet(flags, !stopped);
	timing_stop(flags);
}

TEST(unseen, "alarm.fired-unseen", VMI_CALL_CancelAlarm)
{
	NEEDS_TIME;
	on_all(fired_unseen);
}

static void repeated(uint32_t flags)
{
	uint64_t set, period = time_ticks(PERIOD_US), first;

	timing_start(flags);
	set = timing_now();
	first = set + period;
	timing_set(flags | VMI_ALARM_PERIODIC, first, period);
	timing_await(PERIODS, set + PERIODS * period);
	/* One that is late may delay the next ones, but none comes before its time. */
	for (uint32_t i = 0; i < PERIODS; i++)
		check_late(flags, i, set, first + i * period,
			   late_bound(flags) + i * (flags & VMI_ALARM_LVTT ? 1 : PIT_COUNT));
	timing_stop(flags);
}

/* The first expiry is not one period away. */
static void repeated_later(uint32_t flags)
{
	uint64_t set, period = time_ticks(PERIOD_US), first;

	timing_start(flags);
	set = timing_now();
	first = set + period / 4;
	timing_set(flags | VMI_ALARM_PERIODIC, first, period);
	timing_await(3, set + 4 * period);
	for (uint32_t i = 0; i < 3; i++)
		CHECK(timing[0].count > i &&
		      timing[0].at[i] + timing_tolerance(4 * period) >= first + i * period,
		      "%s: alarm %u is early or did not come", timing_name(flags), i);
	timing_stop(flags);
}

TEST(periodic, "alarm.periodic", VMI_CALL_SetAlarm)
{
	NEEDS_TIME;
	on_all(repeated);
	on_all(repeated_later);
}

/* Distances that leave a host time to stall, where it can. */
static uint64_t soon(void)
{
	return time_ticks(time_exact() ? SOON_US : STALL_US / 4);
}

static uint64_t later(void)
{
	return time_ticks(time_exact() ? LATER_US : STALL_US);
}

/*
 * Both counters on one device: the earlier one comes first. Behind it, the APIC's end of
 * interrupt programs the other one; for the PIT, any call does.
 */
static void shared(uint32_t wiring, uint32_t early, uint32_t late)
{
	uint64_t set, first, second;
	int tries = 0;

	do {
		timing_stop(wiring);
		timing_start(wiring);
		set = timing_now();
		first = set + soon();
		second = set + later();
		timing_set(wiring | late, second, 0);
		timing_set(wiring | early, first, 0);
	} while (timing_now() + timing_tolerance(first - set) >= first && ++tries < ATTEMPTS);
	if (tries == ATTEMPTS) {
		stalled();
		return;
	}
	timing_await(1, first);
	check_on_time(wiring, 0, set, first);
	if (!wiring)
		CHECK_EQ("cancel_alarm of the earlier one", vmi_ops.cancel_alarm(early), 0);
	timing_await(2, second);
	check_on_time(wiring, 1, set, second);
	check_quiet(wiring, 2);
	timing_stop(wiring);
}

/*
 * The earlier one has fired when the other one is set: it does not fire again. If the host
 * stalls until both are due, their interrupts are one, and it is tried again.
 */
static void shared_after(uint32_t wiring)
{
	uint64_t first, set, second;
	int tries = 0;

	do {
		timing_stop(wiring);
		timing_start(wiring);
		first = timing_now() + soon();
		timing_set(wiring | TIME_REAL, first, 0);
		/* An emulated PIT may be behind its own count: what is set then replaces what is due. */
		while (timing_now() < first + soon() ||
		       (!wiring && !irq_pending(IRQ_PIT) && timing_now() < first + timing_patience()))
			cpu_relax();
		set = timing_now();
		second = set + later();
		timing_set(wiring | TIME_AVAILABLE, second, 0);
		timing_await(1, second);
	} while (timing[0].at[0] + timing_tolerance(second - set) >= second && ++tries < ATTEMPTS);
	if (tries == ATTEMPTS) {
		stalled();
		return;
	}
	timing_await(2, second);
	check_on_time(wiring, 1, set, second);
	check_quiet(wiring, 2);
	timing_stop(wiring);
}

/*
 * A repeated one goes on behind the other counter's, which is set for a time before the second
 * period: on a host that stalls past that, the second period would come first.
 */
static void shared_repeated(uint32_t wiring)
{
	uint64_t period = later(), set, first, last;
	int tries = 0;

	do {
		timing_stop(wiring);
		timing_start(wiring);
		set = timing_now();
		timing_set(wiring | TIME_AVAILABLE | VMI_ALARM_PERIODIC, set + period, period);
		timing_await(1, set + period);
		first = timing_now() + soon();
		timing_set(wiring | TIME_REAL, first, 0);
		last = timing_now() > first ? timing_now() : first;
	} while (last + timing_tolerance(2 * period) >= set + 2 * period && ++tries < ATTEMPTS);
	if (tries == ATTEMPTS) {
		stalled();
		return;
	}
	timing_await(4, set + 5 * period);
	for (uint32_t i = 0; i < 4; i++)
		CHECK(timing[0].count > i, "%s: alarm %u of 4 did not come", timing_name(wiring), i);
	CHECK(timing[0].at[0] + timing_tolerance(period) >= set + period,
	      "%s: the first period is early", timing_name(wiring));
	CHECK(timing[0].at[1] + timing_tolerance(first - set) >= first,
	      "%s: the other one is early", timing_name(wiring));
	if (time_exact())
		CHECK(timing[0].at[1] - first <= late_bound(wiring), "%s: the other one is late",
		      timing_name(wiring));
	CHECK(timing[0].at[2] + timing_tolerance(2 * period) >= set + 2 * period,
	      "%s: the second period is early", timing_name(wiring));
	timing_stop(wiring);
}

TEST(both, "alarm.both-counters", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	NEEDS_TIME;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++) {
		shared(*w, TIME_REAL, TIME_AVAILABLE);
		shared(*w, TIME_AVAILABLE, TIME_REAL);
		shared_after(*w);
		if (*w)
			shared_repeated(*w);
	}
}

/* Beyond the PIT's range: it fires at the end of that, and its client arms it again. */
TEST(range, "alarm.beyond-the-pit", VMI_CALL_SetAlarm)
{
	uint64_t set, far[] = { 200000, 10000000 };

	NEEDS_TIME;
	for (unsigned i = 0; i < 2; i++) {
		timing_start(0);
		set = timing_now();
		timing_set(0, set + time_ticks((uint32_t)far[i]), 0);
		while (!timing[0].count && timing_now() < set + timing_patience()) {
			pv_irq_ops.safe_halt();
			pv_irq_disable();
		}
		CHECK(timing[0].count == 1, "found %u interrupts, expected 1", timing[0].count);
		CHECK(timing[0].at[0] - set + timing_tolerance(set) >= time_ticks(PIT_RANGE_US - 100),
		      "it fired after %llu ticks", (unsigned long long)(timing[0].at[0] - set));
		if (time_exact())
			CHECK(timing[0].at[0] - set < time_ticks(PIT_RANGE_US + 100),
			      "it fired after %llu ticks",
			      (unsigned long long)(timing[0].at[0] - set));
		timing_stop(0);
	}
}

/* Seconds and minutes: the APIC timer's divider grows with the distance. */
TEST(minutes, "exact.minutes", VMI_CALL_SetAlarm)
{
	static const uint32_t seconds[] = { 1, 3, 6, 12, 30, 60, 120, 240, 480 };
	uint64_t worst = 0;

	NEEDS_TIME;
	if (!time_exact() || !time_wiring())
		SKIP("no exact clock, or no APIC timer: see -icount");
	for (unsigned i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		uint64_t set, expiry, late;

		timing_start(VMI_ALARM_LVTT);
		set = timing_now();
		expiry = set + time_frequency() * seconds[i];
		timing_set(VMI_ALARM_LVTT, expiry, 0);
		pv_irq_ops.safe_halt();
		pv_irq_disable();
		late = timing[0].at[0] - expiry;
		/* Up to one count of the divider, and what the ratio of the clocks is off. */
		CHECK(timing[0].count == 1 && timing[0].at[0] >= expiry &&
		      late <= LATE_LVTT + 128 + (expiry - set) / 4096 / 4096,
		      "%u s: found %u interrupts, %lld ticks late", seconds[i], timing[0].count,
		      (long long)late);
		worst = late > worst ? late : worst;
		timing_stop(VMI_ALARM_LVTT);
	}
	test_note("up to 8 minutes, at most %llu ticks late", (unsigned long long)worst);
}
