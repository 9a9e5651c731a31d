// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters and clocks: real time moves on and is the sum of the other two; the frequency is
 * what the guest measures against the PIT itself; wall-clock time is what it reads from the
 * RTC itself; the update is told once.
 */
#include "load.h"
#include "math64.h"
#include "measure.h"
#include "pv_ops.h"
#include "rtc.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define NS_PER_SECOND 1000000000u
#define MARGIN_NS 100000000u /* of a second that two clocks measure */
#define READINGS 1000
#define EXACT_PPM 50u     /* 1 in 20,000 */
#define REAL_PPM 20000u   /* a host that takes the processor away while POST measures */
#define POST_US 60000u

#define NEEDS_TIME if (!time_usable()) SKIP("this machine has no TSC")

TEST(counters, "timer.counters", VMI_CALL_GetCycleCounter)
{
	static const uint32_t unknown[] = { 3, 0xff, 0x100, 0x10000, 0x80000000, 0xffffffff };
	uint64_t last = 0, available = 0, stolen = 0;

	NEEDS_TIME;
	for (int i = 0; i < READINGS; i++) {
		uint64_t before = vmi_ops.get_cycle_counter(TIME_REAL);
		uint64_t a = vmi_ops.get_cycle_counter(TIME_AVAILABLE);
		uint64_t s = vmi_ops.get_cycle_counter(TIME_STOLEN);
		uint64_t after = vmi_ops.get_cycle_counter(TIME_REAL);

		CHECK(before > last && after > before, "real time does not move on");
		CHECK(a >= available && s >= stolen, "available or stolen time goes back");
		CHECK(before <= a + s && a + s <= after,
		      "available 0x%llx + stolen 0x%llx is not in 0x%llx to 0x%llx",
		      (unsigned long long)a, (unsigned long long)s, (unsigned long long)before,
		      (unsigned long long)after);
		last = after;
		available = a;
		stolen = s;
	}
	for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		CHECK_EQ("an unknown counter", vmi_ops.get_cycle_counter(unknown[i]), 0);
}

/* a differs from b by so many millionths at most. */
static bool near(uint64_t a, uint64_t b, uint32_t ppm)
{
	uint64_t d = a > b ? a - b : b - a;

	return d <= divide64(b, 1000000, NULL) * ppm + 1;
}

TEST(frequency, "timer.frequency", VMI_CALL_GetCycleFrequency)
{
	uint64_t hz = vmi_ops.get_cycle_frequency();
	uint32_t ppm = time_exact() ? EXACT_PPM : clocks.error_ppm + REAL_PPM;

	NEEDS_TIME;
	CHECK(near(hz, clocks.tsc_hz, ppm), "found %llu Hz, measured %llu",
	      (unsigned long long)hz, (unsigned long long)clocks.tsc_hz);
	CHECK_EQ("get_tsc_khz", pv_time_ops.get_tsc_khz(), divide64(hz, 1000, NULL));
	CHECK_EQ("asked again", vmi_ops.get_cycle_frequency(), hz);
	test_note("%llu Hz, measured %llu", (unsigned long long)hz,
		  (unsigned long long)clocks.tsc_hz);
}

TEST(sched_clock, "timer.sched-clock", VMI_CALL_GetCycleCounter)
{
	uint64_t from = pv_time_ops.sched_clock(), start = timing_now(), ns;

	NEEDS_TIME;
	while (timing_now() - start < time_ticks(1000))
		;
	ns = pv_time_ops.sched_clock() - from;
	CHECK(ns >= 1000000 - 1, "1 ms took %llu ns by sched_clock", (unsigned long long)ns);
	if (time_exact())
		CHECK(ns < 1010000, "1 ms took %llu ns by sched_clock", (unsigned long long)ns);
}

/* What POST noted for the alarms. */
TEST(post, "exact.post")
{
	const struct vrom_config *config = timing_config();

	if (!config || load_result()->bindings[SLOT_set_alarm].kind != VMI_BIND_ROM)
		SKIP("no ROM with time is in use");
	if (!time_exact())
		SKIP("no exact clock: see -icount");
	CHECK_EQ("frequency", config->tsc_hz, vmi_ops.get_cycle_frequency());
	if (clocks.apic_hz) {
		CHECK(near(config->apic_per_tick, clocks.apic_per_tick, EXACT_PPM),
		      "APIC counts a tick: found 0x%llx, measured 0x%llx",
		      (unsigned long long)config->apic_per_tick,
		      (unsigned long long)clocks.apic_per_tick);
		CHECK(near(config->apic_hz, clocks.apic_hz, EXACT_PPM),
		      "APIC timer: found %u Hz, measured %u", config->apic_hz, clocks.apic_hz);
	}
	CHECK(config->post_ticks && config->post_ticks <= time_ticks(POST_US),
	      "POST took %u ticks, %llu are allowed", config->post_ticks,
	      (unsigned long long)time_ticks(POST_US));
	test_note("POST took %u ticks", config->post_ticks);
}

/*
 * At a change of the RTC's seconds, a clock that was set by it is up to a second behind; a
 * hypervisor's was not, and may be as much ahead. The
 * change was between two looks, however far a stalling host has drawn them apart.
 */
TEST(wallclock, "timer.wallclock", VMI_CALL_GetWallclockTime)
{
	bool served = vmi_ops.get_capability(VMI_CALL_GetWallclockTime) >> 28;
	uint64_t first, second, start, before, look, after, rtc_ns, ahead = served ? NS_PER_SECOND : 0;

	NEEDS_TIME;
	if (!rtc_seconds(&first)) {
		test_error("the RTC shows no date");
		return;
	}
	second = first;
	start = after = look = vmi_ops.get_wallclock_time();
	do {
		before = look; /* when the old second was read last */
		look = vmi_ops.get_wallclock_time();
		if (!rtc_seconds(&second))
			break;
		after = vmi_ops.get_wallclock_time();
	} while (second == first && after - start < 10ull * NS_PER_SECOND);
	rtc_ns = second * NS_PER_SECOND;
	CHECK(second != first, "the RTC stands still");
	CHECK(rtc_ns + ahead + MARGIN_NS >= before && after + NS_PER_SECOND + MARGIN_NS >= rtc_ns,
	      "found %llu ns to %llu ns, the RTC went from %llu s to %llu s",
	      (unsigned long long)before, (unsigned long long)after, (unsigned long long)first,
	      (unsigned long long)second);
	test_note("%llu ns, RTC %llu s", (unsigned long long)after, (unsigned long long)second);
}

/* It runs at the real counter's pace. */
TEST(pace, "timer.wallclock-pace", VMI_CALL_GetWallclockTime)
{
	uint64_t ticks = time_ticks(2000), start, from, before, after;

	NEEDS_TIME;
	from = vmi_ops.get_wallclock_time();
	start = timing_now();
	while (timing_now() - start < ticks)
		;
	before = timing_now() - start;
	after = vmi_ops.get_wallclock_time() - from;
	before = scale64(before, time_ns_per_tick());
	CHECK(after + 1000 >= before, "%llu ns passed, %llu by the wall clock",
	      (unsigned long long)before, (unsigned long long)after);
	if (time_exact())
		CHECK(after < before + 2000, "%llu ns passed, %llu by the wall clock",
		      (unsigned long long)before, (unsigned long long)after);
}

/* The guest's own reader, which the tests above lean on, in all formats of the clock. */
TEST(formats, "timer.rtc-formats")
{
	uint8_t old = rtc_format();
	uint64_t first, now = 0;

	if (!rtc_seconds(&first)) {
		test_error("the RTC shows no date");
		return;
	}
	for (unsigned f = 0; f < 4; f++) {
		rtc_set_format((uint8_t)(f * 2)); /* bits 1 and 2 */
		CHECK_EQ("format", rtc_format() & 6, f * 2);
		CHECK(rtc_seconds(&now) && now - first <= 5, "format %u: found %llu s after %llu s",
		      f, (unsigned long long)now, (unsigned long long)first);
	}
	rtc_set_format(old);
}

TEST(updated, "timer.wallclock-updated", VMI_CALL_WallclockUpdated)
{
	NEEDS_TIME;
	CHECK(time_was_updated(), "found 0 after VMI_Init, expected 1 once");
	for (int i = 0; i < 3; i++)
		CHECK_EQ("asked again", vmi_ops.wallclock_updated(), 0);
}
