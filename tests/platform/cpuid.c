// SPDX-License-Identifier: GPL-2.0-only
/* The leaves of the platforms, 0x100 from one to the next, in the order of the command line. */
#include "platform.h"
#include "math64.h"
#include "memory.h"

enum { HYPERV_VERSION = 0x000a0000, HYPERV_SPINS = 0xfff, HYPERV_VPS = 64, VMWARE_KHZ = 1000 };

#define ROW(name, kvm, a, d, hint, on) { kvm, a, d, hint },
enum kind { KVM_A, HYPERV_A, HYPERV_D, HYPERV_HINT };
static const uint32_t bits[][4] = { FEATURES(ROW) };

static uint32_t announced(enum kind kind)
{
	uint32_t all = 0;

	if (play.lies[LIE_features_all])
		return ~0u;
	for (unsigned f = 0; f < FEATURES_END && !play.lies[LIE_features_zero]; f++)
		all |= play.serves[f] ? bits[f][kind] : 0;
	return all;
}

static void kvm_leaf(uint32_t n, uint32_t r[4])
{
	if (n == 1)
		r[0] = announced(KVM_A);
}

static void hyperv_leaf(uint32_t n, uint32_t r[4])
{
	switch (n) {
	case 1: r[0] = play.lies[LIE_interface] ? ~HV_INTERFACE : HV_INTERFACE; break;
	case 2: r[1] = HYPERV_VERSION; break;
	case 3:
		r[0] = announced(HYPERV_A);
		r[3] = announced(HYPERV_D);
		break;
	case 4:
		r[0] = announced(HYPERV_HINT);
		r[1] = play.serves[F_spin] ? HYPERV_SPINS : ~0u;
		break;
	case 5: r[0] = HYPERV_VPS; break;
	}
}

static uint32_t khz(uint64_t hz)
{
	uint64_t told = clock_told(hz);

	return told == ~0ull ? ~0u : (uint32_t)divide64(told, VMWARE_KHZ, NULL);
}

static void vmware_leaf(uint32_t n, uint32_t r[4])
{
	if (n != VMWARE_CLOCKS)
		return;
	r[0] = khz(clock_tsc_hz());
	r[1] = khz(clock_apic_hz());
}

static void other_leaf(uint32_t n, uint32_t r[4])
{
	(void)n;
	(void)r;
}

static const struct {
	char signature[13];
	uint32_t last;
	void (*leaf)(uint32_t n, uint32_t r[4]);
} platforms[PLATFORMS] = {
	[KVM] = { "KVMKVMKVM", 1, kvm_leaf },
	[HYPERV] = { "Microsoft Hv", 6, hyperv_leaf },
	[OTHER] = { "OtherOtherOt", 0, other_leaf },
	[VMWARE] = { "VMwareVMware", VMWARE_CLOCKS, vmware_leaf },
};

bool leaf_read(uint32_t leaf, uint32_t r[4])
{
	uint32_t which = (leaf - LEAVES) / LEAVES_STEP, n = leaf % LEAVES_STEP, base = leaf - n;
	enum platform p;

	memset(r, 0, 4 * sizeof(*r));
	if (leaf < LEAVES || which >= play.count * (1u + play.lies[LIE_twice]))
		return false;
	p = play.order[which % play.count];
	if (n) {
		platforms[p].leaf(n, r);
		return true;
	}
	r[0] = play.lies[LIE_max_low] ? base - 1 : play.lies[LIE_max_wild] ? ~0u : base + platforms[p].last;
	memcpy(r + 1, platforms[p].signature, 12);
	return true;
}
