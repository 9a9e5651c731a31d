// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time is one for all processors: a reading is never before one that was taken earlier, on whichever
 * processor, and what a processor was given and kept from is together what has passed. loaded=N makes the
 * run so many seconds long, and says that the host has other work meanwhile (tests/kvm/qemu).
 */
#include "layout.h"
#include "options.h"
#include "pv_ops.h"
#include "smp.h"
#include "spinlock.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define SHORT_US 50000u

/* Written with the lock held; a reading begins and ends within. */
static struct spinlock lock;
static uint64_t last, last_ns, until;
static volatile uint32_t readings[CPU_MAX], back[CPU_MAX], wall_back[CPU_MAX], torn[CPU_MAX];
static volatile uint64_t stolen[CPU_MAX];

static void read_clocks(void)
{
	uint32_t n = cpu_number();
	uint64_t now = 0, ns, before, sum, first = vmi_ops.get_cycle_counter(TIME_STOLEN);

	while (now < until) {
		spin_lock(&lock);
		now = vmi_ops.get_cycle_counter(TIME_REAL);
		ns = vmi_ops.get_wallclock_time();
		back[n] += now < last;
		wall_back[n] += ns < last_ns;
		last = now;
		last_ns = ns;
		spin_unlock(&lock);
		before = vmi_ops.get_cycle_counter(TIME_REAL);
		sum = vmi_ops.get_cycle_counter(TIME_AVAILABLE);
		stolen[n] = vmi_ops.get_cycle_counter(TIME_STOLEN);
		sum += stolen[n];
		torn[n] += sum < before || sum > vmi_ops.get_cycle_counter(TIME_REAL);
		readings[n]++;
	}
	stolen[n] -= first;
}

TEST(across, "smp.one-time", VMI_CALL_GetCycleCounter, VMI_CALL_GetWallclockTime)
{
	const uint64_t seconds = options_get()->loaded;
	uint32_t least = ~0u;
	uint64_t most = 0;

	if (cpu_count < 2 || !time_usable())
		SKIP("one processor, or none with a TSC");
	for (unsigned i = 0; i < cpu_count; i++)
		readings[i] = back[i] = wall_back[i] = torn[i] = 0;
	last = last_ns = 0;
	until = timing_now() + (seconds ? seconds * time_ticks(1000000) : time_ticks(SHORT_US));
	smp_run(read_clocks);
	for (unsigned i = 0; i < cpu_count; i++) {
		CHECK(!back[i], "processor %u: real time went back %u times", i, back[i]);
		CHECK(!wall_back[i], "processor %u: the wall clock went back %u times", i, wall_back[i]);
		CHECK(!torn[i], "processor %u: available and stolen are not real %u times", i, torn[i]);
		least = readings[i] < least ? readings[i] : least;
		most = stolen[i] > most ? stolen[i] : most;
	}
	CHECK(least, "a processor has read nothing");
	if (seconds && vmi_ops.get_capability(VMI_CALL_GetVcpuState) >> 28 == VROM_BACKEND_KVM)
		CHECK(most, "a loaded host has taken no time away");
	test_note("%u readings on the slowest processor, at most %llu ticks stolen", least, (unsigned long long)most);
}
