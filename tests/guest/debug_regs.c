// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug registers: SetDR and GetDR move DR0 to DR3, DR6 and DR7; other numbers do
 * nothing and read 0. A watchpoint set through the slots stops the write it watches.
 */
#include "cpu.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

#define DR7_FIXED 0x400u
#define DR7_WATCH_WRITE_0 0x000d0002u /* DR0, global, 4 bytes, data writes */
#define DR6_B0 1u

static uint32_t raw_read(unsigned number)
{
	switch (number) {
	case 0: return raw_read_dr0();
	case 1: return raw_read_dr1();
	case 2: return raw_read_dr2();
	case 3: return raw_read_dr3();
	case 6: return raw_read_dr6();
	default: return raw_read_dr7();
	}
}

TEST(addresses, "dr.dr0-dr3", VMI_CALL_SetDR, VMI_CALL_GetDR)
{
	raw_write_dr7(DR7_FIXED);
	for (unsigned n = 0; n < 4; n++)
		pv_cpu_ops.set_debugreg(n, 0x11110000 * (n + 1) + n);
	for (unsigned n = 0; n < 4; n++) { /* after all writes: none hit a neighbour */
		CHECK_EQ("DR0-3 after set_debugreg", raw_read(n), 0x11110000 * (n + 1) + n);
		CHECK_EQ("get_debugreg", pv_cpu_ops.get_debugreg(n), 0x11110000 * (n + 1) + n);
	}
	for (unsigned n = 0; n < 4; n++)
		pv_cpu_ops.set_debugreg(n, 0);
	for (unsigned n = 0; n < 4; n++)
		CHECK_EQ("DR0-3 after set_debugreg 0", raw_read(n), 0);
}

static volatile uint32_t watched;

static void write_watched(void *unused)
{
	(void)unused;
	watched = 1;
}

TEST(watchpoint, "dr.watchpoint", VMI_CALL_SetDR, VMI_CALL_GetDR)
{
	struct trap_info trap;

	pv_cpu_ops.set_debugreg(6, 0);
	pv_cpu_ops.set_debugreg(0, (uintptr_t)&watched);
	pv_cpu_ops.set_debugreg(7, DR7_FIXED | DR7_WATCH_WRITE_0);
	CHECK_EQ("DR7 after set_debugreg", raw_read_dr7(), DR7_FIXED | DR7_WATCH_WRITE_0);
	CHECK_EQ("get_debugreg 7", pv_cpu_ops.get_debugreg(7), DR7_FIXED | DR7_WATCH_WRITE_0);
	if (CHECK(trap_guard(write_watched, NULL, &trap), "the watched write did not trap"))
		CHECK_EQ("vector of the watched write", trap.regs.vector, TRAP_DB);
	CHECK_EQ("get_debugreg 6, B0", pv_cpu_ops.get_debugreg(6) & 15, DR6_B0);
	CHECK_EQ("get_debugreg 6", pv_cpu_ops.get_debugreg(6), raw_read_dr6());
	pv_cpu_ops.set_debugreg(6, 0);
	CHECK_EQ("DR6 after set_debugreg 6, 0", raw_read_dr6() & 15, 0);
	pv_cpu_ops.set_debugreg(7, DR7_FIXED);
	CHECK_EQ("DR7 after set_debugreg", raw_read_dr7(), DR7_FIXED);
	CHECK(!trap_guard(write_watched, NULL, &trap), "DR7 is off and the write still traps");
	raw_write_dr7(DR7_FIXED);
	raw_write_dr0(0);
}

static void use_number(void *number)
{
	pv_cpu_ops.set_debugreg(*(uint32_t *)number, 0xffffffff);
	*(uint32_t *)number = pv_cpu_ops.get_debugreg(*(uint32_t *)number);
}

TEST(others, "dr.other-numbers", VMI_CALL_SetDR, VMI_CALL_GetDR)
{
	static const uint32_t numbers[] = { 4, 5, 8, 9, 0x80000000, 0xffffffff };
	static const unsigned real[] = { 0, 1, 2, 3, 6, 7 };
	uint32_t before[6];
	struct trap_info trap;

	for (unsigned i = 0; i < 6; i++)
		before[i] = raw_read(real[i]);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		uint32_t value = numbers[i];

		if (CHECK(!trap_guard(use_number, &value, &trap), "debug register %u trapped",
			  numbers[i]))
			CHECK_EQ("get_debugreg of no register", value, 0);
	}
	for (unsigned i = 0; i < 6; i++)
		CHECK_EQ("a real register after those", raw_read(real[i]), before[i]);
}
