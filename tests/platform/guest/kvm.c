// SPDX-License-Identifier: GPL-2.0-only
/* KVM's interface as it is played honestly: what is announced is there and does what it should. */
#include "apic.h"
#include "layout.h"
#include "played.h"
#include "rtc.h"

#define FEATURES 0x01002aa9u /* clock twice, steal, kick, flush, IPI, yield, stable */
enum { READINGS = 200, NS = 1000000000, RAM_END = 0x04000000 };

TEST(leaves, "kvm.leaves")
{
	uint32_t r[4], leaf;

	if (!played_there(KVM, &leaf))
		return;
	raw_cpuid(leaf, 0, r);
	CHECK_EQ("highest leaf", r[0], leaf + 1);
	raw_cpuid(leaf + 1, 0, r);
	CHECK_EQ("features", r[0], FEATURES);
	raw_cpuid(1, 0, r);
	CHECK(r[2] >> 31, "leaf 1 tells of no hypervisor");
	raw_cpuid(LEAVES + 7 * LEAVES_STEP, 0, r);
	CHECK_EQ("EBX of a leaf that nobody has", r[1], 0);
}

static void try_clock(uint32_t msr)
{
	struct clock_page *p = played_page(0);
	struct stretch from;
	uint64_t last = 0;
	uint32_t before;

	msr_set(msr, played_at(p) | 1);
	CHECK_EQ("what the MSR reads", msr_get(msr), played_at(p) | 1);
	CHECK(p->mul, "the multiplier is 0");
	CHECK_EQ("flags", p->flags, KVM_TSC_STABLE);
	from = stretch_read(clock_now, p);
	for (unsigned i = 0; i < READINGS; i++) {
		uint32_t version = p->version;
		uint64_t now = clock_now(p);

		CHECK(now >= last, "the clock went back by %llu ns", (unsigned long long)(last - now));
		last = now;
		played_exit();
		CHECK_EQ("version after an exit", p->version, version + 2);
	}
	played_wait(20000);
	stretch_check("ns by the clock page", from, stretch_read(clock_now, p));
	msr_set(msr, 0);
	before = p->version;
	played_exit();
	CHECK_EQ("version once withdrawn", p->version, before);
}

TEST(clock, "kvm.clock")
{
	try_clock(MSR_KVM_CLOCK);
	try_clock(MSR_KVM_CLOCK_OLD);
}

TEST(wall, "kvm.wall")
{
	struct clock_page *p = played_page(0);
	struct wall_page *w = played_page(1);
	uint64_t seconds = 0, now;
	int64_t off;

	msr_set(MSR_KVM_CLOCK, played_at(p) | 1);
	msr_set(MSR_KVM_WALL, played_at(w));
	CHECK(rtc_seconds(&seconds), "the RTC shows no date");
	CHECK(!(w->version & 1), "the version is odd");
	CHECK(w->ns < NS, "%u ns in a second", w->ns);
	for (now = clock_now(p) + w->ns; now >= NS; now -= NS)
		seconds--;
	off = (int64_t)seconds - w->seconds;
	CHECK(off >= -1 && off <= 1, "the wall clock is %d s behind the RTC", (int)off);
	msr_set(MSR_KVM_CLOCK, 0);
}

/* Exits take time, and just that much is stolen. */
TEST(steal, "kvm.steal")
{
	struct steal_page *p = played_page(0);
	uint64_t before, stolen, from, took;

	msr_set(MSR_KVM_STEAL, played_at(p) | 1);
	before = p->ns;
	from = raw_rdtsc();
	for (unsigned i = 0; i < READINGS; i++)
		played_exit();
	took = own_ns(raw_rdtsc() - from);
	stolen = p->ns - before;
	CHECK(!(p->version & 1), "the version is odd");
	CHECK_EQ("preempted", p->preempted, 0);
	CHECK_EQ("flags", p->flags, 0x5a5a5a5a);
	CHECK(stolen > 0, "nothing was stolen");
	CHECK(stolen <= took + (took >> 8), "%llu ns were stolen of %llu", (unsigned long long)stolen,
	      (unsigned long long)took);
	/* steal=100000: so the run list says. */
	CHECK(stolen >= READINGS * 99900ull, "%llu ns were stolen", (unsigned long long)stolen);
	msr_set(MSR_KVM_STEAL, 0);
	before = p->version;
	played_exit();
	CHECK_EQ("version once withdrawn", p->version, before);
}

static void end(void)
{
	apic_write(APIC_EOI, 0);
}

TEST(calls, "kvm.calls")
{
	uint32_t id = apic_id();

	CHECK_EQ("kick", kvm_call(KVM_CALL_KICK, 0, id, 0, 0), 0);
	CHECK_EQ("yield", kvm_call(KVM_CALL_YIELD, id, 0, 0, 0), 0);
	CHECK(kvm_call(KVM_CALL_PAIRING, 0, 0, 0, 0) == KVM_E_NOSYS, "clock pairing is answered");
	CHECK(kvm_call(77, 0, 0, 0, 0) == KVM_E_NOSYS, "call 77 is answered");
	interrupts_start(end);
	CHECK_EQ("processors that an IPI reaches", kvm_call(KVM_CALL_IPI, 1, 0, id, VECTOR_RESCHEDULE), 1);
	CHECK(interrupts_wait(1), "the IPI does not come");
	CHECK_EQ("processors behind the last one", kvm_call(KVM_CALL_IPI, ~1ul, ~0ul, id, VECTOR_RESCHEDULE), 0);
	CHECK_EQ("processors by a number above", kvm_call(KVM_CALL_IPI, ~0ul, ~0ul, id + 1, VECTOR_RESCHEDULE), 0);
	played_wait(1000);
	CHECK_EQ("interrupts", interrupts_count(), 1);
}

/* Addresses that are none, reserved bits, and what was not announced. */
TEST(refused, "kvm.refused")
{
	uint64_t value;

	msr_refused(MSR_KVM_CLOCK, RAM_END | 1);
	msr_refused(MSR_KVM_CLOCK, (RAM_END - 16) | 1);
	msr_refused(MSR_KVM_CLOCK, 0xfffffffffffff001ull);
	msr_refused(MSR_KVM_CLOCK, played_at(played_page(0)) | 3);
	msr_refused(MSR_KVM_WALL, RAM_END);
	msr_refused(MSR_KVM_STEAL, played_at(played_page(0)) | 0x21);
	msr_refused(MSR_KVM_EOI, played_at(played_page(0)) | 1);
	CHECK(!msr_read(MSR_KVM_EOI, &value), "PV EOI can be read");
	CHECK(!msr_read(0x4b564d02, &value), "asynchronous page faults can be read");
}
