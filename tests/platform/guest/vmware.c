// SPDX-License-Identifier: GPL-2.0-only
/* VMware's leaf and port. `vmport` is the port alone. */
#include "math64.h"
#include "measure.h"
#include "played.h"
#include "port.h"

TEST(leaves, "vmware.leaves")
{
	uint32_t r[4];

	played_leaf(VMWARE, VMWARE_CLOCKS, r);
	check_hz("TSC frequency", r[0] * 1000ull, clocks.tsc_hz);
	check_hz("APIC frequency", r[1] * 1000ull, clocks.apic_hz);
}

static void check_port(void)
{
	struct port_answer a = port_ask(VMWARE_MAGIC, VMWARE_GET_VERSION);

	CHECK_EQ("version", a.eax, 6);
	CHECK_EQ("magic", a.ebx, VMWARE_MAGIC);
	a = port_ask(VMWARE_MAGIC, VMWARE_GET_HZ);
	check_hz("TSC frequency", (uint64_t)a.ebx << 32 | a.eax, clocks.tsc_hz);
	check_hz("APIC frequency", a.ecx, clocks.apic_hz);
	CHECK_EQ("another magic", port_ask(~VMWARE_MAGIC, VMWARE_GET_VERSION).eax, ~0u);
	CHECK_EQ("another command", port_ask(VMWARE_MAGIC, 0x7777).eax, ~0u);
}

TEST(port, "vmware.port")
{
	check_port();
}

TEST(alone, "vmport.alone")
{
	uint32_t leaf, r[4];

	CHECK(!played_find(VMWARE, 0, &leaf), "VMware's leaf is there, too");
	raw_cpuid(1, 0, r);
	CHECK(!(r[2] >> 31), "leaf 1 tells of a hypervisor");
	check_port();
}

/* Nothing is played: no leaf, no port, no hypercall. */
TEST(none, "none.nothing")
{
	uint32_t leaf;
	uint64_t value;

	CHECK(!played_find(KVM, 0, &leaf), "KVM's leaf is there");
	CHECK(!played_find(HYPERV, 0, &leaf), "Hyper-V's leaf is there");
	CHECK(!played_find(VMWARE, 0, &leaf), "VMware's leaf is there");
	CHECK_EQ("the port", port_ask(VMWARE_MAGIC, VMWARE_GET_VERSION).eax, ~0u);
	CHECK(call_faults(), "a hypercall is taken");
	CHECK(!msr_read(MSR_KVM_CLOCK, &value), "KVM's clock is there");
	CHECK(!msr_read(MSR_HV_ID, &value), "Hyper-V's guest id is there");
}
