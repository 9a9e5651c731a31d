// SPDX-License-Identifier: GPL-2.0-only
/* Lies of pages: clocks, the wall clock, stolen time. Each is what it says, and stays it. */
#include "played.h"

enum { FILL = 0x5a5a5a5a, EXITS = 20, NS = 1000000000 };
#define NO_TIME 0x5a5a5a5a5a5a5a5aull

static struct clock_page *clock;
static struct tsc_page *tsc;
static struct steal_page *steal;

/* Both clock pages, Hyper-V's and KVM's. */
static void start(void)
{
	clock = played_page(0);
	tsc = played_page(1);
	msr_set(MSR_KVM_CLOCK, played_at(clock) | 1);
	msr_set(MSR_HV_TSC, played_at(tsc) | 1);
	played_exit();
}

static void stop(void)
{
	msr_set(MSR_KVM_CLOCK, 0);
	msr_set(MSR_HV_TSC, 0);
}

TEST(odd, "lie.clock-odd")
{
	uint32_t last = 0;

	start();
	for (unsigned i = 0; i < EXITS; i++) {
		CHECK(clock->version & 1, "version %u", clock->version);
		CHECK(clock->version != last, "the version does not change");
		last = clock->version;
		played_exit();
	}
	stop();
}

TEST(odd_later, "lie.clock-late-odd")
{
	start();
	for (unsigned i = 0; i < EXITS; i++) {
		CHECK(!(clock->version & 1), "version %u, too early", clock->version);
		CHECK(tsc->sequence, "no sequence, too early");
		played_exit();
	}
	for (unsigned i = 0; i < 2 * EXITS; i++)
		played_exit();
	for (unsigned i = 0; i < EXITS; i++) {
		CHECK(clock->version & 1, "version %u", clock->version);
		CHECK_EQ("sequence", tsc->sequence, 0);
		played_exit();
	}
	stop();
}

TEST(changes, "lie.clock-changes")
{
	struct stretch from;
	uint32_t mul;

	start();
	from = stretch_read(clock_now, clock);
	for (unsigned i = 0; i < EXITS; i++) {
		mul = clock->mul;
		played_exit();
		CHECK(clock->mul != mul, "the multiplier stays");
	}
	played_wait(20000);
	stretch_check("ns by the clock page", from, stretch_read(clock_now, clock));
	stop();
}

TEST(empty, "lie.clock-empty")
{
	start();
	CHECK_EQ("KVM's version", clock->version, FILL);
	CHECK_EQ("KVM's time", clock->ns, NO_TIME);
	CHECK_EQ("Hyper-V's sequence", tsc->sequence, FILL);
	CHECK_EQ("Hyper-V's scale", tsc->scale, NO_TIME);
	stop();
}

TEST(back, "lie.clock-backwards")
{
	uint64_t ns, units, count;

	start();
	ns = clock_now(clock);
	units = tsc_now(tsc);
	count = msr_get(MSR_HV_COUNT);
	for (unsigned i = 0; i < EXITS; i++)
		played_exit();
	CHECK(clock_now(clock) < ns, "KVM's clock goes on");
	CHECK(tsc_now(tsc) < units, "Hyper-V's page goes on");
	CHECK(msr_get(MSR_HV_COUNT) < count, "Hyper-V's counter goes on");
	stop();
}

TEST(jumps, "lie.clock-jumps")
{
	const uint64_t hour = 3600ull * NS;
	uint64_t ns, units;
	uint32_t sequence;

	start();
	ns = clock_now(clock);
	units = tsc_now(tsc);
	sequence = tsc->sequence;
	played_exit();
	CHECK(clock_now(clock) - ns >= hour, "KVM's clock does not jump");
	CHECK((tsc_now(tsc) - units) * 100 >= hour - 100, "Hyper-V's page does not jump");
	CHECK(tsc->sequence != sequence, "the sequence does not change");
	stop();
}

TEST(no_factor, "lie.clock-mul-zero")
{
	start();
	CHECK_EQ("KVM's multiplier", clock->mul, 0);
	CHECK_EQ("Hyper-V's scale", tsc->scale, 0);
	stop();
}

TEST(wild_factor, "lie.clock-mul-wild")
{
	start();
	CHECK_EQ("KVM's multiplier", clock->mul, ~0u);
	CHECK_EQ("Hyper-V's scale", tsc->scale, ~0ull);
	stop();
}

TEST(high, "lie.clock-shift-high")
{
	start();
	CHECK_EQ("shift", (uint8_t)clock->shift, 64);
	stop();
}

TEST(negative, "lie.clock-shift-negative")
{
	start();
	CHECK_EQ("shift", (uint8_t)clock->shift, 0xc0);
	stop();
}

TEST(wall_odd, "lie.wall-odd")
{
	struct wall_page *w = played_page(0);

	msr_set(MSR_KVM_WALL, played_at(w));
	CHECK(w->version & 1, "version %u", w->version);
}

TEST(wall_wild, "lie.wall-wild")
{
	struct wall_page *w = played_page(0);

	msr_set(MSR_KVM_WALL, played_at(w));
	CHECK_EQ("seconds", w->seconds, ~0u);
	CHECK_EQ("ns", w->ns, ~0u);
}

static void steal_start(void)
{
	steal = played_page(0);
	msr_set(MSR_KVM_STEAL, played_at(steal) | 1);
	played_exit();
}

TEST(steal_odd, "lie.steal-odd")
{
	steal_start();
	CHECK(steal->version & 1, "version %u", steal->version);
	msr_set(MSR_KVM_STEAL, 0);
}

TEST(steal_empty, "lie.steal-empty")
{
	steal_start();
	CHECK_EQ("version", steal->version, FILL);
	CHECK_EQ("ns", steal->ns, NO_TIME);
	msr_set(MSR_KVM_STEAL, 0);
}

TEST(steal_back, "lie.steal-backwards")
{
	uint64_t before;

	steal_start();
	before = steal->ns;
	played_exit();
	CHECK(steal->ns < before, "more was stolen");
	msr_set(MSR_KVM_STEAL, 0);
}

TEST(steal_wild, "lie.steal-wild")
{
	uint64_t before;

	steal_start();
	before = steal->ns;
	played_exit();
	CHECK(steal->ns - before >= 3600ull * NS, "no hour was stolen");
	msr_set(MSR_KVM_STEAL, 0);
}

TEST(preempted, "lie.steal-preempted")
{
	steal_start();
	CHECK_EQ("preempted", steal->preempted, 1);
	msr_set(MSR_KVM_STEAL, 0);
}
