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
	{ 0x11, 0x11, KVM, F_wall }, { 0x12, 0x12, KVM, F_clock },
	{ 0x4b564d00, 0x4b564d00, KVM, F_wall }, { 0x4b564d01, 0x4b564d01, KVM, F_clock },
	{ 0x4b564d03, 0x4b564d03, KVM, F_steal }, { 0x4b564d04, 0x4b564d04, KVM, F_eoi },
	{ 0x40000000, 0x40000000, HYPERV, F_id }, { 0x40000001, 0x40000001, HYPERV, F_hypercall },
	{ 0x40000002, 0x40000002, HYPERV, F_vp }, { 0x40000020, 0x40000020, HYPERV, F_count },
	{ 0x40000021, 0x40000021, HYPERV, F_tsc }, { 0x40000022, 0x40000023, HYPERV, F_freq },
	{ 0x40000070, 0x40000072, HYPERV, F_apic }, { 0x400000b0, 0x400000b1, HYPERV, F_stimer },
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
	uint32_t key = msr == 0x12 ? 0x4b564d01 : msr;
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
