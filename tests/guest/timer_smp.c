// SPDX-License-Identifier: GPL-2.0-only
/*
 * LVTT alarms are each processor's own: all are armed at once, at other times and periods, and
 * each processor gets its own interrupts, none early, none of another one's.
 */
#include "apic.h"
#include "layout.h"
#include "pv_ops.h"
#include "smp.h"
#include "spinlock.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define ROUNDS 200u
#define PERIODS 10u

static volatile uint32_t early[CPU_MAX], lost[CPU_MAX], foreign[CPU_MAX], cancelled[CPU_MAX];
static volatile uint32_t periodic_ticks[CPU_MAX];

static void wait(struct timing *t, uint32_t count, uint64_t deadline)
{
	while (t->count < count && timing_now() < deadline) {
		pv_irq_enable();
		cpu_relax();
		pv_irq_disable();
	}
}

/* Alarms that come once, a different distance on each processor. */
static void once(void)
{
	uint32_t n = cpu_number();
	struct timing *t = &timing[n];

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t distance = 2000 + (i * 37 + n * 1013) % 20000, expiry;

		t->count = 0;
		expiry = timing_now() + distance;
		vmi_ops.set_alarm(VMI_ALARM_LVTT, expiry, 0);
		wait(t, 1, expiry + timing_patience());
		lost[n] += t->count == 0;
		early[n] += t->count && t->at[0] + timing_tolerance(distance) < expiry;
		foreign[n] += t->count > 1;
	}
	cancelled[n] = vmi_ops.cancel_alarm(VMI_ALARM_LVTT);
}

static void repeated(void)
{
	uint32_t n = cpu_number();
	struct timing *t = &timing[n];
	uint64_t period = time_ticks(300 + 100 * n), start;

	t->count = 0;
	start = timing_now();
	timing_set(VMI_ALARM_LVTT | TIME_AVAILABLE | VMI_ALARM_PERIODIC, start + period, period);
	/* A bare vector, as a processor that comes up writes it after it armed its tick. */
	pv_apic_ops.apic_write(APIC_LVTT, VECTOR_TIMER);
	wait(t, PERIODS, start + PERIODS * period + timing_patience());
	early[n] += t->count >= PERIODS &&
		    t->at[PERIODS - 1] + timing_tolerance(PERIODS * period) < start + PERIODS * period;
	periodic_ticks[n] = t->count;
	cancelled[n] = vmi_ops.cancel_alarm(VMI_ALARM_LVTT | TIME_AVAILABLE);
}

TEST(own_alarms, "smp.own-alarms", VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm, VMI_CALL_APICWrite)
{
	if (cpu_count < 2 || !time_usable() || !time_wiring())
		SKIP("one processor, or none with a TSC and an APIC");
	for (unsigned i = 0; i < cpu_count; i++)
		early[i] = lost[i] = foreign[i] = 0;
	timing_start(VMI_ALARM_LVTT);
	smp_run(once);
	for (unsigned i = 0; i < cpu_count; i++) {
		CHECK(!lost[i], "processor %u: %u alarms of %u are lost", i, lost[i], ROUNDS);
		CHECK(!early[i], "processor %u: %u alarms are early", i, early[i]);
		CHECK(!foreign[i], "processor %u: %u alarms too many", i, foreign[i]);
		CHECK(!cancelled[i], "processor %u: the last alarm is still armed", i);
	}
	smp_run(repeated);
	for (unsigned i = 0; i < cpu_count; i++) {
		CHECK(periodic_ticks[i] >= PERIODS, "processor %u: found %u periods, expected %u", i,
		      periodic_ticks[i], PERIODS);
		CHECK(!early[i], "processor %u: a period is early", i);
		CHECK(cancelled[i], "processor %u: the periodic alarm is not armed", i);
	}
	timing_stop(VMI_ALARM_LVTT);
}
