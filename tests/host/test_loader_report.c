// SPDX-License-Identifier: GPL-2.0-only
/* The lines of the report, to the letter. */
#include "test_loader.h"

#include <string.h>

static struct fixture *small(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = (struct vmi_slot){ "pv_mmu_ops.write_cr3", VMI_CALL_SetCR3, 0, 0x1000 };
	f->slots[1] = (struct vmi_slot){ "pv_cpu_ops.iret", VMI_CALL_IRET, VMI_SLOT_MANDATORY, 0 };
	f->slots[2] = (struct vmi_slot){ "pv_cpu_ops.wbinvd", VMI_CALL_WBINVD, 0, 0x1020 };
	f->slots[3] = (struct vmi_slot){ "pv_time_ops.sched_clock", VMI_CALL_GetCycleCounter,
					 VMI_SLOT_WRAPPER, 0x1030 };
	f->slots[4] = (struct vmi_slot){ "pv_cpu_ops.clts", VMI_CALL_CLTS, 0, 0x1040 };
	f->slots[5] = (struct vmi_slot){ "pv_init_ops.patch", VMI_SLOT_NO_CALL, 0, 0x1050 };
	f->slots[6] = (struct vmi_slot){ "vmi_ops.none", 99, 0, 0x1060 };
	f->load.slot_count = 7;
	return f;
}

static void test_report_with_rom(void **state)
{
	struct fixture *f = small(state);
	struct script *script = &f->scripts[0];

	script->answers[VMI_CALL_WBINVD].edx = VMI_RELOCATION_NOP;
	script->answers[VMI_CALL_SetAlarm].edx = VMI_RELOCATION_NONE;
	script->answers[VMI_CALL_CLTS].eax = 0x12345678;
	memcpy(fixture_at(f, 0xC0000), "\x55\xAA\x40", 3);
	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
	expect_load(f, VMI_OK);
	fixture_report(f);
	assert_string_equal(f->text,
		"census 1\n"
		"vrom 0x000c0000 refused - length=32768 why=VMI_E_NOT_VMI"
		" field=vrom_header.vrom_signature at=0x000c0008 found=0x0 expected=0x696d5663"
		" # An option ROM, but not a VMI ROM: the signature at 0x08 is another one."
		" None needed, unless the ROM should be one: then it is damaged.\n"
		"vrom 0x000e0000 used 3.0 length=4096 why=ok # GPL v2\n"
		"vrom 0x000e4000 refused 3.0 length=4096 why=VMI_E_NOT_BEST"
		" found=0xe4000 expected=0xe0000"
		" # Usable, but another ROM has a higher version or a lower address."
		" None needed.\n"
		"vmi rom 0x000e0000 3.0 bound=2 nop=1 native=4\n"
		"bind pv_mmu_ops.write_cr3 17 SetCR3 rom 0xc00e0510 call why=ok\n"
		"bind pv_cpu_ops.iret 33 IRET rom 0xc00e0610 jump why=ok\n"
		"bind pv_cpu_ops.wbinvd 23 WBINVD nop - none why=ok\n"
		"bind pv_time_ops.sched_clock 67 GetCycleCounter native - none"
		" why=VMI_E_GROUP call=68\n"
		"bind pv_cpu_ops.clts 28 CLTS native - none why=VMI_E_RELOC_RANGE"
		" found=0x12345678 expected=0xc00e0000\n"
		"bind pv_init_ops.patch - - native - none why=VMI_E_NO_CALL\n"
		"bind vmi_ops.none - - native - none why=VMI_E_TABLE found=0x63 expected=0x5e\n");
}

static void test_report_native(void **state)
{
	struct fixture *f = small(state);

	f->load.slot_count = 2;
	strcpy((char *)fixture_at(f, ROM_A + ROM_IMAGE_LICENSE), "BSD");
	rom_image_sign(fixture_at(f, ROM_A));
	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 1);
	f->load.range.minor_max = 1;
	f->scripts[1].init_eax = 7;
	expect_load(f, VMI_E_INIT);
	fixture_report(f);
	assert_string_equal(f->text,
		"census 1\n"
		"vrom 0x000e0000 refused 3.0 length=4096 why=VMI_E_LICENSE"
		" field=vrom_header.license_offs at=0x000e03e0"
		" found=0x445342 expected=0x3276204c5047"
		" # The licence is not one that the historic client accepts."
		" Only `GPL` and `GPL v2` are accepted. It says: BSD\n"
		"vrom 0x000e4000 refused 3.1 length=4096 why=VMI_E_INIT"
		" field=vrom_header.vmi_init at=0x000e4080 found=0x7 expected=0x0"
		" # VMI_Init answered something other than 0."
		" Look up the answer in the ROM's documents; the guest stays native.\n"
		"vmi native why=VMI_E_INIT found=0x7 expected=0x0"
		" # VMI_Init answered something other than 0."
		" Look up the answer in the ROM's documents; the guest stays native.\n"
		"bind pv_mmu_ops.write_cr3 17 SetCR3 native - none why=VMI_E_NO_BINDING\n"
		"bind pv_cpu_ops.iret 33 IRET native - none why=VMI_E_NO_BINDING\n");
}

static void test_report_without_rom(void **state)
{
	struct fixture *f = small(state);

	f->load.slot_count = 0;
	fixture_remove_rom(f, &f->scripts[0]);
	expect_load(f, VMI_E_NO_ROM);
	fixture_report(f);
	assert_string_equal(f->text,
		"census 1\n"
		"vmi native why=VMI_E_NO_ROM"
		" # No 55AA header stands on any 2 KiB step of the window."
		" Inject a ROM: pvrom run --rom FILE.\n");
}

/* A mandatory call's candidate line names slot and call. */
static void test_report_mandatory(void **state)
{
	struct fixture *f = small(state);

	f->load.slot_count = 2;
	f->scripts[0].answers[VMI_CALL_IRET].edx = VMI_RELOCATION_NONE;
	expect_load(f, VMI_E_MANDATORY);
	fixture_report(f);
	assert_non_null(strstr(f->text, "\nvrom 0x000e0000 refused 3.0 length=4096"
					" why=VMI_E_MANDATORY field=pv_cpu_ops.iret"
					" at=0x000e0088 call=33 # "));
	assert_non_null(strstr(f->text, "\nvmi native why=VMI_E_MANDATORY call=33 # "));
}

/* Numbers up to the widest: a window elsewhere and the largest found value. */
static void test_report_wide_numbers(void **state)
{
	struct fixture *f = small(state);

	f->load.window.base = UINT64_MAX;
	expect_load(f, VMI_E_WINDOW);
	fixture_report(f);
	assert_non_null(strstr(f->text, "vmi native why=VMI_E_WINDOW found=0xffffffffffffffff"
					" expected=0xfffd0000 # "));
}

static void test_reason_names(void **state)
{
	(void)state;
	assert_string_equal(vmi_reason_name(VMI_OK), "ok");
	assert_string_equal(vmi_reason_name(VMI_E_CHECKSUM), "VMI_E_CHECKSUM");
	assert_string_equal(vmi_reason_name((enum vmi_reason)9999), "?");
}

int run_report_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_report_with_rom),
		LOADER_TEST(test_report_native),
		LOADER_TEST(test_report_without_rom),
		LOADER_TEST(test_report_mandatory),
		LOADER_TEST(test_report_wide_numbers),
		cmocka_unit_test(test_reason_names),
	};

	return cmocka_run_group_tests_name("loader report", tests, NULL, NULL);
}
