// SPDX-License-Identifier: GPL-2.0-only
/*
 * What 64 bit alone has: the user's GS, by its effect, and arguments of ../calls_3_2.c that are out
 * of range there alone.
 */
#include "cpu.h"
#include "percpu.h"
#include "pv_ops.h"
#include "test.h"

#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u
#define USER_BASE 0x0000123456789000u
#define SEGMENT_BASE 0x12345000u
#define NOT_CANONICAL ((const void *)0x1000000000000000u)
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

TEST(canonical, "address.canonical", VMI_CALL_VcpuWait, VMI_CALL_SetIOBitmap)
{
	CHECK_EQ("a wait", vmi_ops.vcpu_wait(NOT_CANONICAL, 0, 4), VMI_REFUSED_ADDRESS);
	CHECK_EQ("a bitmap", vmi_ops.set_io_bitmap(NOT_CANONICAL, 1), VMI_REFUSED_ADDRESS);
}

TEST(frames, "mmu.visibility-frames", VMI_CALL_SetPageVisibility)
{
	CHECK_EQ("pages above 2^40", vmi_ops.set_page_visibility(1ull << 40, 1, 0), VMI_REFUSED_RANGE);
	CHECK_EQ("the last of them", vmi_ops.set_page_visibility((1ull << 40) - 1, 2, 0),
		 VMI_REFUSED_RANGE);
	CHECK_EQ("the last that there is", vmi_ops.set_page_visibility((1ull << 40) - 1, 1, 0),
		 VMI_REFUSED_OK);
}
