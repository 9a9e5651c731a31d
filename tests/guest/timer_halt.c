// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleep: a halt between alarms loses no wake-up, also if it arrives just before the halt. Each
 * alarm has a rescuer on the other device, 50 ms behind it; what it wakes was lost.
 */
#include "apic.h"
#include "irq.h"
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define ALARMS 1000u
#define RESCUE_COUNTS 59660u
#define LATE_EXACT 600u

static volatile uint32_t rescues;

static void rescue(void)
{
	rescues++;
}

struct lateness {
	uint64_t worst, sum;
	uint32_t early, lost;
};

/* One alarm `distance` ticks away, waited for by a halt. */
static void one(uint64_t distance, struct lateness *l)
{
	uint64_t expiry, tolerance = timing_tolerance(distance), at;

	timing_start(VMI_ALARM_LVTT);
	rescues = 0;
	pit_one_shot(RESCUE_COUNTS);
	expiry = timing_now() + distance;
	timing_set(VMI_ALARM_LVTT | TIME_AVAILABLE, expiry, 0);
	while (!timing[0].count && !rescues) {
		pv_irq_ops.safe_halt();
		pv_irq_disable();
	}
	/* A host that stalls for longer than the rescuer's delay lets both come, in any order. */
	timing_await(1, timing_now());
	if (!timing[0].count) {
		l->lost++;
		return;
	}
	at = timing[0].at[0];
	if (at + tolerance < expiry)
		l->early++;
	if (at > expiry) {
		l->sum += at - expiry;
		l->worst = at - expiry > l->worst ? at - expiry : l->worst;
	}
}

TEST(in_a_row, "alarm.thousand-in-a-row", VMI_CALL_SetAlarm, VMI_CALL_Halt)
{
	struct lateness l = { 0 };

	if (!time_usable() || !time_wiring())
		SKIP("no TSC or no APIC timer");
	time_set_handler(true, rescue);
	for (uint32_t i = 0; i < ALARMS; i++)
		one(i * 37 % 5000 + (i % 10 ? 0 : 200000), &l); /* many expire around the halt */
	timing_stop(VMI_ALARM_LVTT);
	pit_stop();
	time_set_handler(true, NULL);
	CHECK_EQ("alarms that were lost", l.lost, 0);
	CHECK_EQ("alarms that came early", l.early, 0);
	if (time_exact())
		CHECK(l.worst <= LATE_EXACT, "the worst one is %llu ticks late, %u are allowed",
		      (unsigned long long)l.worst, LATE_EXACT);
	test_note("%u, none lost, none early, the worst %llu ticks late", ALARMS,
		  (unsigned long long)l.worst);
}

static volatile uint32_t ticked;

static void tick(void)
{
	ticked++;
}

TEST(ticks, "time.tick", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	uint64_t start;
	uint32_t seen;

	if (!time_usable())
		SKIP("this machine has no TSC");
	ticked = 0;
	start = timing_now();
	time_tick_start(tick, 1000);
	while (ticked < 20) {
		pv_irq_ops.safe_halt();
		pv_irq_disable();
	}
	CHECK(timing_now() - start + timing_tolerance(time_ticks(20000)) >= time_ticks(20000),
	      "20 ticks took %llu", (unsigned long long)(timing_now() - start));
	if (time_exact())
		CHECK(timing_now() - start < time_ticks(20100), "20 ticks took %llu",
		      (unsigned long long)(timing_now() - start));
	time_tick_stop();
	seen = ticked;
	start = timing_now();
	while (timing_now() - start < time_ticks(2500)) {
		pv_irq_enable();
		cpu_relax();
		pv_irq_disable();
	}
	CHECK(ticked <= seen + 1, "%u ticks came after the stop", ticked - seen);
}

/* Longer than the PIT's range, and shorter. */
TEST(sleep, "time.sleep", VMI_CALL_SetAlarm, VMI_CALL_Halt)
{
	static const uint32_t us[] = { 0, 1, 50, 2000, 120000 };

	if (!time_usable())
		SKIP("this machine has no TSC");
	for (unsigned i = 0; i < sizeof(us) / sizeof(us[0]); i++) {
		uint64_t start = timing_now(), slept, wall = vmi_ops.get_wallclock_time();

		time_sleep(us[i]);
		slept = timing_now() - start;
		wall = vmi_ops.get_wallclock_time() - wall;
		CHECK(slept >= time_ticks(us[i]), "%u us took %llu ticks", us[i],
		      (unsigned long long)slept);
		CHECK(wall + 100 + us[i] / 100 >= us[i] * 1000ull, "%u us took %llu ns by the wall clock",
		      us[i], (unsigned long long)wall);
		if (time_exact())
			CHECK(slept <= time_ticks(us[i] + 20), "%u us took %llu ticks", us[i],
			      (unsigned long long)slept);
	}
}
