// SPDX-License-Identifier: GPL-2.0-only
/* Control and debug registers, CPUID, counters: each slot held against the instruction. */
#include "check.h"
#include "cpu.h"
#include "raw.h"
#include "site.h"

static void test_cpuid(void)
{
	static const uint32_t leaves[][2] = {
		{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 4, 0 }, { 4, 1 }, { 0x40000000, 0 },
		{ 0x80000000, 0 }, { 0x80000002, 0 },
	};
	uint32_t differ = 0;

	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		uint32_t eax = leaves[i][0], ebx = 0, ecx = leaves[i][1], edx = 0, r[4];

		raw_cpuid(r, eax, ecx);
		pv_cpu_ops.cpuid(&eax, &ebx, &ecx, &edx);
		differ += eax != r[0] || ebx != r[1] || ecx != r[2] || edx != r[3];
	}
	check_equal("cpuid", differ, 0);
}

static void test_control(void)
{
	uint32_t cr0 = raw_read_cr0(), cr3 = raw_read_cr3(), cr4 = raw_read_cr4();

	check_equal("read_cr0", pv_cpu_ops.read_cr0(), cr0);
	pv_cpu_ops.write_cr0(cr0 | CR0_TS);
	check_equal("write_cr0", raw_read_cr0(), cr0 | CR0_TS);
	pv_cpu_ops.clts();
	check_equal("clts", raw_read_cr0(), cr0 & ~CR0_TS);
	pv_cpu_ops.write_cr0(cr0);
	pv_mmu_ops.write_cr2(0xc0ffee00);
	check_equal("write_cr2", raw_read_cr2(), 0xc0ffee00);
	raw_write_cr2(0x12345678);
	check_equal("read_cr2", pv_mmu_ops.read_cr2(), 0x12345678);
	check_equal("read_cr3", pv_mmu_ops.read_cr3(), cr3);
	pv_mmu_ops.write_cr3(cr3 | 0x8); /* PWT: a bit that may be seen */
	check_equal("write_cr3", raw_read_cr3(), cr3 | 0x8);
	pv_mmu_ops.write_cr3(cr3);
	check_equal("read_cr4", pv_cpu_ops.read_cr4(), cr4);
	pv_cpu_ops.write_cr4(cr4 ^ CR4_TSD);
	check_equal("write_cr4", raw_read_cr4(), cr4 ^ CR4_TSD);
	pv_cpu_ops.write_cr4(cr4);
}

static void test_debug(void)
{
	static const uint32_t value[] = { 0x1000, 0x2004, 0x3008, 0x400c, 0, 0, 0xffff0ff1, 0x700 };
	uint32_t written = 0, read = 0;

	for (uint32_t n = 0; n < 8; n++)
		if (n != 4 && n != 5)
			pv_cpu_ops.set_debugreg(n, value[n]);
	for (uint32_t n = 0; n < 8; n++)
		if (n != 4 && n != 5) {
			written += native_cpu_ops.get_debugreg(n) != value[n];
			read += pv_cpu_ops.get_debugreg(n) != value[n];
		}
	check_equal("set_debugreg", written, 0);
	check_equal("get_debugreg", read, 0);
	native_cpu_ops.set_debugreg(7, 0x400);
}

void test_cpu_ops(void)
{
	uint64_t before, between, after;
	uint32_t flags;
	volatile uint32_t memory = 0x600d;

	test_cpuid();
	test_control();
	test_debug();
	pv_cpu_ops.wbinvd();
	check_equal("wbinvd", memory, 0x600d);
	before = native_cpu_ops.read_tsc();
	between = pv_cpu_ops.read_tsc();
	after = native_cpu_ops.read_tsc();
	check("read_tsc", before <= between && between <= after && before < after,
	      "the counter does not move forward");
	flags = irq_save();
	pv_cpu_ops.set_iopl_mask(EFLAGS_IOPL);
	check_equal("set_iopl_mask", raw_eflags() & (EFLAGS_IOPL | EFLAGS_IF), EFLAGS_IOPL);
	pv_cpu_ops.set_iopl_mask(0);
	check_equal("set_iopl_mask_0", raw_eflags() & (EFLAGS_IOPL | EFLAGS_IF), 0);
	pv_cpu_ops.io_delay();
	check("io_delay", !(raw_eflags() & EFLAGS_IF), "it changed the interrupt flag");
	irq_restore(flags);
}
