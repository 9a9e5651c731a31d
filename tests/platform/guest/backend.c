// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a ROM's backend promises, for a ROM whose POST met the player (platform=post): clocks that
 * agree and never go back, waits that end, and a Leave after which nothing is registered.
 */
#include "apic.h"
#include "binding.h"
#include "load.h"
#include "measure.h"
#include "memory.h"
#include "layout.h"
#include "played.h"
#include "pv_ops.h"
#include "time.h"

#define BOTH (VMI_BACKEND_KVM | VMI_BACKEND_HYPERV)
enum { FAR_US = 3600000, READINGS = 10000, EXIT_EACH = 16, ENABLED = 1, ROUNDS = 20, BACKEND_SHIFT = 28,
       HZ_NEAR = 50 /* 2 %: a host that stalls while the PIT is read */ };

static const struct {
	uint32_t backend, msr;
} msrs[] = { { VMI_BACKEND_KVM, MSR_KVM_CLOCK }, { VMI_BACKEND_KVM, MSR_KVM_STEAL }, { VMI_BACKEND_KVM, MSR_KVM_EOI },
	     { VMI_BACKEND_HYPERV, MSR_HV_TSC } };

static uint32_t server(uint32_t call)
{
	return vmi_ops.get_capability(call) >> BACKEND_SHIFT;
}

static bool by_rom(enum slot_id row)
{
	return load_result()->bindings[row].kind == VMI_BIND_ROM;
}

/* Exits between readings let the hypervisor write its pages. */
TEST(forward, "backend.forward")
{
	uint64_t last = 0, last_ns = 0, from = raw_rdtsc(), first = 0, took;

	for (unsigned i = 0; i < READINGS; i++) {
		uint64_t now = vmi_ops.get_cycle_counter(TIME_REAL), ns = vmi_ops.get_wallclock_time();

		if (!CHECK(now >= last, "reading %u: real time went back by %llu", i, (unsigned long long)(last - now)) ||
		    !CHECK(ns >= last_ns, "reading %u: the wall clock went back by %llu ns", i,
			   (unsigned long long)(last_ns - ns)))
			return;
		first = first ? first : now;
		last = now;
		last_ns = ns;
		if (i % EXIT_EACH == 0)
			played_exit();
	}
	took = raw_rdtsc() - from;
	CHECK(last > first && last - first <= took + (took >> 8), "%llu ticks of %llu", (unsigned long long)(last - first),
	      (unsigned long long)took);
}

/* What is stolen is what the others lack, and grows only with exits, which take time: steal=. */
TEST(sum, "backend.sum")
{
	uint64_t account, stolen = 0, first = vmi_ops.get_cycle_counter(TIME_STOLEN);

	for (unsigned i = 0; i < READINGS / EXIT_EACH; i++) {
		uint64_t before = vmi_ops.get_cycle_counter(TIME_REAL);
		uint64_t available = vmi_ops.get_cycle_counter(TIME_AVAILABLE);
		uint64_t after;

		stolen = vmi_ops.get_cycle_counter(TIME_STOLEN);
		after = vmi_ops.get_cycle_counter(TIME_REAL);
		if (!CHECK(before <= available + stolen && available + stolen <= after,
			   "%llu available and %llu stolen, not in %llu to %llu", (unsigned long long)available,
			   (unsigned long long)stolen, (unsigned long long)before, (unsigned long long)after))
			return;
		played_exit();
	}
	if (server(VMI_CALL_GetCycleCounter) == VROM_BACKEND_NONE || !msr_read(MSR_KVM_STEAL, &account) ||
	    !(account & ENABLED))
		CHECK_EQ("stolen without an account", stolen, 0);
	else
		CHECK(own_ns(stolen - first) >= READINGS / EXIT_EACH * 9900ull, "%llu ticks stolen",
		      (unsigned long long)(stolen - first));
}

/*
 * Cycles are as many as the TSC's, within what passes while both are read, and as many a second as the
 * PIT shows.
 */
TEST(frequency, "backend.frequency")
{
	uint64_t hz = vmi_ops.get_cycle_frequency(), off = hz > clocks.tsc_hz ? hz - clocks.tsc_hz : clocks.tsc_hz - hz;
	uint64_t outer, inner, from, least, most;

	CHECK(off * HZ_NEAR < hz, "%llu cycles a second, by the PIT %llu", (unsigned long long)hz,
	      (unsigned long long)clocks.tsc_hz);
	outer = raw_rdtsc();
	from = vmi_ops.get_cycle_counter(TIME_REAL);
	inner = raw_rdtsc();
	played_wait(20000);
	least = raw_rdtsc() - inner;
	from = vmi_ops.get_cycle_counter(TIME_REAL) - from;
	most = raw_rdtsc() - outer;
	CHECK(from >= least - (least >> 8) && from <= most + (most >> 8), "%llu cycles in 20 ms, expected %llu to %llu",
	      (unsigned long long)from, (unsigned long long)least, (unsigned long long)most);
}

/* Who serves it changes, and time goes on: all clocks have one beginning. */
TEST(change, "backend.change")
{
	static const uint32_t allowed[] = { VMI_BACKEND_KVM, VMI_BACKEND_HYPERV, BOTH };
	uint64_t last = 0, last_ns = 0, from = raw_rdtsc(), first = 0;

	if ((load_result()->backends & BOTH) != BOTH) {
		CHECK(true, "the run list asks for both where they are");
		return;
	}
	for (unsigned i = 0; i < READINGS / EXIT_EACH; i++) {
		uint64_t now, ns;

		vmi_ops.set_backends(allowed[i % 3]);
		now = vmi_ops.get_cycle_counter(TIME_REAL);
		ns = vmi_ops.get_wallclock_time();
		if (!CHECK(now >= last && ns >= last_ns, "change %u: back by %llu cycles, or %llu ns", i,
			   (unsigned long long)(last - now), (unsigned long long)(last_ns - ns)))
			break;
		first = first ? first : now;
		last = now;
		last_ns = ns;
	}
	from = raw_rdtsc() - from;
	CHECK(last > first && last - first <= from + (from >> 8), "%llu ticks of %llu", (unsigned long long)(last - first),
	      (unsigned long long)from);
	vmi_ops.set_backends(~0u);
}

TEST(vcpu, "backend.vcpu")
{
	static volatile uint64_t wide;

	CHECK_EQ("this processor", vmi_ops.get_vcpu_state(apic_id()), VMI_VCPU_RUNNING);
	CHECK_EQ("no processor", vmi_ops.get_vcpu_state(0xffffff), VMI_VCPU_RUNNING);
	for (wide = 1; wide <= ROUNDS; wide++) { /* memory that has changed */
		CHECK_EQ("a wait", vmi_ops.vcpu_wait((const void *)&wide, wide - 1, sizeof(wide)), VMI_REFUSED_OK);
		vmi_ops.vcpu_kick(apic_id());
	}
	vmi_ops.vcpu_kick(0xffffff);
}

static volatile uint32_t word;

static void kick(void)
{
	vmi_ops.vcpu_kick(apic_id());
}

static void end(void)
{
	kick();
	apic_write(APIC_EOI, 0);
}

/* What ends a wait for memory that does not change: a kick before it, and one by a handler. */
TEST(kicked, "backend.kicked")
{
	raw_cli();
	for (unsigned i = 0; i < ROUNDS; i++) {
		kick();
		CHECK_EQ("a wait once kicked", vmi_ops.vcpu_wait((const void *)&word, word, sizeof(word)), VMI_REFUSED_OK);
	}
	interrupts_start(end);
	apic_send((uint8_t)apic_id(), APIC_ICR_FIXED | VECTOR_RESCHEDULE);
	raw_sti();
	CHECK_EQ("a wait", vmi_ops.vcpu_wait((const void *)&word, word, sizeof(word)), VMI_REFUSED_OK);
	raw_cli();
	CHECK_EQ("interrupts", interrupts_count(), 1);
}

/* With any of some backends. */
static unsigned registered(uint32_t with)
{
	unsigned count = 0;
	uint64_t value;

	for (unsigned i = 0; i < sizeof(msrs) / sizeof(*msrs); i++)
		count += with & msrs[i].backend && msr_read(msrs[i].msr, &value) && value & ENABLED;
	return count;
}

/* A backend that is not allowed any more has nothing left; what the other one has stays. */
static void check_allowed(uint32_t allowed, const unsigned before[2])
{
	CHECK_EQ("used", vmi_ops.set_backends(allowed) & BOTH & ~allowed, 0);
	CHECK_EQ("registered with KVM", registered(VMI_BACKEND_KVM), allowed & VMI_BACKEND_KVM ? before[0] : 0);
	CHECK_EQ("registered with Hyper-V", registered(VMI_BACKEND_HYPERV), allowed & VMI_BACKEND_HYPERV ? before[1] : 0);
}

static void check_timers_off(void)
{
	uint64_t value;

	for (uint32_t msr = MSR_HV_TIMER; msr <= MSR_HV_TIMER_LAST; msr += 2)
		if (msr_read(msr, &value))
			CHECK(!(value & (HV_TIMER_ENABLED | HV_TIMER_AUTO)), "timer 0x%08x: 0x%llx", msr,
			      (unsigned long long)value);
}

/* An alarm that is armed then is off, too. */
static void arm(void)
{
	if (apic_present())
		vmi_ops.set_alarm(VMI_ALARM_LVTT, vmi_ops.get_cycle_counter(TIME_REAL) + time_ticks(FAR_US), 0);
}

/* Leave withdraws all of it; a second load registers it again, and answers as the first one did. */
TEST(leaves, "backend.leave")
{
	static struct vmi_binding first[VMI_CALLS_MAX];
	const unsigned before[2] = { registered(VMI_BACKEND_KVM), registered(VMI_BACKEND_HYPERV) };
	unsigned used = load_result()->backends;

	if (!by_rom(SLOT_leave))
		SKIP("no ROM serves Leave");
	CHECK(!(used & VMI_BACKEND_KVM) == !before[0], "backends 0x%x, %u registered with KVM", used, before[0]);
	CHECK(used & VMI_BACKEND_HYPERV || !before[1], "backends 0x%x, a page registered with Hyper-V", used);
	CHECK(before[1] || (server(VMI_CALL_GetCycleCounter) != VROM_BACKEND_HYPERV &&
			    server(VMI_CALL_SetAlarm) != VROM_BACKEND_HYPERV), "Hyper-V serves without its page");
	memcpy(first, load_result()->answers, sizeof(first));
	for (unsigned round = 0; round < 2; round++) {
		arm();
		vmi_ops.leave();
		CHECK_EQ("registered after Leave", registered(BOTH), 0);
		check_timers_off();
		CHECK_EQ("a second load", load_window(), VMI_OK);
		CHECK_EQ("its backends", load_result()->backends, used);
		CHECK_EQ("registered again", registered(BOTH), before[0] + before[1]);
		CHECK(!memcmp(first, load_result()->answers, sizeof(first)), "it is answered otherwise");
		check_allowed(0, before);
		check_timers_off();
		check_allowed(used & VMI_BACKEND_KVM, before);
		check_allowed(used & VMI_BACKEND_HYPERV, before);
		check_allowed(used, before);
	}
	load_tell();
}
