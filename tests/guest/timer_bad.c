// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments of the alarm calls that make no sense: each has a stated answer, none faults or
 * hangs. Unknown counters do nothing; unknown flag bits count for nothing; what is too far away
 * waits; a period that is too short is made longer, and 0 means once.
 */
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define NEVER 0xffffffffffffffffull
#define ATTEMPTS 20
#define PIT_SAFE_US 50000u

#define NEEDS_TIME if (!time_usable()) SKIP("this machine has no TSC")

static const uint32_t unknown_bits[] = { 0x200, 0x8000, 0x20000, 0x80000000, 0xfffefe00 };

TEST(counters, "bad-alarm.unknown-counter", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	static const uint32_t counters[] = { 2, 3, 0x7f, 0xff };

	NEEDS_TIME;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++) {
		timing_start(*w);
		for (unsigned i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
			vmi_ops.set_alarm(*w | counters[i], 0, 0);
			vmi_ops.set_alarm(*w | counters[i] | VMI_ALARM_PERIODIC, 0, 1);
			CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(*w | counters[i]), 0);
		}
		timing_wait(1, timing_now() + time_ticks(1000));
		CHECK_EQ("interrupts", timing[0].count, 0);
		timing_stop(*w);
	}
}

TEST(bits, "bad-alarm.unknown-bits", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	NEEDS_TIME;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++) {
		for (unsigned i = 0; i < sizeof(unknown_bits) / sizeof(unknown_bits[0]); i++) {
			uint64_t expiry;

			timing_start(*w);
			expiry = timing_now() + time_ticks(200);
			vmi_ops.set_alarm(*w | unknown_bits[i], expiry, time_ticks(200));
			timing_await(1, expiry);
			CHECK_EQ("interrupts", timing[0].count, 1);
			CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(*w | unknown_bits[i]), 0);
			timing_stop(*w);
		}
	}
}

/*
 * An alarm that is still far away when it is cancelled. On the PIT it would fire at the end of
 * the range, 55 ms; a host that stalls so long has it tried again.
 */
static void far_away(uint32_t flags, uint64_t expiry, uint64_t period)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		uint64_t set, cancelled;
		uint32_t count, armed;

		timing_start(flags);
		set = timing_now();
		timing_set(flags, expiry, period);
		timing_wait(1, timing_now() + time_ticks(200));
		count = timing[0].count;
		armed = vmi_ops.cancel_alarm(flags);
		cancelled = timing_now();
		timing_stop(flags);
		if (!(flags & VMI_ALARM_LVTT) && cancelled - set >= time_ticks(PIT_SAFE_US))
			continue;
		CHECK_EQ("interrupts", count, 0);
		CHECK_EQ("cancel_alarm", armed, 1);
		return;
	}
	test_error("the host takes the processor away too often");
}

/* On the PIT, which ends its range, it fires there; the APIC timer's range is longer. */
TEST(far, "bad-alarm.end-of-time", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	static const uint64_t expiries[] = { NEVER, NEVER - 1, 1ull << 63, 1ull << 62 };
	static const uint64_t periods[] = { 0, 1, NEVER, 1ull << 63 };

	NEEDS_TIME;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++)
		for (unsigned i = 0; i < 4; i++)
			for (unsigned p = 0; p < 4; p++)
				far_away(*w | (p ? VMI_ALARM_PERIODIC : 0), expiries[i], periods[p]);
}

/*
 * The guest must get on: no more interrupts than the shortest period allows. The PIT is left
 * out: an emulated one drops interrupts that come so fast. On a busy host, an emulator that
 * is behind such a timer leaves the guest hardly any time: there, a few interrupts will do.
 */
TEST(short_period, "bad-alarm.short-period", VMI_CALL_SetAlarm)
{
	static const uint64_t periods[] = {
		1, 2, 100, VMI_STATE_PERIOD_MIN - 1, VMI_STATE_PERIOD_MIN,
	};
	const uint32_t enough = time_exact() ? 8 : 3;

	NEEDS_TIME;
	for (unsigned i = 0; i < sizeof(periods) / sizeof(periods[0]) && time_wiring(); i++) {
		uint64_t start, span;

		timing_start(VMI_ALARM_LVTT);
		start = timing_now();
		vmi_ops.set_alarm(VMI_ALARM_LVTT | VMI_ALARM_PERIODIC, start + periods[i], periods[i]);
		timing_await(enough, start);
		span = timing_now() - start;
		CHECK(timing[0].count >= enough, "period %u: found %u interrupts, expected %u", i,
		      timing[0].count, enough);
		if (time_exact())
			CHECK(span >= (enough - 1) * (uint64_t)VMI_STATE_PERIOD_MIN,
			      "%u interrupts within %llu ticks", enough, (unsigned long long)span);
		CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(VMI_ALARM_LVTT), 1);
		timing_stop(VMI_ALARM_LVTT);
	}
	CHECK_EQ("cancel_alarm at the end", vmi_ops.cancel_alarm(time_wiring()), 0);
}

/* Period 0 is once, whatever the flag says; a huge one fires once and waits. */
TEST(once, "bad-alarm.no-period", VMI_CALL_SetAlarm)
{
	static const uint64_t periods[] = { 0, NEVER, 1ull << 62 };

	NEEDS_TIME;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++)
		for (unsigned i = 0; i < 3; i++) {
			if (!*w && periods[i]) /* a PIT alarm with a period starts a period from now */
				continue;
			timing_start(*w);
			vmi_ops.set_alarm(*w | VMI_ALARM_PERIODIC, timing_now() + time_ticks(100),
					  periods[i]);
			timing_await(1, timing_now());
			timing_wait(2, timing_now() + time_ticks(1000));
			CHECK(timing[0].count == 1, "%s, period %u: found %u interrupts, expected 1",
			      timing_name(*w), i, timing[0].count);
			CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(*w), periods[i] != 0);
			timing_stop(*w);
		}
}
