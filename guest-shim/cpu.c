// SPDX-License-Identifier: GPL-2.0-only
/* What this processor has. Everything is asked for: the guest also runs on a 486. */
#include "arch.h"
#include "cpu.h"
#include "hypervisor.h"
#include "trap.h"

static bool has_cpuid, has_cr4;
static uint32_t features, features_ecx;
static unsigned family = 4;

/* CPUID exists where EFLAGS.ID can be changed. */
static bool probe_cpuid(void)
{
	uintptr_t before, after;

	asm volatile("pushf\n\tpushf\n\tpop %0\n\tmov %0, %1\n\txor %2, %1\n\t"
		     "push %1\n\tpopf\n\tpushf\n\tpop %1\n\tpopf"
		     : "=&r"(before), "=&r"(after) : "r"((uintptr_t)EFLAGS_ID) : "cc");
	return (before ^ after) & EFLAGS_ID;
}

static void read_cr4(void *unused)
{
	(void)unused;
	raw_read_cr4();
}

void cpu_init(void)
{
	uint32_t r[4];

	has_cpuid = probe_cpuid();
	has_cr4 = !trap_guard(read_cr4, NULL, NULL);
	if (!has_cpuid)
		return;
	raw_cpuid(0, 0, r);
	if (r[0] >= 1) {
		raw_cpuid(1, 0, r);
		features = r[3];
		features_ecx = r[2];
		family = r[0] >> 8 & 15;
	}
}

bool cpu_has_cpuid(void)
{
	return has_cpuid;
}

void cpu_note_hypervisor(void)
{
	uint32_t known[4] = { 0, 0, features_ecx, features }, signature[4] = { 0 };

	if (has_cpuid)
		raw_cpuid(CPUID_HYPERVISOR, 0, signature);
	hypervisor_note(known, signature);
}

bool cpu_has_x2apic(void)
{
	return features_ecx & CPUID1_ECX_X2APIC;
}

bool cpu_has_cr4(void)
{
	return has_cr4;
}

unsigned cpu_family(void)
{
	return family;
}

bool cpu_has(enum cpu_feature feature)
{
	return features >> feature & 1;
}
