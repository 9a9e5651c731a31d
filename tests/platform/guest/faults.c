// SPDX-License-Identifier: GPL-2.0-only
/* What is announced, but whose MSRs raise #GP: always, or from the second write on. */
#include "played.h"

static void check_announced(const char *signature, uint32_t n, uint32_t mask)
{
	uint32_t r[4];

	played_leaf(signature, n, r);
	CHECK(!mask || r[0] & mask, "it is not announced: found 0x%08x", r[0]);
}

static void check_fault(const char *signature, uint32_t n, uint32_t mask, uint32_t msr)
{
	uint64_t value;

	check_announced(signature, n, mask);
	CHECK(!msr_read(msr, &value), "MSR 0x%08x can be read", msr);
	msr_refused(msr, 0);
}

#define FAULTS(name, title, signature, leaf, mask, msr) \
	TEST(name, "faults." title) \
	{ \
		check_fault(signature, leaf, mask, msr); \
	}
FAULTS(clock, "clock", KVM, 1, 1 << 3, MSR_KVM_CLOCK)
FAULTS(wall, "wall", KVM, 1, 1 << 3, MSR_KVM_WALL)
FAULTS(old, "old-clock", KVM, 1, 1, MSR_KVM_CLOCK_OLD)
FAULTS(steal, "steal", KVM, 1, 1 << 5, MSR_KVM_STEAL)
FAULTS(eoi, "eoi", KVM, 1, 1 << 6, MSR_KVM_EOI)
FAULTS(id, "id", HYPERV, 3, 0, MSR_HV_ID)
FAULTS(hypercall, "hypercall", HYPERV, 3, 1 << 5, MSR_HV_PAGE)
FAULTS(vp, "vp", HYPERV, 3, 1 << 6, MSR_HV_VP)
FAULTS(count, "count", HYPERV, 3, 1 << 1, MSR_HV_COUNT)
FAULTS(tsc, "tsc", HYPERV, 3, 1 << 9, MSR_HV_TSC)
FAULTS(freq, "freq", HYPERV, 3, 1 << 11, MSR_HV_TSC_HZ)
FAULTS(apic, "apic", HYPERV, 3, 1 << 4, MSR_HV_TPR)
FAULTS(stimer, "stimer", HYPERV, 3, 1 << 3, MSR_HV_TIMER)

/* Reads are served, and the first write. */
static void check_later(const char *signature, uint32_t n, uint32_t mask, uint32_t msr)
{
	check_announced(signature, n, mask);
	msr_get(msr);
	msr_set(msr, 0);
	msr_refused(msr, 0);
	msr_get(msr);
}

#define LATER(name, title, signature, leaf, mask, msr) \
	TEST(later_##name, "later." title) \
	{ \
		check_later(signature, leaf, mask, msr); \
	}
LATER(clock, "clock", KVM, 1, 1 << 3, MSR_KVM_CLOCK)
LATER(old, "old-clock", KVM, 1, 1, MSR_KVM_CLOCK_OLD)
LATER(steal, "steal", KVM, 1, 1 << 5, MSR_KVM_STEAL)
LATER(eoi, "eoi", KVM, 1, 1 << 6, MSR_KVM_EOI)
LATER(id, "id", HYPERV, 3, 0, MSR_HV_ID)
LATER(hypercall, "hypercall", HYPERV, 3, 1 << 5, MSR_HV_PAGE)
LATER(tsc, "tsc", HYPERV, 3, 1 << 9, MSR_HV_TSC)
LATER(apic, "apic", HYPERV, 3, 1 << 4, MSR_HV_TPR)
LATER(stimer, "stimer", HYPERV, 3, 1 << 3, MSR_HV_TIMER)

/* Nothing announced, and nothing served; hypercalls say so. */
TEST(without, "without.features")
{
	static const uint32_t msrs[] = {
		MSR_KVM_WALL_OLD, MSR_KVM_CLOCK_OLD, MSR_KVM_WALL, MSR_KVM_CLOCK, MSR_KVM_STEAL, MSR_KVM_EOI,
		MSR_HV_ID, MSR_HV_PAGE, MSR_HV_VP, MSR_HV_COUNT, MSR_HV_TSC, MSR_HV_TSC_HZ, MSR_HV_APIC_HZ,
		MSR_HV_EOI, MSR_HV_ICR, MSR_HV_TPR, MSR_HV_TIMER, MSR_HV_TIMER_COUNT, MSR_HV_TIMER_LAST,
	};
	uint32_t r[4];
	uint64_t value;

	played_leaf(KVM, 1, r);
	CHECK_EQ("KVM's features", r[0], 0);
	played_leaf(HYPERV, 3, r);
	CHECK_EQ("Hyper-V's features", r[0] | r[3], 0);
	played_leaf(HYPERV, 4, r);
	CHECK_EQ("recommendations", r[0], 0);
	CHECK_EQ("spins", r[1], ~0u);
	for (unsigned i = 0; i < sizeof(msrs) / sizeof(*msrs); i++) {
		CHECK(!msr_read(msrs[i], &value), "MSR 0x%08x can be read", msrs[i]);
		msr_refused(msrs[i], 0);
	}
	for (unsigned long n = 0; n < 16; n++)
		CHECK(kvm_call(n, 0, 0, 0, 0) == KVM_E_NOSYS, "call %lu is answered", n);
}
