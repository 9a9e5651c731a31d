// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control registers: what is written through a slot stands in the register, what is read
 * through a slot is what stands there, and no other bit moves.
 */
#include "cpu.h"
#include "mm.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

#define READ(slot) ((uint32_t)probe_result((uintptr_t)(slot)))

TEST(cr0, "cr.cr0", VMI_CALL_SetCR0, VMI_CALL_GetCR0)
{
	static const uint32_t bits[] = { CR0_TS, CR0_NE, CR0_MP, CR0_AM, CR0_WP };
	uint32_t old = raw_read_cr0();

	CHECK_EQ("read_cr0", READ(pv_cpu_ops.read_cr0), old);
	for (unsigned i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		pv_cpu_ops.write_cr0(old ^ bits[i]);
		CHECK_EQ("CR0 after write_cr0", raw_read_cr0(), old ^ bits[i]);
		CHECK_EQ("read_cr0 after write_cr0", READ(pv_cpu_ops.read_cr0), old ^ bits[i]);
		raw_write_cr0(old);
	}
}

TEST(clts, "cr.clts", VMI_CALL_CLTS)
{
	uint32_t old = raw_read_cr0();

	raw_write_cr0(old | CR0_TS);
	CHECK(raw_read_cr0() & CR0_TS, "CR0.TS cannot be set");
	pv_cpu_ops.clts();
	CHECK_EQ("CR0 after clts", raw_read_cr0(), old & ~CR0_TS);
	raw_write_cr0(old);
}

TEST(cr2, "cr.cr2", VMI_CALL_SetCR2, VMI_CALL_GetCR2)
{
	static const uint32_t values[] = { 0x12345678, 0xfffff001, 0 };

	for (unsigned i = 0; i < sizeof(values) / sizeof(*values); i++) {
		raw_write_cr2(~values[i]);
		CHECK_EQ("read_cr2", READ(pv_mmu_ops.read_cr2), ~values[i]);
		pv_mmu_ops.write_cr2(values[i]);
		CHECK_EQ("CR2 after write_cr2", raw_read_cr2(), values[i]);
		CHECK_EQ("read_cr2 after write_cr2", READ(pv_mmu_ops.read_cr2), values[i]);
	}
}

TEST(cr3, "cr.cr3", VMI_CALL_SetCR3, VMI_CALL_GetCR3)
{
	struct mm others[2] = { 0 };
	uint32_t old = raw_read_cr3();

	if (!tables_make(&others[0]) || !tables_make(&others[1])) {
		test_error("no frame is left for page tables");
		return;
	}
	pv_mmu_ops.write_cr3(others[0].root);
	CHECK_EQ("CR3 after write_cr3", raw_read_cr3(), others[0].root);
	raw_write_cr3(others[1].root);
	CHECK_EQ("read_cr3", READ(pv_mmu_ops.read_cr3), others[1].root);
	raw_write_cr3(old);
	tables_free(&others[0]);
	tables_free(&others[1]);
}

TEST(cr4, "cr.cr4", VMI_CALL_SetCR4, VMI_CALL_GetCR4)
{
	static const struct {
		uint32_t bit;
		enum cpu_feature feature;
	} bits[] = { { CR4_TSD, CPU_TSC }, { CR4_PSE, CPU_PSE }, { CR4_PGE, CPU_PGE } };

	if (!cpu_has_cr4())
		SKIP("this processor has no CR4");
	uint32_t old = raw_read_cr4();

	CHECK_EQ("read_cr4", READ(pv_cpu_ops.read_cr4), old);
	pv_cpu_ops.write_cr4(old);
	CHECK_EQ("CR4 after write_cr4 of the old value", raw_read_cr4(), old);
	for (unsigned i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		if (!cpu_has(bits[i].feature))
			continue;
		pv_cpu_ops.write_cr4(old ^ bits[i].bit);
		CHECK_EQ("CR4 after write_cr4", raw_read_cr4(), old ^ bits[i].bit);
		CHECK_EQ("read_cr4 after write_cr4", READ(pv_cpu_ops.read_cr4), old ^ bits[i].bit);
		raw_write_cr4(old);
	}
}

/* CR4.TSD takes RDTSC away from user mode. */
TEST(tsd, "cr.cr4-tsd", VMI_CALL_SetCR4, VMI_CALL_GetCR4)
{
	struct user_context user;
	struct trap_info trap;

	if (!cpu_has_cr4() || !cpu_has(CPU_TSC))
		SKIP("this processor has no CR4.TSD");
	uint32_t old = pv_cpu_ops.read_cr4();

	user_context_init(&user, user_rdtsc);
	pv_cpu_ops.write_cr4(old & ~CR4_TSD);
	user_run(&user, &trap);
	CHECK_EQ("vector of RDTSC in user mode without TSD", trap.regs.vector, VECTOR_USER);
	pv_cpu_ops.write_cr4(old | CR4_TSD);
	user_run(&user, &trap);
	CHECK_EQ("vector of RDTSC in user mode with TSD", trap.regs.vector, TRAP_GP);
	CHECK_EQ("EIP of that fault", trap.regs.ip, (uintptr_t)user_rdtsc);
	raw_write_cr4(old);
}
