// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two platforms at once, Hyper-V first: both are whole, and the hypercall is Hyper-V's once it has a
 * page. And what belongs to no one platform.
 */
#include "mark.h"
#include "paging.h"
#include "played.h"

TEST(order, "both.order")
{
	uint32_t kvm, hyperv;

	if (!played_there(KVM, &kvm) || !played_there(HYPERV, &hyperv))
		return;
	CHECK_EQ("Hyper-V's leaf", hyperv, LEAVES);
	CHECK_EQ("KVM's leaf", kvm, LEAVES + LEAVES_STEP);
}

/* Behind one that nobody knows. */
TEST(other, "other.first")
{
	uint32_t leaf, r[4];

	CHECK(played_find(OTHER, 0, &leaf) && leaf == LEAVES, "the unknown one is not first");
	raw_cpuid(LEAVES + 1, 0, r);
	CHECK_EQ("what it announces", r[0] | r[1] | r[2] | r[3], 0);
	CHECK(played_there(KVM, &leaf) && leaf == LEAVES + LEAVES_STEP, "KVM is not second");
	msr_get(MSR_KVM_CLOCK);
}

TEST(calls, "both.calls")
{
	void *page = played_page(0);

	CHECK(kvm_call(77, 0, 0, 0, 0) == KVM_E_NOSYS, "KVM does not answer");
	msr_set(MSR_HV_ID, 1);
	msr_set(MSR_HV_PAGE, played_at(page) | 1);
	paging_set_executable(page, 4096, true);
	CHECK_EQ("Hyper-V's answer", hyperv_call(page, 0x77, 0), HV_STATUS_CODE);
	paging_set_executable(page, 4096, false);
	msr_set(MSR_HV_ID, 0);
	CHECK(kvm_call(77, 0, 0, 0, 0) == KVM_E_NOSYS, "KVM does not answer any more");
}

/* with:vmcall. Any other instruction that does not exist still faults. */
TEST(vmcall, "vmcall.kick")
{
	unsigned long number = KVM_CALL_KICK;

	asm volatile(".byte 0x0f, 0x01, 0xc1" : "+a"(number) : "b"(0), "c"(0), "d"(0), "S"(0) : "memory");
	CHECK_EQ("kick", number, 0);
	CHECK(ud_faults(), "UD2 does not fault");
}

/* Exits are counted between marks: just those. */
TEST(marks, "both.marks")
{
	mark(MARK_START);
	for (unsigned i = 0; i < 3; i++)
		played_exit();
	kvm_call(KVM_CALL_YIELD, 0, 0, 0, 0);
	mark(7);
	CHECK(true, "the run list looks at what is printed");
}

/* Never withdrawn: the player says so at the end. */
TEST(left, "left.clock")
{
	msr_set(MSR_KVM_STEAL, played_at(played_page(1)) | 1);
	msr_set(MSR_KVM_CLOCK, played_at(played_page(0)) | 1);
	msr_set(MSR_KVM_STEAL, 0);
}
