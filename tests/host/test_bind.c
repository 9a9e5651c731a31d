/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvrom bind` and `pvrom census`: offline and in QEMU, the same bindings for the same reasons. */
#include "shell.h"

#define OUT "@/tests/bind/out.rom"
/* What the reports say of VMI ROMs, without address, length and words for people. */
#define VMI_ROMS " | sed -n '/ refused - /d; /vrom 0x/{s/#.*//; s/at=0x[0-9a-f]*//; s/.* why=/why=/p;}'"

/* A ROM, and the options of `pvrom mutate` for it. */
static const struct {
	const char *rom, *options;
} images[] = {
	{ "@/rom/full.rom", "" },
	{ "@/rom/native.rom", "" },
	{ "@/rom/min.rom", "" },
	{ "@/rom/empty.rom", "" },
	{ "@/rom/callflow.rom", "" },
	{ "@/rom/full.rom", "--drop SetCR3,irq --reloc RDTSC=nop --reloc 24=7 --api 3.1" },
	{ "@/rom/native.rom", "--reloc GetDR=0x101 --license GPL --size 10240" },
	{ "@/rom/full.rom", "--api 13.3" },
	{ "@/rom/full.rom", "--no-pcir" },
	{ "@/rom/full.rom", "--license Other" },
	{ "@/rom/full.rom", "--init @/tests/hostile/init_error.bin" },
	{ "@/rom/full.rom", "--init @/tests/hostile/init_registers.bin" },
	{ "@/rom/full.rom", "--init @/tests/hostile/init_gp.bin" },
	{ "@/rom/full.rom", "--init @/tests/hostile/init_gdt.bin" },
	{ "@/rom/full.rom", "--init @/tests/hostile/init_cr4.bin" },
	{ "@/rom/full.rom", "--answer @/tests/hostile/answer_changes.bin" },
	{ "@/rom/full.rom", "--answer @/tests/hostile/answer_ebx.bin" },
	{ "@/rom/full.rom", "--answer @/tests/hostile/answer_nop.bin" },
};

static void test_as_in_qemu(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		char command[512];

		print_message("bind %s %s\n", images[i].rom, images[i].options);
		snprintf(command, sizeof(command), "^ mutate %s " OUT " %s", images[i].rom,
			 images[i].options);
		assert_int_equal(shell(command), 0);
		/* Only the census is wanted: without a test there is no good verdict. */
		shell("@/pvrom run --rom " OUT " --append test=- >@/tests/bind/guest.log");
		shell("^ bind " OUT " >@/tests/bind/host.log");
		if (shell("^ census @/tests/bind/host.log @/tests/bind/guest.log"))
			fail_msg("offline (-) and QEMU (+) differ:\n%.4000s", shell_output);
		shell_has("0 of 9");
		assert_int_equal(shell("a=$(cat @/tests/bind/host.log" VMI_ROMS "); "
				       "b=$(cat @/tests/bind/guest.log" VMI_ROMS "); "
				       "echo \"$a / $b\"; test -n \"$a\" && test \"$a\" = \"$b\""),
				 0);
	}
}

static void test_options(void **state)
{
	(void)state;
	assert_int_equal(shell("^ bind @/rom/min.rom @/rom/full.rom"), 0);
	shell_has("vrom 0x000c0000 used 3.0");
	shell_has("vrom 0x000c2000 refused 3.0 length=8192 why=VMI_E_NOT_BEST");
	shell_has("vmi rom 0x000c0000 3.0 bound=2 ");
	assert_int_equal(shell("^ bind @/rom/full.rom --range 3.1-3.2"), 1);
	shell_has("why=VMI_E_API_MINOR");
	assert_int_equal(shell("^ bind @/rom/full.rom --append 'a vmi=native:SetCR3 vmi=x'"), 0);
	shell_has("override vmi=x refused");
	shell_has("17 SetCR3 native - none why=VMI_E_OVERRIDE");
	assert_int_equal(shell("^ bind @/rom/full.rom --json"), 0);
	shell_has("{\"type\":\"census\"");
	assert_null(strstr(shell_output, "\nbind "));
}

static void test_census(void **state)
{
	(void)state;
	assert_int_equal(shell("^ census @/rom/full.rom @/rom/full.rom"), 0);
	shell_has("0 of 9");
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --drop SetCR3 && "
			       "^ census @/rom/full.rom " OUT), 1);
	shell_has("slot pv_mmu_ops.write_cr3\n  - rom call why=ok\n"
		  "  + native none why=VMI_E_CALL_NONE\n");
	shell_has("\n1 of 9");
	/* Nothing is bound either way, but for another reason. */
	assert_int_equal(shell("^ census @/rom/empty.rom @/tests/hostile/init_ud.rom"), 1);
	shell_has("+ vmi native why=VMI_E_INIT_CALL");
	/* A slot that only one side has. */
	assert_int_equal(shell("^ bind @/rom/full.rom | sed '/write_cr3/d' >@/tests/bind/less.log; "
			       "^ census @/tests/bind/less.log @/rom/full.rom"), 1);
	shell_has("  - no such slot\n  + rom call why=ok\n");
}

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(shell("^ bind"), 2);
	assert_int_equal(shell("^ bind /nonexistent"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --range 3.2-3.1"), 2);
	assert_int_equal(shell("^ bind @/rom/full.rom --range 3.0-4.0"), 2);
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
		cmocka_unit_test(test_as_in_qemu), cmocka_unit_test(test_options),
		cmocka_unit_test(test_census), cmocka_unit_test(test_refused),
	};

	shell("mkdir -p @/tests/bind");
	return cmocka_run_group_tests_name("pvrom bind", tests, NULL, NULL);
}
