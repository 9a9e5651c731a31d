// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client on its tick and clock. With `seconds` the tick is counted exactly, on every
 * processor at once: so many seconds at 100 Hz are so many hundred ticks, none early; then
 * clock events that come once do the same, and one sleep goes over the whole time. The RTC is
 * the judge of the clock. Without the VMI timer, the tick must be the PIT's own.
 */
#include "check.h"
#include "clock.h"
#include "console.h"
#include "cpu.h"
#include "hypervisor.h"
#include "irq.h"
#include "math64.h"
#include "raw.h"
#include "rtc.h"
#include "site.h"
#include "smp.h"

#define SLOW 100u           /* ticks a second while they are counted */
#define JITTER 4000u        /* TSC ticks from an interrupt to its handler, in an exact run */
#define EVENT_MAX 0xffffffffull
#define NS_PER_SECOND 1000000000u

/* What one processor counted. */
static struct counted {
	uint32_t ticks, early;
	uint64_t late; /* the last one */
} counted[CPUS_MAX];
static uint32_t seconds;

static bool vmi_ready(void)
{
	bool whole = pv_timer_ops.counter && pv_timer_ops.set_alarm && pv_timer_ops.cancel_alarm &&
		     pv_timer_ops.wallclock && pv_timer_ops.wallclock_updated;

	/* A real client calls what is not there. */
	if (!whole)
		check_abort("clock.calls", "GetCycleFrequency without the calls that it promises");
	return true;
}

/* Halts until this processor has had one more tick. */
static void next_tick(void)
{
	uint32_t before = this_cpu()->ticks;

	while (this_cpu()->ticks == before) {
		pv_irq_ops.safe_halt();
		irq_disable();
	}
}

/* Counts ticks from one of them on, until half a period after the last one. */
static void count(struct counted *c)
{
	struct cpu *cpu = this_cpu();
	uint64_t period = divide64(clock_frequency(), SLOW, NULL), start, end;
	uint32_t first;

	*c = (struct counted){ 0 };
	for (int i = 0; i < 3; i++)
		next_tick(); /* one of the old tick, or the first, which comes at once */
	start = clock_read();
	first = cpu->ticks;
	end = start + clock_frequency() * seconds + period / 2;
	for (;;) {
		uint64_t now;

		next_tick();
		now = clock_read();
		if (now >= end)
			return;
		c->ticks = cpu->ticks - first;
		c->early += now + JITTER < start + c->ticks * period;
		c->late = now - (start + c->ticks * period);
	}
}

static void count_here(void)
{
	uint32_t flags = irq_save();

	clock_periodic(SLOW);
	for (int i = 0; i < 3; i++)
		next_tick();
	clock_restart_irq(); /* the periodic bit is the alarm's: it must survive */
	count(&counted[this_cpu()->number]);
	clock_periodic(TICKS_PER_SECOND);
	irq_restore(flags);
}

static void judge(const char *what, uint32_t cpu)
{
	const struct counted *c = &counted[cpu];
	char name[40];

	snprintf(name, sizeof(name), "clock.cpu%u_%s", cpu, what);
	check(name, c->ticks == seconds * SLOW && !c->early,
	      "found %u ticks in %u s, %u of them early, expected %u", c->ticks, seconds, c->early,
	      seconds * SLOW);
	printf("note cpu %u: %u %s, the last %lld TSC ticks late\n", cpu, c->ticks, what,
	       (long long)c->late);
}

static void test_tick(void)
{
	uint32_t others = clock_is_vmi() ? smp_count() : 1;

	for (uint32_t cpu = 1; cpu < others; cpu++)
		if (smp_start(cpu))
			smp_begin(cpu, count_here);
	count_here();
	for (uint32_t cpu = 1; cpu < others; cpu++)
		check("clock.cpu_done", smp_wait(cpu), "processor %u still counts", cpu);
	for (uint32_t cpu = 0; cpu < others; cpu++)
		judge("ticks", cpu);
}

/* A tick made of events that come once each, as a tickless client makes it. */
static void test_events(void)
{
	struct cpu *cpu = this_cpu();
	uint32_t flags = irq_save();

	clock_oneshot();
	cpu->period = divide64(clock_frequency(), SLOW, NULL);
	cpu->next = clock_read() + cpu->period;
	clock_next(cpu->next);
	count(&counted[0]);
	judge("events", 0);
	clock_periodic(TICKS_PER_SECOND);
	irq_restore(flags);
}

/* No more interrupts than the distance of an event allows. */
static void test_sleep(void)
{
	uint64_t distance = clock_frequency() * seconds, end, late;
	uint32_t flags = irq_save(), before, woken, expected = 1;

	for (uint64_t left = distance; left > EVENT_MAX; left -= EVENT_MAX)
		expected++;
	clock_oneshot();
	irq_enable(); /* a tick may wait */
	irq_disable();
	before = this_cpu()->ticks;
	end = clock_read() + distance;
	clock_sleep(end);
	late = clock_read() - end;
	woken = this_cpu()->ticks - before;
	clock_periodic(TICKS_PER_SECOND);
	irq_restore(flags);
	check("clock.sleep", woken == expected && late < JITTER,
	      "%u s: found %u interrupts, expected %u, %llu TSC ticks late", seconds, woken, expected,
	      (unsigned long long)late);
}

#define KVM_SIGNATURE 0x4b4d564bu /* the first four letters of KVM's name */
/* A ROM may answer with KVM's own clock, which was not set by the RTC, and may be ahead of it, too. */
static int64_t least_behind(void)
{
	uint32_t signature[4];

	raw_cpuid(signature, CPUID_HYPERVISOR, 0);
	return signature[1] == KVM_SIGNATURE ? -1 : 0;
}

/* The wall clock beside the RTC, `passed` seconds of which it must have seen. */
static void test_wallclock(uint64_t rtc_before, uint64_t before)
{
	uint64_t rtc = 0, now;
	int64_t apart;

	now = divide64(pv_timer_ops.wallclock(), NS_PER_SECOND, NULL);
	if (!rtc_seconds(&rtc))
		check_abort("clock.rtc", "the RTC shows no date");
	apart = (int64_t)(rtc - now);
	check("clock.wallclock", apart >= least_behind() && apart <= 1, "found %u s behind the RTC",
	      (uint32_t)apart);
	apart = (int64_t)((rtc - rtc_before) - (now - before));
	check("clock.wallclock_pace", apart >= -1 && apart <= 1,
	      "the RTC went on by %u s, the wall clock by %u s", (uint32_t)(rtc - rtc_before),
	      (uint32_t)(now - before));
}

static void test_vmi(void)
{
	uint64_t rtc = 0, wall;

	check_equal("clock.updated", pv_timer_ops.wallclock_updated(), 1);
	check_equal("clock.updated_once", pv_timer_ops.wallclock_updated(), 0);
	wall = divide64(pv_timer_ops.wallclock(), NS_PER_SECOND, NULL);
	if (!rtc_seconds(&rtc))
		check_abort("clock.rtc", "the RTC shows no date");
	if (seconds) {
		test_events();
		test_sleep();
		test_tick(); /* last: it starts the other processors, which go on ticking */
	}
	test_wallclock(rtc, wall);
	check_equal("clock.updated_later", pv_timer_ops.wallclock_updated(), 0);
}

/* Ticks of the PIT from one change of the RTC's seconds to another. */
static void test_pit(void)
{
	uint64_t start = 0, now;
	uint32_t flags = irq_save(), first = 0, found;

	clock_periodic(SLOW);
	if (!rtc_seconds(&now))
		check_abort("clock.rtc", "the RTC shows no date");
	for (uint64_t last = now; now != start + seconds || !start; last = now) {
		next_tick();
		rtc_seconds(&now);
		if (!start && now != last) {
			start = now;
			first = ticks;
		}
	}
	found = ticks - first;
	clock_periodic(TICKS_PER_SECOND);
	irq_restore(flags);
	check("clock.pit_ticks", found >= seconds * SLOW - 1 && found <= seconds * SLOW + 1,
	      "found %u ticks in %u s of the RTC", found, seconds);
	printf("note %u ticks of the client's own PIT in %u s\n", found, seconds);
}

void test_clock(uint32_t how_long)
{
	uint32_t flags;

	seconds = how_long;
	if (clock_is_vmi() && vmi_ready())
		test_vmi();
	else if (seconds)
		test_pit();
	check("clock.ticks_on", wait_ticks(3), "no tick comes");
	flags = irq_save();
	/* What is ended at the APIC though the PIC raised it blocks all lines for good. */
	check_equal("clock.pic_idle", irq_in_service(), 0);
	irq_restore(flags);
}
