// SPDX-License-Identifier: GPL-2.0-only
/*
 * What 4.0 added, by its effect: the user's GS, model-specific registers (those that are not there
 * fault at no processor of QEMU's), other processors, ports and pages. Natively some of it does
 * nothing; the arguments count all the same.
 */
#include "cpu.h"
#include "irq.h"
#include "memory.h"
#include "percpu.h"
#include "pv_ops.h"
#include "test.h"

#define MSR_SYSENTER_CS 0x174u
#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u
#define USER_BASE 0x0000123456789000u
#define SEGMENT_BASE 0x12345000u
#define NOT_CANONICAL ((const void *)0x1000000000000000u)
#define SOON 20000u /* PIT ticks: 17 ms */
#define BEYOND 0xfff8u /* behind the GDT's limit */

TEST(swapgs, "gs.swap", VMI_CALL_SwapGS)
{
	uint32_t flags = raw_eflags();
	uint64_t user = raw_read_msr(MSR_KERNEL_GS_BASE), kernel = raw_read_msr(MSR_GS_BASE);
	uint64_t found, other;

	raw_cli();
	raw_write_msr(MSR_KERNEL_GS_BASE, USER_BASE);
	pv_cpu_ops.swapgs();
	found = raw_read_msr(MSR_GS_BASE);
	other = raw_read_msr(MSR_KERNEL_GS_BASE);
	raw_write_msr(MSR_GS_BASE, kernel);
	raw_write_msr(MSR_KERNEL_GS_BASE, user);
	raw_restore_if(flags);
	CHECK_EQ("GS base", found, USER_BASE);
	CHECK_EQ("the other one", other, kernel);
}

/* One load. Result: whether it was refused; *base: that of the user's GS behind it. */
static bool load(uint32_t selector, uint64_t *base)
{
	uint64_t kernel = raw_read_msr(MSR_GS_BASE);
	bool refused;

	raw_write_msr(MSR_KERNEL_GS_BASE, USER_BASE);
	refused = pv_cpu_ops.load_gs_index(selector);
	*base = raw_read_msr(MSR_KERNEL_GS_BASE);
	CHECK_EQ("the kernel's GS base", raw_read_msr(MSR_GS_BASE), kernel);
	return refused;
}

TEST(gs_index, "gs.index", VMI_CALL_LoadGSIndex)
{
	uint64_t base, user = raw_read_msr(MSR_KERNEL_GS_BASE);
	struct descriptor d = segment_descriptor(SEGMENT_BASE, 0xfff, SEG_DATA_BYTES);
	struct descriptor absent = { d.low, d.high & ~0x8000u };
	uint16_t selector;

	this_cpu()->gdt[SEL_TEST / 8] = d;
	CHECK(!load(SEL_TEST, &base), "a good selector is refused");
	CHECK_EQ("base of the user's GS", base, SEGMENT_BASE);
	asm volatile("mov %%gs, %0" : "=r"(selector));
	CHECK_EQ("GS", selector, SEL_TEST);
	this_cpu()->gdt[SEL_TEST / 8] = absent;
	CHECK(load(SEL_TEST, &base), "an absent segment is not refused");
	asm volatile("mov %%gs, %0" : "=r"(selector));
	CHECK_EQ("GS behind an absent segment", selector, 0);
	CHECK(load(BEYOND, &base), "a selector behind the table is not refused");
	CHECK(load(SEL_TSS, &base), "a system segment is not refused");
	CHECK(!load(0, &base) && !load(3, &base), "a null selector is refused");
	this_cpu()->gdt[SEL_TEST / 8] = (struct descriptor){ 0, 0 };
	pv_cpu_ops.load_gs_index(0);
	raw_write_msr(MSR_KERNEL_GS_BASE, user);
}

TEST(msr, "msr.safe", VMI_CALL_ReadMSRSafe, VMI_CALL_WriteMSRSafe)
{
	int error = 1;
	uint64_t old = pv_cpu_ops.read_msr(MSR_SYSENTER_CS, &error);

	CHECK_EQ("error of a register that is there", error, 0);
	CHECK_EQ("error of its write", pv_cpu_ops.write_msr(MSR_SYSENTER_CS, SEL_KERNEL_CODE, 0), 0);
	CHECK_EQ("what was written", raw_read_msr(MSR_SYSENTER_CS), SEL_KERNEL_CODE);
	CHECK_EQ("what is read", pv_cpu_ops.read_msr(MSR_SYSENTER_CS, &error), SEL_KERNEL_CODE);
	raw_write_msr(MSR_SYSENTER_CS, old);
}

static volatile unsigned ticks;

/* Once more, for a halt that began behind the first. */
static void tick(void)
{
	ticks++;
	pit_one_shot(SOON);
}

/* HLT alone comes back by an interrupt if they are on, and does not turn them off. */
TEST(halt, "halt.only", VMI_CALL_HaltOnly)
{
	raw_cli();
	ticks = 0;
	irq_set_handler(IRQ_PIT, tick);
	pit_one_shot(SOON);
	irq_unmask(IRQ_PIT);
	raw_sti();
	for (int i = 0; i < 3; i++) {
		unsigned before = ticks;

		for (int again = 0; again < 1000 && ticks == before; again++)
			pv_irq_ops.halt(); /* it may come back for no reason */
		CHECK(ticks != before, "halt comes back without an interrupt");
		CHECK(raw_eflags() & EFLAGS_IF, "halt turned interrupts off");
	}
	raw_cli();
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
}

TEST(state, "vcpu.state", VMI_CALL_GetVcpuState)
{
	CHECK_EQ("a processor that runs", vmi_ops.get_vcpu_state(0), VMI_VCPU_RUNNING);
	CHECK_EQ("no processor", vmi_ops.get_vcpu_state(0xfffffffe), VMI_VCPU_RUNNING);
}

/* Nobody waits here: the memory holds something else, or the processor was kicked before. */
TEST(wait, "vcpu.wait", VMI_CALL_VcpuWait, VMI_CALL_VcpuKick)
{
	static uint64_t word __attribute__((aligned(8))) = 0x1122334455667788u;
	const char *bytes = (const char *)&word;
	static const uint32_t bad[] = { 0, 3, 5, 6, 7, 9, 16, 0x80000000u, 0xffffffffu };

	for (uint32_t size = 1; size <= 8; size *= 2)
		CHECK_EQ("a wait for what is not there", vmi_ops.vcpu_wait(&word, 0, size), VMI_REFUSED_OK);
	vmi_ops.vcpu_kick(0);
	vmi_ops.vcpu_kick(0xfffffffe);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_EQ("a size", vmi_ops.vcpu_wait(&word, 0, bad[i]), VMI_REFUSED_SIZE);
	for (uint32_t size = 2; size <= 8; size *= 2)
		CHECK_EQ("an address", vmi_ops.vcpu_wait(bytes + size / 2, 0, size), VMI_REFUSED_ALIGN);
	CHECK_EQ("an address that is not canonical", vmi_ops.vcpu_wait(NOT_CANONICAL, 0, 4),
		 VMI_REFUSED_ADDRESS);
}

TEST(ports, "cpu.io-bitmap", VMI_CALL_SetIOBitmap)
{
	static uint8_t bitmap[8192];

	CHECK_EQ("all ports", vmi_ops.set_io_bitmap(bitmap, sizeof(bitmap)), VMI_REFUSED_OK);
	CHECK_EQ("too many", vmi_ops.set_io_bitmap(bitmap, sizeof(bitmap) + 1), VMI_REFUSED_SIZE);
	CHECK_EQ("as many as there are numbers", vmi_ops.set_io_bitmap(bitmap, 0xffffffffu),
		 VMI_REFUSED_SIZE);
	CHECK_EQ("an address that is not canonical", vmi_ops.set_io_bitmap(NOT_CANONICAL, 1),
		 VMI_REFUSED_ADDRESS);
	CHECK_EQ("none", vmi_ops.set_io_bitmap(bitmap, 0), VMI_REFUSED_OK);
}

TEST(visibility, "mmu.visibility", VMI_CALL_SetPageVisibility)
{
	CHECK_EQ("no pages", vmi_ops.set_page_visibility(0, 0, 0), VMI_REFUSED_OK);
	CHECK_EQ("no such kind", vmi_ops.set_page_visibility(0, 1, VMI_VISIBILITY_SHARED | 2),
		 VMI_REFUSED_KIND);
	CHECK_EQ("pages that wrap", vmi_ops.set_page_visibility(~0ull, 1, 0), VMI_REFUSED_RANGE);
	CHECK_EQ("pages above 2^40", vmi_ops.set_page_visibility(1ull << 40, 1, 0), VMI_REFUSED_RANGE);
	CHECK_EQ("the last of them", vmi_ops.set_page_visibility((1ull << 40) - 1, 2, 0),
		 VMI_REFUSED_RANGE);
}
