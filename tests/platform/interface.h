/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the manuals of the platforms say, as far as the player and the guest that tests it need it:
 * numbers of MSRs and layouts of shared pages. The ROM has its own; so each is read twice.
 */
#ifndef INTERFACE_H
#define INTERFACE_H

#include <stdint.h>

#define LEAVES 0x40000000u /* the first platform's; the next one's 0x100 further */
#define LEAVES_STEP 0x100u

/* KVM. Pages: bit 0 of the MSR enables them, the rest is their physical address. */
#define MSR_KVM_WALL_OLD 0x11u
#define MSR_KVM_CLOCK_OLD 0x12u
#define MSR_KVM_WALL 0x4b564d00u
#define MSR_KVM_CLOCK 0x4b564d01u
#define MSR_KVM_STEAL 0x4b564d03u
#define MSR_KVM_EOI 0x4b564d04u
enum { KVM_CALL_KICK = 5, KVM_CALL_PAIRING = 9, KVM_CALL_IPI = 10, KVM_CALL_YIELD = 11,
       KVM_E_PERM = -1, KVM_E_NOSYS = -1000, KVM_TSC_STABLE = 1 };
struct clock_page {
	uint32_t version, pad; /* odd while it is written */
	uint64_t tsc, ns;
	uint32_t mul;
	int8_t shift;
	uint8_t flags, pad2[2];
};
struct wall_page {
	uint32_t version, seconds, ns;
};
struct steal_page {
	uint64_t ns;
	uint32_t version, flags;
	uint8_t preempted, pad[47];
};
_Static_assert(sizeof(struct clock_page) == 32 && sizeof(struct steal_page) == 64, "KVM's pages");

/* Hyper-V. */
#define MSR_HV_ID 0x40000000u
#define MSR_HV_PAGE 0x40000001u
#define MSR_HV_VP 0x40000002u
#define MSR_HV_COUNT 0x40000020u
#define MSR_HV_TSC 0x40000021u
#define MSR_HV_TSC_HZ 0x40000022u
#define MSR_HV_APIC_HZ 0x40000023u
#define MSR_HV_EOI 0x40000070u
#define MSR_HV_ICR 0x40000071u
#define MSR_HV_TPR 0x40000072u
#define MSR_HV_TIMER 0x400000b0u
#define MSR_HV_TIMER_COUNT 0x400000b1u
#define MSR_HV_TIMER_LAST 0x400000b3u /* each has both registers: timer 1's */
enum { HV_TIMER_ENABLED = 1, HV_TIMER_PERIODIC = 2, HV_TIMER_AUTO = 8, HV_TIMER_VECTOR = 1 << 4,
       HV_TIMER_DIRECT = 1 << 12 };
enum { HV_CALL_FLUSH_SPACE = 2, HV_CALL_FLUSH_LIST = 3, HV_CALL_SPIN = 8, HV_CALL_FLUSH_SPACE_EX = 0x13,
       HV_CALL_FLUSH_LIST_EX = 0x14, HV_CALL_FAST = 1 << 16 };
enum { HV_STATUS_CODE = 2, HV_STATUS_INPUT = 3, HV_STATUS_ALIGNMENT = 4, HV_STATUS_PARAMETER = 5 };
#define HV_INTERFACE 0x31237648u /* "Hv#1" */
#define HV_UNITS 10000000u       /* of its clocks in a second */
struct tsc_page {
	uint32_t sequence, reserved; /* 0: of no use */
	uint64_t scale;
	int64_t offset;
};
struct flush_input {
	uint64_t space, flags, mask;
};

/* VMware: a read of 4 bytes with the magic in EAX and a command in CX. */
#define VMWARE_PORT 0x5658u
#define VMWARE_MAGIC 0x564d5868u
enum { VMWARE_GET_VERSION = 10, VMWARE_GET_HZ = 45, VMWARE_CLOCKS = 0x10 };

#endif
