// SPDX-License-Identifier: GPL-2.0-only
/* Hyper-V's interface as it is played honestly. */
#include "apic.h"
#include "layout.h"
#include "measure.h"
#include "paging.h"
#include "played.h"

enum { FEATURES = 0xa7a, FEATURES_D = 0x80110, HINTS = 0x80c, SPINS = 0xfff, READINGS = 200, APIC_TPR = 0x80,
       RAM_END = 0x04000000, UNITS_PER_MS = 10000 };
#define OWN_ID 0x8100000000000001ull

TEST(leaves, "hyperv.leaves")
{
	uint32_t r[4], leaf;

	if (!played_there(HYPERV, &leaf))
		return;
	raw_cpuid(leaf, 0, r);
	CHECK_EQ("highest leaf", r[0], leaf + 6);
	raw_cpuid(leaf + 1, 0, r);
	CHECK_EQ("interface", r[0], HV_INTERFACE);
	raw_cpuid(leaf + 3, 0, r);
	CHECK_EQ("features", r[0], FEATURES);
	CHECK_EQ("features, EDX", r[3], FEATURES_D);
	raw_cpuid(leaf + 4, 0, r);
	CHECK_EQ("recommendations", r[0], HINTS);
	CHECK_EQ("spins", r[1], SPINS);
	raw_cpuid(1, 0, r);
	CHECK(r[2] >> 31, "leaf 1 tells of no hypervisor");
}

static uint64_t tsc_ns(const volatile void *page)
{
	return tsc_now(page) * 100;
}

TEST(clock, "hyperv.clock")
{
	struct tsc_page *p = played_page(0);
	struct stretch from;
	uint64_t last = 0;

	msr_set(MSR_HV_TSC, played_at(p) | 1);
	CHECK(p->sequence, "the page is of no use");
	from = stretch_read(tsc_ns, p);
	for (unsigned i = 0; i < READINGS; i++) {
		uint64_t now = i & 1 ? msr_get(MSR_HV_COUNT) : tsc_now(p);

		CHECK(now + 1 >= last, "the clock went back by %llu units, page or MSR",
		      (unsigned long long)(last - now));
		last = now;
	}
	played_wait(20000);
	stretch_check("ns by the TSC page", from, stretch_read(tsc_ns, p));
	msr_set(MSR_HV_TSC, 0);
	p->sequence = 0;
	played_exit();
	CHECK_EQ("the sequence once withdrawn", p->sequence, 0);
	msr_refused(MSR_HV_TSC, RAM_END | 1);
	msr_refused(MSR_HV_COUNT, 0);
}

TEST(others, "hyperv.others")
{
	check_hz("TSC frequency", msr_get(MSR_HV_TSC_HZ), clocks.tsc_hz);
	check_hz("APIC frequency", msr_get(MSR_HV_APIC_HZ), clocks.apic_hz);
	CHECK_EQ("VP index", msr_get(MSR_HV_VP), 0);
	msr_refused(MSR_HV_VP, 0);
	msr_refused(0x40000080, 0);
	msr_refused(MSR_HV_TIMER_LAST + 1, 0);
}

TEST(calls, "hyperv.calls")
{
	void *page = played_page(0);
	struct flush_input *input = played_page(1);

	msr_set(MSR_HV_ID, 0);
	msr_set(MSR_HV_PAGE, played_at(page) | 1);
	CHECK_EQ("a page without a name", msr_get(MSR_HV_PAGE), 0);
	msr_set(MSR_HV_ID, OWN_ID);
	msr_refused(MSR_HV_PAGE, RAM_END | 1);
	msr_set(MSR_HV_PAGE, played_at(page) | 1);
	paging_set_executable(page, 4096, true);
	CHECK_EQ("long spin", hyperv_call(page, HV_CALL_SPIN | HV_CALL_FAST, 5), 0);
	*input = (struct flush_input){ .flags = 3 };
	CHECK_EQ("flush", hyperv_call(page, HV_CALL_FLUSH_SPACE, played_at(input)), 0);
	CHECK_EQ("flush of 2 pages", hyperv_call(page, 2ull << 32 | HV_CALL_FLUSH_LIST, played_at(input)),
		 2ull << 32);
	CHECK_EQ("flush, misaligned", hyperv_call(page, HV_CALL_FLUSH_SPACE, played_at(input) + 4),
		 HV_STATUS_ALIGNMENT);
	CHECK_EQ("flush, no memory", hyperv_call(page, HV_CALL_FLUSH_SPACE, RAM_END), HV_STATUS_PARAMETER);
	input->flags = 0x100;
	CHECK_EQ("flush, unknown flags", hyperv_call(page, HV_CALL_FLUSH_SPACE, played_at(input)),
		 HV_STATUS_PARAMETER);
	CHECK_EQ("fast flush", hyperv_call_fast(page, HV_CALL_FLUSH_SPACE, 0, 3), 0);
	CHECK_EQ("fast flush, unknown flags", hyperv_call_fast(page, HV_CALL_FLUSH_SPACE, 3, 0x100), HV_STATUS_PARAMETER);
	CHECK_EQ("call 0x77", hyperv_call(page, 0x77, 0), HV_STATUS_CODE);
	msr_set(MSR_HV_ID, 0);
	CHECK_EQ("the page once the name is gone", msr_get(MSR_HV_PAGE), 0);
	paging_set_executable(page, 4096, false);
}

static void end(void)
{
	raw_write_msr(MSR_HV_EOI, 0);
}

TEST(apic, "hyperv.apic")
{
	msr_set(MSR_HV_TPR, 0x30);
	CHECK_EQ("task priority in the APIC", apic_read(APIC_TPR), 0x30);
	CHECK_EQ("task priority", msr_get(MSR_HV_TPR), 0x30);
	msr_set(MSR_HV_TPR, 0);
	interrupts_start(end);
	msr_set(MSR_HV_ICR, (uint64_t)apic_id() << 56 | APIC_ICR_FIXED | VECTOR_RESCHEDULE);
	CHECK(interrupts_wait(1), "the IPI does not come");
	CHECK_EQ("in service after its end", apic_read(APIC_ISR + VECTOR_RESCHEDULE / 32 * 16), 0);
}
