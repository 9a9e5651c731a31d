// SPDX-License-Identifier: GPL-2.0-only
/* Hyper-V's synthetic timers 0 and 1 as they are played honestly: each alone, and both at once. */
#include "apic.h"
#include "layout.h"
#include "measure.h"
#include "played.h"
#include "trap.h"

enum { TIMERS = 2, UNITS_PER_MS = 10000, SPINS = 200000000 };
#define ENABLED ((uint64_t)HV_TIMER_ENABLED)
#define NEVER (~0ull)

static const unsigned vectors[TIMERS] = { VECTOR_RESCHEDULE, VECTOR_FLUSH };
static volatile uint32_t fired[TIMERS];
static volatile uint64_t fired_at[TIMERS];
static const volatile void *page;

static void fire(unsigned n)
{
	fired[n]++;
	fired_at[n] = tsc_now(page);
	apic_write(APIC_EOI, 0);
}

static void fire_first(struct regs *unused)
{
	(void)unused;
	fire(0);
}

static void fire_second(struct regs *unused)
{
	(void)unused;
	fire(1);
}

static uint32_t config_msr(unsigned n)
{
	return MSR_HV_TIMER + 2 * n;
}

static uint32_t count_msr(unsigned n)
{
	return MSR_HV_TIMER_COUNT + 2 * n;
}

static uint64_t config(unsigned n)
{
	return HV_TIMER_DIRECT | (uint64_t)vectors[n] * HV_TIMER_VECTOR;
}

static void start(void)
{
	page = played_page(0);
	msr_set(MSR_HV_TSC, played_at((const void *)page) | 1);
	for (unsigned n = 0; n < TIMERS; n++) {
		fired[n] = 0;
		msr_set(config_msr(n), config(n) | HV_TIMER_AUTO);
		msr_set(count_msr(n), 0);
	}
	trap_set_handler(vectors[0], fire_first);
	trap_set_handler(vectors[1], fire_second);
}

static uint64_t arm(unsigned n, uint32_t ms)
{
	uint64_t due = msr_get(MSR_HV_COUNT) + ms * UNITS_PER_MS;

	msr_set(count_msr(n), due);
	return due;
}

/* Lets interrupts in without any exit of its own until each timer has fired as often as is said. */
static bool spin(uint32_t first, uint32_t second)
{
	raw_sti();
	for (uint32_t i = 0; i < SPINS && (fired[0] < first || fired[1] < second); i++)
		asm volatile("" : : : "memory");
	raw_cli();
	return fired[0] >= first && fired[1] >= second;
}

static void stop(void)
{
	for (unsigned n = 0; n < TIMERS; n++)
		msr_set(config_msr(n), 0);
	spin(0, 0); /* an interrupt may be waiting */
	msr_set(MSR_HV_TSC, 0);
}

/* Off in time, or else one interrupt may be waiting. */
static void check_off(unsigned n, uint64_t due)
{
	uint32_t before;

	if (msr_get(MSR_HV_COUNT) >= due)
		spin(0, 0);
	before = fired[n];
	raw_sti();
	played_wait(6000);
	raw_cli();
	CHECK(fired[n] == before, "timer %u fires, though it is off", n);
}

static bool enabled(unsigned n)
{
	return msr_get(config_msr(n)) & ENABLED;
}

TEST(alone, "hyperv.timer")
{
	for (unsigned n = 0; n < TIMERS; n++) {
		uint64_t due;

		start();
		due = arm(n, 5);
		CHECK(enabled(n) || msr_get(MSR_HV_COUNT) >= due, "timer %u is not enabled by itself", n);
		CHECK_EQ("its count", msr_get(count_msr(n)), due);
		CHECK(spin(n == 0, n == 1), "timer %u: 5 ms, and it does not fire", n);
		CHECK(fired_at[n] >= due, "timer %u fires early", n);
		CHECK(!enabled(n), "timer %u is enabled after it has fired", n);
		check_off(n, NEVER);
		CHECK_EQ("interrupts", fired[n], 1);
		CHECK_EQ("interrupts of the other one", fired[!n], 0);
		msr_set(count_msr(n), 1); /* long past */
		CHECK(spin(2 * (n == 0), 2 * (n == 1)), "timer %u does not fire at once", n);
		stop();
	}
}

TEST(periodic, "hyperv.timer-periodic")
{
	for (unsigned n = 0; n < TIMERS; n++) {
		start();
		msr_set(count_msr(n), 0);
		msr_set(config_msr(n), config(n) | HV_TIMER_PERIODIC | HV_TIMER_AUTO);
		CHECK(!enabled(n), "timer %u is enabled without a count", n);
		msr_set(count_msr(n), UNITS_PER_MS);
		CHECK(spin(5 * (n == 0), 5 * (n == 1)), "timer %u of 1 ms does not fire again", n);
		CHECK(enabled(n), "timer %u has ended", n);
		msr_set(config_msr(n), config(n));
		check_off(n, 0);
		stop();
	}
}

/* What enables a timer, and what does not. */
TEST(enabling, "hyperv.timer-enable")
{
	for (unsigned n = 0; n < TIMERS; n++) {
		uint64_t due;

		start();
		msr_set(config_msr(n), config(n));
		arm(n, 2);
		CHECK(!enabled(n), "timer %u is enabled by its count alone", n);
		check_off(n, NEVER);
		msr_set(config_msr(n), config(n) | ENABLED); /* the count is past now */
		CHECK(spin(n == 0, n == 1), "timer %u does not fire once enabled", n);
		msr_set(count_msr(n), 0);
		msr_set(config_msr(n), config(n) | ENABLED);
		check_off(n, NEVER);
		arm(n, 1);
		CHECK(spin(2 * (n == 0), 2 * (n == 1)), "timer %u does not fire once it has a count", n);
		msr_set(config_msr(n), config(n) | HV_TIMER_AUTO);
		due = arm(n, 4);
		msr_set(count_msr(n), 0);
		CHECK(!enabled(n), "timer %u is enabled with a count of 0", n);
		check_off(n, due);
		msr_set(config_msr(n), HV_TIMER_ENABLED | HV_TIMER_PERIODIC | 1 << 16);
		CHECK(!enabled(n), "timer %u is enabled with a message instead", n);
		stop();
	}
}

/* Both are armed, in either order; what is due first fires first, and both once. */
TEST(both, "hyperv.timer-both")
{
	for (unsigned early = 0; early < TIMERS; early++)
		for (unsigned first = 0; first < TIMERS; first++) {
			unsigned late = !early;
			uint64_t now, due[TIMERS];

			start();
			now = msr_get(MSR_HV_COUNT);
			due[early] = now + 4 * UNITS_PER_MS;
			due[late] = now + 8 * UNITS_PER_MS;
			msr_set(count_msr(first), due[first]);
			msr_set(count_msr(!first), due[!first]);
			now = msr_get(MSR_HV_COUNT);
			CHECK(spin(early == 0, early == 1), "timer %u does not fire first", early);
			CHECK(spin(1, 1), "timer %u does not fire second", late);
			CHECK(fired_at[0] >= due[0] && fired_at[1] >= due[1], "one fires early");
			/* Where both wait already, the vectors decide. */
			CHECK(fired_at[early] < fired_at[late] || now >= due[late], "they change places");
			CHECK(!enabled(0) && !enabled(1), "one is enabled after it has fired");
			check_off(0, NEVER);
			check_off(1, NEVER);
			CHECK(fired[0] == 1 && fired[1] == 1, "%u and %u interrupts", fired[0], fired[1]);
			due[early] = arm(early, 4);
			arm(late, 5);
			msr_set(count_msr(early), 0);
			CHECK(spin(1 + (early == 1), 1 + (early == 0)), "the other one is off, too");
			check_off(early, due[early]);
			stop();
		}
}

/* One that repeats beside one that does not: neither stops the other. */
TEST(beside, "hyperv.timer-beside")
{
	uint32_t before;

	start();
	msr_set(config_msr(1), config(1) | HV_TIMER_PERIODIC | HV_TIMER_AUTO);
	msr_set(count_msr(1), UNITS_PER_MS);
	for (unsigned i = 1; i <= 5; i++) {
		arm(0, 3);
		before = fired[1];
		CHECK(spin(i, before + 4), "%u of %u alarms, %u periods", fired[0], i, fired[1] - before);
	}
	stop();
}

/* The APIC's own timer is another one: both go on side by side. */
TEST(own, "hyperv.timer-own")
{
	start();
	arm(0, 4);
	apic_write(APIC_DIVIDE, APIC_DIVIDE_1);
	apic_write(APIC_LVTT, APIC_PERIODIC | vectors[1]);
	apic_write(APIC_INITIAL, (uint32_t)clocks.apic_hz / 1000);
	CHECK(spin(1, 5), "%u alarms, %u periods of the APIC", fired[0], fired[1]);
	CHECK_EQ("LVTT", apic_read(APIC_LVTT) & ~0x1000u, APIC_PERIODIC | vectors[1]);
	apic_write(APIC_LVTT, APIC_MASKED | vectors[1]);
	apic_write(APIC_INITIAL, 0);
	arm(0, 2);
	CHECK(spin(2, 0), "a timer does not fire while LVTT is masked");
	stop();
}
