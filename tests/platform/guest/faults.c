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
FAULTS(clock, "clock", KVM, 1, 9, MSR_KVM_CLOCK)
FAULTS(wall, "wall", KVM, 1, 9, MSR_KVM_WALL)
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
LATER(clock, "clock", KVM, 1, 9, MSR_KVM_CLOCK)
LATER(steal, "steal", KVM, 1, 1 << 5, MSR_KVM_STEAL)
LATER(eoi, "eoi", KVM, 1, 1 << 6, MSR_KVM_EOI)
LATER(id, "id", HYPERV, 3, 0, MSR_HV_ID)
LATER(hypercall, "hypercall", HYPERV, 3, 1 << 5, MSR_HV_PAGE)
LATER(tsc, "tsc", HYPERV, 3, 1 << 9, MSR_HV_TSC)
LATER(apic, "apic", HYPERV, 3, 1 << 4, MSR_HV_TPR)
LATER(stimer, "stimer", HYPERV, 3, 1 << 3, MSR_HV_TIMER)
