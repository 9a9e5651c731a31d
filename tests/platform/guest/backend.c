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

enum { READINGS = 10000, EXIT_EACH = 16, ENABLED = 1, ROUNDS = 20, BACKEND_SHIFT = 28,
       HZ_NEAR = 50 /* 2 %: a host that stalls while the PIT is read */ };

static const uint32_t msrs[] = { MSR_KVM_CLOCK, MSR_KVM_STEAL, MSR_KVM_EOI };

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
	if (vmi_ops.get_capability(VMI_CALL_GetCycleCounter) >> BACKEND_SHIFT == VROM_BACKEND_KVM &&
	    msr_read(MSR_KVM_STEAL, &account) && account & ENABLED)
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

static unsigned registered(void)
{
	unsigned count = 0;
	uint64_t value;

	for (unsigned i = 0; i < sizeof(msrs) / sizeof(*msrs); i++)
		count += msr_read(msrs[i], &value) && value & ENABLED;
	return count;
}

/* Leave withdraws all of it; a second load registers it again, and answers as the first one did. */
TEST(leaves, "backend.leave")
{
	static struct vmi_binding first[VMI_CALLS_MAX];
	unsigned before = registered(), used = load_result()->backends;

	if (!by_rom(SLOT_leave))
		SKIP("no ROM serves Leave");
	CHECK(!(used & VMI_BACKEND_KVM) == !before, "backends 0x%x, %u registered", used, before);
	memcpy(first, load_result()->answers, sizeof(first));
	for (unsigned round = 0; round < 2; round++) {
		vmi_ops.leave();
		CHECK_EQ("registered after Leave", registered(), 0);
		CHECK_EQ("a second load", load_window(), VMI_OK);
		CHECK_EQ("its backends", load_result()->backends, used);
		CHECK_EQ("registered again", registered(), before);
		CHECK(!memcmp(first, load_result()->answers, sizeof(first)), "it is answered otherwise");
		CHECK_EQ("none allowed", vmi_ops.set_backends(0) & VMI_BACKEND_KVM, 0);
		CHECK_EQ("registered with none allowed", registered(), 0);
		vmi_ops.set_backends(~0u);
		CHECK_EQ("registered with all allowed", registered(), before);
	}
	load_tell();
}
