/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `pvrom bind` and `pvrom census` as processes. That they say what guests in QEMU do is
 * tests/cells/offline.sh's to show.
 */
#include "shell.h"

#define OUT "@/tests/bind/out.rom"
static void test_options(void **state)
{
	(void)state;
	assert_int_equal(shell("^ bind @/rom/min.rom @/rom/full.rom"), 0);
	shell_has("vrom 0x000c0000 used 3.2");
	shell_has("vrom 0x000c3000 refused 3.2 length=12288 why=VMI_E_NOT_BEST");
	shell_has("vmi rom 0x000c0000 3.2 bound=2 ");
	assert_int_equal(shell("^ bind --order=last @/rom/full.rom @/rom/min.rom @/rom/native.rom"), 0);
	shell_has("note rom 0x000c3000 ");
	shell_has("/rom/min.rom\n");
	shell_has("vmi rom 0x000c0000 3.2 bound=60 nop=0 native=4 inline=36\n");
	assert_int_equal(shell("^ bind @/rom/full.rom --append vmi=max:3.0"), 0);
	shell_has("vmi rom 0x000c0000 3.0 bound=86 nop=0 native=14\n");
	assert_int_equal(shell("^ bind @/rom/full.rom --order x"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --range 3.3-3.4"), 1);
	shell_has("why=VMI_E_API_MINOR");
	assert_int_equal(shell("^ bind @/rom/full.rom --append 'a vmi=native:SetCR3 vmi=x'"), 0);
	shell_has("override vmi=x refused");
	shell_has("17 SetCR3 native - none why=VMI_E_OVERRIDE");
	assert_int_equal(shell("^ bind @/rom/min.rom @/rom/full.rom --mandatory SetCR3,IRET"), 0);
	shell_has("refused 3.2 length=12288 why=VMI_E_MANDATORY field=pv_mmu_ops.write_cr3 ");
	assert_int_equal(shell("^ bind @/rom/full.rom --json"), 0);
	shell_has("{\"type\":\"census\"");
	assert_null(strstr(shell_output, "\nbind "));
	assert_int_equal(shell("^ bind @/rom/full.rom --width=64"), 0);
	shell_has("vrom 0x000c0000 used 4.0 length=12288 why=ok");
	shell_has("bind pv_cpu_ops.swapgs 81 SwapGS inline - none why=ok\n");
	shell_has("bind pv_cpu_ops.usergs_sysret64 82 SYSRET64 rom 0x000c");
	assert_int_equal(shell("^ bind @/rom/full.rom --width=64 --append vmi=verify --json"), 0);
	shell_has("\"version\":\"4.0\"");
	assert_int_equal(shell("^ bind @/rom/empty.rom --width=64"), 1);
	shell_has("why=VMI_E_INIT field=vrom_directory.init_offs ");
	assert_int_equal(shell("^ bind @/rom/full.rom --width=64 --range=3.0-3.1"), 1);
	shell_has("why=VMI_E_API_MAJOR field=vrom_abi.major ");
	assert_int_equal(shell("^ bind tests/golden/3.0/full.rom --width=64"), 1);
	shell_has("why=VMI_E_API_WIDTH field=vrom_header.api_version_maj ");
	assert_int_equal(shell("^ bind @/rom/full.rom --width=64 --mandatory SetPxELong"), 0);
	assert_int_equal(shell("^ bind @/rom/full.rom --width=64 --mandatory ReadMSRSafe"), 1);
	assert_int_equal(shell("^ bind @/rom/full.rom --width=64 --mandatory SYSEXIT"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --width=32"), 0);
	shell_has("bind pv_cpu_ops.irq_enable_sysexit 34 SYSEXIT rom ");
	assert_int_equal(shell("^ bind @/rom/full.rom --width=16"), 2);
	shell_has("--width: found `16`");
}

static void test_census(void **state)
{
	(void)state;
	assert_int_equal(shell("^ census @/rom/full.rom @/rom/full.rom"), 0);
	shell_has("0 of 10");
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --drop SetCR3 && "
			       "^ census @/rom/full.rom " OUT), 1);
	shell_has("slot pv_mmu_ops.write_cr3\n  - inline none why=ok\n"
		  "  + native none why=VMI_E_CALL_NONE\n");
	shell_has("\n1 of 10");
	/* Nothing is bound either way, but for another reason. */
	assert_int_equal(shell("^ census @/rom/empty.rom @/tests/hostile/init_ud.rom"), 1);
	shell_has("+ vmi native why=VMI_E_INIT_CALL");
	/* A slot that only one side has. */
	assert_int_equal(shell("^ bind @/rom/full.rom | sed '/write_cr3/d' >@/tests/bind/less.log; "
			       "^ census @/tests/bind/less.log @/rom/full.rom"), 1);
	shell_has("  - no such slot\n  + inline none why=ok\n");
}

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(shell("^ bind"), 2);
	assert_int_equal(shell("^ bind /nonexistent"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --range 3.2-3.1"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --range 3.0-4.0"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --mandatory SetCR3,x"), 2);
	shell_has("found `x`");
	assert_int_equal(shell("^ census @/rom/full.rom"), 2);
	assert_int_equal(shell("^ census @/rom/full.rom /nonexistent"), 2);
	assert_int_equal(shell("^ census @/rom/full.rom Makefile"), 3);
	shell_has("no census");
	assert_int_equal(shell("echo 'bind a b' >@/tests/bind/bad.log; "
			       "^ census @/tests/bind/bad.log @/rom/full.rom"), 3);
	shell_has("bad.log:1:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_census), cmocka_unit_test(test_refused),
	};

	shell("mkdir -p @/tests/bind");
	return cmocka_run_group_tests_name("pvrom bind", tests, NULL, NULL);
}
