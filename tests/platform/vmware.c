// SPDX-License-Identifier: GPL-2.0-only
/* VMware's port: a read of 4 bytes with its magic in EAX and a command in CX. */
#include "platform.h"
#include "console.h"

enum { VERSION = 6, PRODUCT_SERVER = 2 };
#define NOTHING 0xffffffffu

static uint32_t versions, clocks_told, unknown;

void vmware_port(void)
{
	uint64_t hz = clock_told(clock_tsc_hz());

	if (!(play.plays[VMWARE] || play.port) || play.lies[LIE_port_dead] || (uint32_t)vmcb.rax != VMWARE_MAGIC) {
		vmcb.rax = NOTHING;
		return;
	}
	switch (*reg(ECX) & 0xffff) {
	case VMWARE_GET_VERSION:
		versions++;
		vmcb.rax = VERSION;
		*reg(EBX) = play.lies[LIE_port_magic] ? ~VMWARE_MAGIC : VMWARE_MAGIC;
		*reg(ECX) = PRODUCT_SERVER;
		return;
	case VMWARE_GET_HZ:
		clocks_told++;
		vmcb.rax = (uint32_t)hz;
		*reg(EBX) = (uint32_t)(hz >> 32);
		*reg(ECX) = (uint32_t)clock_told(clock_apic_hz());
		return;
	default:
		unknown++;
		vmcb.rax = NOTHING;
	}
}

void vmware_print(void)
{
	if (versions)
		printf("platform vmware port version %u\n", versions);
	if (clocks_told)
		printf("platform vmware port hz %u\n", clocks_told);
	if (unknown)
		printf("platform vmware port unknown %u\n", unknown);
}
