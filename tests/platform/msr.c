// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which MSRs a platform serves, which ones fault all the same, and what is registered in them:
 *
 *   platform msr 0xMSR set 0xVALUE        the guest gave memory, or a name
 *   platform msr 0xMSR withdrawn 0xVALUE  and took it back
 *   platform msr 0xMSR filled 0xADDRESS   KVM's wall clock, which is written once
 *   platform msr 0xMSR refused read|write 0xVALUE   #GP; at most FAULT_LINES of these
 */
#include "platform.h"
#include "console.h"

enum { FAULT_LINES = 32, REGISTERED = 8 };

static const struct {
	uint32_t first, last;
	enum platform platform;
	enum feature feature;
} rows[] = {
	{ MSR_KVM_WALL_OLD, MSR_KVM_WALL_OLD, KVM, F_old_clock },
	{ MSR_KVM_CLOCK_OLD, MSR_KVM_CLOCK_OLD, KVM, F_old_clock },
	{ MSR_KVM_WALL, MSR_KVM_WALL, KVM, F_wall },
	{ MSR_KVM_CLOCK, MSR_KVM_CLOCK, KVM, F_clock },
	{ MSR_KVM_STEAL, MSR_KVM_STEAL, KVM, F_steal },
	{ MSR_KVM_EOI, MSR_KVM_EOI, KVM, F_eoi },
	{ MSR_HV_ID, MSR_HV_ID, HYPERV, F_id },
	{ MSR_HV_PAGE, MSR_HV_PAGE, HYPERV, F_hypercall },
	{ MSR_HV_VP, MSR_HV_VP, HYPERV, F_vp },
	{ MSR_HV_COUNT, MSR_HV_COUNT, HYPERV, F_count },
	{ MSR_HV_TSC, MSR_HV_TSC, HYPERV, F_tsc },
	{ MSR_HV_TSC_HZ, MSR_HV_APIC_HZ, HYPERV, F_freq },
	{ MSR_HV_EOI, MSR_HV_TPR, HYPERV, F_apic },
	{ MSR_HV_TIMER, MSR_HV_TIMER_LAST, HYPERV, F_stimer },
};
static uint32_t writes[FEATURE_MSRS];
static struct { uint32_t msr; uint64_t value; } registered[REGISTERED];

static bool refuse(uint32_t msr, bool write, uint64_t value)
{
	static unsigned lines;

	if (lines++ < FAULT_LINES)
		printf("platform msr 0x%08x refused %s 0x%llx\n", msr, write ? "write" : "read",
		       (unsigned long long)value);
	return false;
}

static bool access(uint32_t msr, bool write, uint64_t *value)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum feature f = rows[i].feature;
		bool kvm = rows[i].platform == KVM;

		if (msr < rows[i].first || msr > rows[i].last)
			continue;
		if (!play.plays[rows[i].platform] || !play.serves[f] || play.faults[f] ||
		    (f == F_wall && !play.serves[F_clock]) ||
		    (write && play.later[f] && writes[f]))
			return false;
		writes[f] += write;
		if (write)
			return kvm ? kvm_msr_write(msr, *value) : hyperv_msr_write(msr, *value);
		return kvm ? kvm_msr_read(msr, value) : hyperv_msr_read(msr, value);
	}
	return false;
}

bool platform_msr_read(uint32_t msr, uint64_t *value)
{
	*value = 0;
	return access(msr, false, value) || refuse(msr, false, 0);
}

bool platform_msr_write(uint32_t msr, uint64_t value)
{
	return access(msr, true, &value) || refuse(msr, true, value);
}

void msr_note(uint32_t msr, uint64_t value, bool set)
{
	uint32_t key = msr == MSR_KVM_CLOCK_OLD ? MSR_KVM_CLOCK : msr;
	unsigned i = 0;

	printf("platform msr 0x%08x %s 0x%llx\n", msr, set ? "set" : "withdrawn", (unsigned long long)value);
	while (i < REGISTERED - 1 && registered[i].msr && registered[i].msr != key)
		i++;
	registered[i].msr = key;
	registered[i].value = set ? value : 0;
}

void msr_print(void)
{
	for (unsigned i = 0; i < REGISTERED; i++)
		if (registered[i].value)
			printf("platform left 0x%08x 0x%llx\n", registered[i].msr,
			       (unsigned long long)registered[i].value);
}
