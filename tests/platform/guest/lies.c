// SPDX-License-Identifier: GPL-2.0-only
/* Lies about what there is: leaves, hypercalls, frequencies, the port. Each is what it says. */
#include "paging.h"
#include "played.h"
#include "port.h"

enum { KVM_RUBBISH = 0x5a5a1234, FILL = 0x5a5a5a5a };
#define HYPERV_RUBBISH 0x5a5a5a5a5a5a1234ull

TEST(twice, "lie.twice")
{
	uint32_t first, second, a[4], b[4];

	if (!played_there(KVM, &first) || !CHECK(played_find(KVM, 1, &second), "it is there once"))
		return;
	raw_cpuid(first + 1, 0, a);
	raw_cpuid(second + 1, 0, b);
	CHECK_EQ("features the second time", b[0], a[0]);
	CHECK(!played_find(KVM, 2, &second), "it is there three times");
}

TEST(hidden, "lie.hidden")
{
	uint32_t leaf, r[4];

	played_there(KVM, &leaf);
	raw_cpuid(1, 0, r);
	CHECK(!(r[2] >> 31), "leaf 1 tells of a hypervisor");
}

static void check_highest(const char *signature, uint32_t expected, bool below)
{
	uint32_t leaf, r[4];

	if (!played_there(signature, &leaf))
		return;
	raw_cpuid(leaf, 0, r);
	CHECK_EQ("highest leaf", r[0], below ? leaf - 1 : expected);
}

TEST(low, "lie.max-low")
{
	check_highest(KVM, 0, true);
	check_highest(HYPERV, 0, true);
	check_highest(VMWARE, 0, true);
}

TEST(wild, "lie.max-wild")
{
	check_highest(KVM, ~0u, false);
	check_highest(HYPERV, ~0u, false);
	check_highest(VMWARE, ~0u, false);
}

TEST(zero, "lie.features-zero")
{
	uint32_t r[4];

	played_leaf(KVM, 1, r);
	CHECK_EQ("KVM's features", r[0], 0);
	played_leaf(HYPERV, 3, r);
	CHECK_EQ("Hyper-V's features", r[0] | r[3], 0);
	CHECK_EQ("KVM's clock", msr_get(MSR_KVM_CLOCK), 0);
	msr_get(MSR_HV_COUNT);
}

TEST(all, "lie.features-all")
{
	uint32_t r[4];

	played_leaf(KVM, 1, r);
	CHECK_EQ("KVM's features", r[0], ~0u);
	played_leaf(HYPERV, 3, r);
	CHECK_EQ("Hyper-V's features", r[0] & r[3], ~0u);
	msr_refused(0x4b564d02, played_at(played_page(0)) | 1); /* asynchronous page faults */
	msr_refused(0x40000080, 1);                             /* SynIC */
}

TEST(interface, "lie.interface")
{
	uint32_t r[4];

	played_leaf(HYPERV, 1, r);
	CHECK(r[0] != HV_INTERFACE, "the interface is Hyper-V's");
}

static void check_frequency(uint32_t low, uint32_t high, uint32_t khz)
{
	struct port_answer a = port_ask(VMWARE_MAGIC, VMWARE_GET_HZ);
	uint64_t told = (uint64_t)high << 32 | low;
	uint32_t r[4];

	CHECK_EQ("Hyper-V's TSC", msr_get(MSR_HV_TSC_HZ), told);
	CHECK_EQ("Hyper-V's APIC", msr_get(MSR_HV_APIC_HZ), told);
	CHECK_EQ("the port's TSC", (uint64_t)a.ebx << 32 | a.eax, told);
	CHECK_EQ("the port's APIC", a.ecx, low);
	played_leaf(VMWARE, VMWARE_CLOCKS, r);
	CHECK_EQ("VMware's TSC", r[0], khz);
	CHECK_EQ("VMware's APIC", r[1], khz);
}

TEST(no_hz, "lie.freq-zero")
{
	check_frequency(0, 0, 0);
}

TEST(wild_hz, "lie.freq-wild")
{
	check_frequency(~0u, ~0u, ~0u);
}

static void set_page(void *page)
{
	msr_set(MSR_HV_ID, 1);
	msr_set(MSR_HV_PAGE, played_at(page) | 1);
}

TEST(rubbish, "lie.hypercall-rubbish")
{
	void *page = played_page(0);

	CHECK_EQ("KVM's answer", (uint32_t)kvm_call(KVM_CALL_KICK, 0, 0, 0, 0), KVM_RUBBISH);
	set_page(page);
	paging_set_executable(page, 4096, true);
	CHECK_EQ("Hyper-V's answer", hyperv_call(page, HV_CALL_SPIN, 0), HYPERV_RUBBISH);
	paging_set_executable(page, 4096, false);
	msr_set(MSR_HV_ID, 0);
}

TEST(faults, "lie.hypercall-faults")
{
	CHECK(call_faults(), "KVM's hypercall is taken");
	set_page(played_page(0));
	CHECK(call_faults(), "Hyper-V's hypercall is taken");
	msr_set(MSR_HV_ID, 0);
}

TEST(page, "lie.page-empty")
{
	uint32_t *page = played_page(0);

	set_page(page);
	CHECK_EQ("the page's first word", page[0], FILL);
	msr_set(MSR_HV_ID, 0);
}

TEST(vp, "lie.vp-wild")
{
	CHECK_EQ("VP index", msr_get(MSR_HV_VP), ~0u);
}

TEST(magic, "lie.port-magic")
{
	struct port_answer a = port_ask(VMWARE_MAGIC, VMWARE_GET_VERSION);

	CHECK_EQ("version", a.eax, 6);
	CHECK(a.ebx != VMWARE_MAGIC, "the magic is right");
}

TEST(dead, "lie.port-dead")
{
	uint32_t leaf;

	played_there(VMWARE, &leaf);
	CHECK_EQ("version", port_ask(VMWARE_MAGIC, VMWARE_GET_VERSION).eax, ~0u);
}
