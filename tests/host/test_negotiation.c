// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of docs/negotiation.md, one test per row of its table: the test's name
 * carries the number. The last test compares the table with this file.
 */
#include "test_loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT "docs/negotiation.md"

static void words(struct fixture *f, const char *text)
{
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), text, strlen(text));
}

static void range(struct fixture *f, uint8_t major, uint8_t minor_min, uint8_t minor_max)
{
	f->load.range = (struct vmi_version_range){ major, minor_min, minor_max };
}

/* Two ROMs, ROM_A first. */
static void two_roms(struct fixture *f, uint8_t major_a, uint8_t minor_a, uint8_t major_b,
		     uint8_t minor_b)
{
	fixture_add_rom(f, &f->scripts[0], ROM_A, major_a, minor_a);
	fixture_add_rom(f, &f->scripts[1], ROM_B, major_b, minor_b);
}

static void answer_none(struct fixture *f, int call)
{
	f->scripts[0].answers[call] = (struct vmi_registers){ 0, VMI_RELOCATION_NONE };
}

static void expect_call(struct fixture *f, int call, enum vmi_reason reason, uint64_t found)
{
	expect_row(f, fixture_row(f, call), reason, found, 0);
}

static void rule_01_every_step_with_55aa_is_a_candidate(void **state)
{
	struct fixture *f = *state;

	/* One inside the image at ROM_A, which its length does not hide. */
	memcpy(fixture_at(f, ROM_A + VROM_WINDOW_STEP), "\x55\xAA\x01", 3);
	rom_image_sign(fixture_at(f, ROM_A));
	memcpy(fixture_at(f, VROM_WINDOW_BASE + 512), "\x55\xAA\x01", 3);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.candidate_count, 2);
	assert_int_equal(f->load.candidates[1].base, ROM_A + VROM_WINDOW_STEP);
	expect_candidate(f, 1, VMI_E_NOT_VMI, NULL);
}

static void rule_02_nothing_is_called_before_all_checks(void **state)
{
	struct fixture *f = *state;

	/* Two faults: the first check that fails gives the reason. */
	rom_image_header(fixture_at(f, ROM_A))->pci_header_offs = 0;
	rom_image_header(fixture_at(f, ROM_A))->license_offs = 0xFFFF;
	rom_image_sign(fixture_at(f, ROM_A));
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_LICENSE_OFFSET, "vrom_header.license_offs");
	assert_int_equal(f->scripts[0].inits, 0);
}

static void rule_03_other_option_roms_are_named(void **state)
{
	struct fixture *f = *state;

	rom_image_header(fixture_at(f, ROM_A))->vrom_signature ^= 1;
	rom_image_sign(fixture_at(f, ROM_A));
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_NOT_VMI, "vrom_header.vrom_signature");
}

static void rule_04_the_other_lineage_is_refused_by_name(void **state)
{
	struct fixture *f = *state;

	range(f, VROM_OTHER_LINEAGE_MAJOR, 0, 3); /* not even with a range for it */
	two_roms(f, VROM_OTHER_LINEAGE_MAJOR, 0, VROM_OTHER_LINEAGE_MAJOR, 3);
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_API_LINEAGE, "vrom_header.api_version_maj");
	expect_candidate(f, 1, VMI_E_API_LINEAGE, "vrom_header.api_version_maj");
	fixture_report(f);
	assert_non_null(strstr(f->text, "refused 13.0 "));
	assert_non_null(strstr(f->text, "refused 13.3 "));
	assert_non_null(strstr(f->text, "the other \"cVmi\" lineage (13.0, 13.3)"));
}

static void rule_05_a_major_without_a_range_is_refused(void **state)
{
	static const struct vmi_version_range more[] = { { 5, 0, 0 }, { 4, 1, 2 } };
	struct fixture *f = *state;

	for (int major = 0; major < 256; major++) {
		bool supported = major == 3;

		if (major == VROM_OTHER_LINEAGE_MAJOR)
			continue;
		fixture_add_rom(f, &f->scripts[0], ROM_A, (uint8_t)major, 0);
		expect_load(f, supported ? VMI_OK : VMI_E_NO_CANDIDATE);
		expect_candidate(f, 0, supported ? VMI_OK : VMI_E_API_MAJOR, NULL);
	}
	fixture_add_rom(f, &f->scripts[0], ROM_A, 4, 1);
	expect_load(f, VMI_E_NO_CANDIDATE);
	f->load.more_ranges = more;
	f->load.more_range_count = 2;
	expect_load(f, VMI_OK);
}

static void rule_06_a_minor_below_the_range_is_refused(void **state)
{
	struct fixture *f = *state;

	range(f, 3, 2, 4);
	for (uint8_t minor = 0; minor < 8; minor++) {
		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, minor);
		expect_load(f, minor < 2 ? VMI_E_NO_CANDIDATE : VMI_OK);
		expect_candidate(f, 0, minor < 2 ? VMI_E_API_MINOR : VMI_OK, NULL);
	}
}

static void rule_07_a_newer_minor_counts_as_the_newest_known(void **state)
{
	struct fixture *f = *state;

	range(f, 3, 0, 2);
	for (int minor = 0; minor < 256; minor++) {
		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, (uint8_t)minor);
		expect_load(f, VMI_OK);
		assert_int_equal(f->load.minor, minor < 2 ? minor : 2);
	}
}

static void rule_08_min_and_max_narrow_the_range(void **state)
{
	static const struct {
		const char *words;
		uint8_t major, minor; /* of the ROM; the guest's range is 3.1 to 3.4 */
		enum vmi_reason reason;
		uint8_t used;
	} rows[] = {
		{ "vmi=min:3.3", 3, 3, VMI_OK, 3 },
		{ "vmi=min:3.3", 3, 2, VMI_E_OVERRIDE_VERSION, 0 },
		{ "vmi=min:4.0", 3, 4, VMI_E_OVERRIDE_VERSION, 0 },
		{ "vmi=min:2.9", 3, 1, VMI_OK, 1 },
		{ "vmi=max:3.3", 3, 4, VMI_OK, 3 },
		{ "vmi=max:3.3", 3, 255, VMI_OK, 3 },
		{ "vmi=max:3.0", 3, 1, VMI_E_OVERRIDE_VERSION, 0 },
		{ "vmi=max:2.255", 3, 4, VMI_E_OVERRIDE_VERSION, 0 },
		{ "vmi=max:9.0", 3, 9, VMI_OK, 4 },
		{ "vmi=min:3.2 vmi=max:3.2", 3, 9, VMI_OK, 2 },
		{ "vmi=min:3.2 vmi=max:3.2", 3, 1, VMI_E_OVERRIDE_VERSION, 0 },
		{ "vmi=min:3.0", 3, 0, VMI_E_API_MINOR, 0 }, /* never wider */
		{ "vmi=min:3.9", 3, 9, VMI_E_OVERRIDE_VERSION, 0 }, /* would be used as 3.4 */
	};
	struct fixture *f = *state;

	range(f, 3, 1, 4);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		words(f, rows[i].words);
		fixture_add_rom(f, &f->scripts[0], ROM_A, rows[i].major, rows[i].minor);
		fixture_load(f);
		expect_candidate(f, 0, rows[i].reason, NULL);
		assert_int_equal(f->load.minor, rows[i].used);
		if (rows[i].reason == VMI_E_OVERRIDE_VERSION)
			assert_int_not_equal(f->load.candidates[0].found,
					     f->load.candidates[0].expected);
	}
}

static void rule_09_rom_leaves_out_all_others(void **state)
{
	struct fixture *f = *state;

	two_roms(f, 3, 0, 3, 0);
	words(f, "vmi=rom:0xE4000");
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	expect_candidate(f, 0, VMI_E_OVERRIDE_ROM, NULL);
	assert_int_equal(f->load.candidates[0].found, ROM_A);
	assert_int_equal(f->load.candidates[0].expected, ROM_B);
	assert_int_equal(f->scripts[0].inits, 0);
	words(f, "vmi=rom:0xCA000");
	expect_load(f, VMI_E_NO_CANDIDATE);
}

static void rule_10_the_highest_major_wins(void **state)
{
	static const struct vmi_version_range more[] = { { 4, 0, 1 } };
	struct fixture *f = *state;

	range(f, 3, 0, 9);
	f->load.more_ranges = more;
	f->load.more_range_count = 1;
	two_roms(f, 3, 9, 4, 0);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	expect_candidate(f, 0, VMI_E_NOT_BEST, "vrom_header.api_version_maj");
	assert_int_equal(f->load.candidates[0].found, 3);
	assert_int_equal(f->load.candidates[0].expected, 4);
}

static void rule_11_then_the_highest_minor_that_both_know(void **state)
{
	struct fixture *f = *state;

	range(f, 3, 0, 2);
	two_roms(f, 3, 1, 3, 2);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	expect_candidate(f, 0, VMI_E_NOT_BEST, "vrom_header.api_version_min");
	words(f, "vmi=max:3.1");
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 0);
}

static void rule_12_then_the_lowest_address(void **state)
{
	struct fixture *f = *state;

	range(f, 3, 0, 2);
	two_roms(f, 3, 2, 3, 7);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 0);
	expect_candidate(f, 1, VMI_E_NOT_BEST, NULL);
	assert_int_equal(f->load.candidates[1].found, ROM_B);
	assert_int_equal(f->load.candidates[1].expected, ROM_A);
}

static void rule_13_a_rom_that_fails_a_call_is_declined(void **state)
{
	struct fixture *f = *state;

	two_roms(f, 3, 0, 3, 0);
	f->scripts[0].init_eax = VMI_INIT_NO_FLOW;
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	expect_candidate(f, 0, VMI_E_INIT, NULL);
	f->scripts[0].init_status = VMI_CALL_FAULTED;
	expect_load(f, VMI_OK);
	expect_candidate(f, 0, VMI_E_INIT_CALL, NULL);
	two_roms(f, 3, 0, 3, 0);
	f->scripts[0].fault_call = VMI_CALL_SetCR3;
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	expect_candidate(f, 0, VMI_E_RELOC_CALL, NULL);
}

static void rule_14_a_missing_mandatory_call_declines_the_rom(void **state)
{
	struct fixture *f = *state;

	f->slots[fixture_row(f, VMI_CALL_SetCR3)].flags |= VMI_SLOT_MANDATORY;
	answer_none(f, VMI_CALL_SetCR3);
	expect_load(f, VMI_E_MANDATORY); /* the fixture sees that no row was bound before */
	expect_candidate(f, 0, VMI_E_MANDATORY,
			 f->slots[fixture_row(f, VMI_CALL_SetCR3)].name);
	assert_int_equal(f->load.reason_found, VMI_CALL_SetCR3);
	expect_call(f, VMI_CALL_SetCR0, VMI_E_NO_BINDING, 0);
}

static void rule_15_without_a_rom_the_boot_is_native_and_says_why(void **state)
{
	struct fixture *f = *state;

	two_roms(f, 3, 0, 3, 0);
	f->scripts[0].init_eax = 7;
	f->scripts[1].init_status = VMI_CALL_FAULTED;
	expect_load(f, VMI_E_INIT);
	fixture_remove_rom(f, &f->scripts[1]);
	*fixture_at(f, ROM_A + 0x500) ^= 1;
	expect_load(f, VMI_E_NO_CANDIDATE);
	fixture_remove_rom(f, &f->scripts[0]);
	expect_load(f, VMI_E_NO_ROM);
}

static void rule_16_calls_newer_than_the_version_are_not_asked(void **state)
{
	struct fixture *f = *state;

	for (size_t row = 0; row < f->load.slot_count; row++)
		f->slots[row].flags = 0, f->slots[row].native = 0x1000;
	range(f, 2, 0, 9);
	fixture_add_rom(f, &f->scripts[0], ROM_A, 2, 9);
	expect_load(f, VMI_OK);
	expect_call(f, VMI_CALL_SetCR3, VMI_E_NO_CALL, 0);
	for (int call = 0; call < VMI_CALLS; call++)
		assert_int_equal(f->scripts[0].asked[call], 0);
}

static void rule_17_none_means_native_for_this_call_alone(void **state)
{
	struct fixture *f = *state;
	unsigned int tried = 0;

	for (int call = 0; call < VMI_CALLS; call++) {
		if (!fixture_knows(f, call) || vmi_groups[vmi_calls[call].group].atomic ||
		    f->slots[fixture_row(f, call)].flags & VMI_SLOT_MANDATORY)
			continue;
		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
		answer_none(f, call);
		expect_load(f, VMI_OK);
		for (int other = 0; other < VMI_CALLS; other++)
			if (fixture_knows(f, other))
				expect_call(f, other, other == call ? VMI_E_CALL_NONE : VMI_OK, 0);
		tried++;
	}
	assert_in_range(tried, 30, VMI_CALLS);
}

static void rule_18_atomic_groups_are_bound_whole_or_not(void **state)
{
	static const int groups[] = { VMI_GROUP_timer, VMI_GROUP_apic, VMI_GROUP_smp,
				      VMI_GROUP_lazy };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		assert_true(vmi_groups[groups[i]].atomic);
	answer_none(f, VMI_CALL_SetAlarm);
	expect_load(f, VMI_OK);
	for (int call = 0; call < VMI_CALLS; call++) {
		if (!fixture_knows(f, call))
			continue;
		if (call == VMI_CALL_SetAlarm)
			expect_call(f, call, VMI_E_CALL_NONE, 0);
		else if (vmi_calls[call].group == VMI_GROUP_timer)
			expect_call(f, call, VMI_E_GROUP, VMI_CALL_SetAlarm);
		else
			expect_call(f, call, VMI_OK, 0);
	}
}

static void rule_19_defer_goes_with_set_lazy_mode(void **state)
{
	struct fixture *f = *state;

	expect_load(f, VMI_OK);
	assert_int_equal(f->load.update_flags, VMI_UPDATE_DEFER);
	answer_none(f, VMI_CALL_SetLazyMode);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.update_flags, 0);
	expect_call(f, VMI_CALL_UpdatePxE, VMI_OK, 0); /* it is there, without the flag */
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
	words(f, "vmi=native:lazy");
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.update_flags, 0);
	fixture_remove_rom(f, &f->scripts[0]);
	expect_load(f, VMI_E_NO_ROM);
	assert_int_equal(f->load.update_flags, 0);
}

static void rule_20_native_and_only_keep_calls_native(void **state)
{
	struct fixture *f = *state;

	words(f, "vmi=native:SetCR3,apic");
	expect_load(f, VMI_OK);
	expect_call(f, VMI_CALL_SetCR3, VMI_E_OVERRIDE, 0);
	expect_call(f, VMI_CALL_APICRead, VMI_E_OVERRIDE, 0);
	expect_call(f, VMI_CALL_SetCR0, VMI_OK, 0);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 0);
	words(f, "vmi=only:irq vmi=only:flow,SetCR3");
	expect_load(f, VMI_OK);
	for (int call = 0; call < VMI_CALLS; call++) {
		bool kept;

		if (!fixture_knows(f, call))
			continue;
		kept = vmi_calls[call].group == VMI_GROUP_irq || call == VMI_CALL_SetCR3 ||
		       vmi_calls[call].group == VMI_GROUP_flow;
		expect_call(f, call, kept ? VMI_OK : VMI_E_OVERRIDE, 0);
	}
	/* What both name is native. */
	words(f, "vmi=only:irq,flow,SetCR3 vmi=native:SetCR3");
	expect_load(f, VMI_OK);
	expect_call(f, VMI_CALL_SetCR3, VMI_E_OVERRIDE, 0);
}

static void rule_21_overrides_count_as_missing(void **state)
{
	struct fixture *f = *state;

	words(f, "vmi=native:SetAlarm");
	expect_load(f, VMI_OK);
	expect_call(f, VMI_CALL_SetAlarm, VMI_E_OVERRIDE, 0);
	expect_call(f, VMI_CALL_GetCycleCounter, VMI_E_GROUP, VMI_CALL_SetAlarm);
	words(f, "vmi=native:IRET");
	expect_load(f, VMI_E_MANDATORY);
	assert_int_equal(f->load.reason_found, VMI_CALL_IRET);
}

static void rule_22_off_looks_for_nothing(void **state)
{
	struct fixture *f = *state;

	words(f, "vmi=off vmi=rom:0xE0000");
	expect_load(f, VMI_E_OFF);
	assert_int_equal(f->load.candidate_count, 0);
	assert_int_equal(f->scripts[0].inits, 0);
	expect_row(f, 0, VMI_E_NO_CALL, 0, 0);
	expect_call(f, VMI_CALL_SetCR3, VMI_E_OFF, 0);
}

static void rule_23_a_word_not_followed_is_named(void **state)
{
	struct fixture *f = *state;

	words(f, "vmi=min:3.1 vmi=max:3.0 vmi=of vmi=native:SetCR9 vmi=rom:5");
	range(f, 3, 0, 1);
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 1);
	expect_load(f, VMI_OK);
	fixture_report(f);
	assert_non_null(strstr(f->text, "\noverride vmi=max:3.0 refused why=VMI_E_WORD_CONFLICT # "));
	assert_non_null(strstr(f->text, "\noverride vmi=of refused why=VMI_E_WORD # "));
	assert_non_null(strstr(f->text, "\noverride SetCR9 refused why=VMI_E_WORD_NAME # "));
	assert_non_null(strstr(f->text, "\noverride vmi=rom:5 refused why=VMI_E_WORD_NUMBER # "));
}

/* ROM 3.1 at ROM_A, whose guest knows 3.0 and 3.1. Result: the image. */
static uint8_t *rom_3_1(struct fixture *f)
{
	range(f, 3, 0, 1);
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 1);
	return fixture_at(f, ROM_A);
}

/* test_loader_directory.c tries every field. */
static void rule_24_a_bad_directory_makes_a_rom_of_3_0(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);

	rom_image_directory(rom)->checksum ^= 1;
	rom_image_sign(rom);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.minor, 0);
	expect_call(f, VMI_CALL_GetCapability, VMI_E_NO_CALL, 0);
	expect_call(f, VMI_CALL_SetCR3, VMI_OK, 0);
	fixture_report(f);
	assert_non_null(strstr(f->text, "\ndirectory 0x000e0000 refused why=VMI_E_DIRECTORY_CHECKSUM "));
}

static void rule_25_a_range_from_3_1_on_refuses_it(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);

	range(f, 3, 1, 2);
	expect_load(f, VMI_OK);
	rom_image_directory(rom)->checksum ^= 1;
	rom_image_sign(rom);
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_DIRECTORY_CHECKSUM, "vrom_directory.checksum");
	assert_int_equal(f->scripts[0].inits, 0);
}

static void rule_26_an_answer_that_the_table_contradicts_declines_the_rom(void **state)
{
	struct fixture *f = *state;

	rom_3_1(f);
	expect_load(f, VMI_OK);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 1);
	f->scripts[0].answers[VMI_CALL_SetCR3].eax += 16;
	expect_load(f, VMI_E_CAPABILITY);
	expect_candidate(f, 0, VMI_E_CAPABILITY, "vrom_capability.entry_offs");
}

static const uint8_t mov_cr3_eax[] = { 0x0F, 0x22, 0xD8 };

/* test_loader_inline.c tries which slots, and what else may be wrong. */
static void rule_27_native_bytes_are_copied_and_not_asked_for(void **state)
{
	struct fixture *f = *state;

	rom_image_offer(rom_3_1(f), VMI_CALL_SetCR3, 0, mov_cr3_eax, sizeof(mov_cr3_eax));
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SetCR3)].kind, VMI_BIND_INLINE);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 0);
}

static void rule_28_other_bytes_are_named_and_the_call_is_called(void **state)
{
	struct fixture *f = *state;

	rom_image_offer(rom_3_1(f), VMI_CALL_SetCR3, 0, mov_cr3_eax, 2);
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SetCR3)].kind, VMI_BIND_ROM);
	fixture_report(f);
	assert_non_null(strstr(f->text, "\ninline 17 SetCR3 refused why=VMI_E_INLINE_BYTES "));
}

static void rule_29_verify_compares_all_and_binds_the_same(void **state)
{
	struct fixture *f = *state;

	rom_image_offer(rom_3_1(f), VMI_CALL_SetCR3, 0, mov_cr3_eax, sizeof(mov_cr3_eax));
	words(f, "vmi=verify");
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SetCR3)].kind, VMI_BIND_INLINE);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 1);
	f->scripts[0].answers[VMI_CALL_SetCR3].edx = VMI_RELOCATION_NONE;
	expect_load(f, VMI_E_CAPABILITY);
}

#define RULE(function) LOADER_TEST(rule_##function)
static const struct CMUnitTest rules[] = {
	RULE(01_every_step_with_55aa_is_a_candidate),
	RULE(02_nothing_is_called_before_all_checks),
	RULE(03_other_option_roms_are_named),
	RULE(04_the_other_lineage_is_refused_by_name),
	RULE(05_a_major_without_a_range_is_refused),
	RULE(06_a_minor_below_the_range_is_refused),
	RULE(07_a_newer_minor_counts_as_the_newest_known),
	RULE(08_min_and_max_narrow_the_range),
	RULE(09_rom_leaves_out_all_others),
	RULE(10_the_highest_major_wins),
	RULE(11_then_the_highest_minor_that_both_know),
	RULE(12_then_the_lowest_address),
	RULE(13_a_rom_that_fails_a_call_is_declined),
	RULE(14_a_missing_mandatory_call_declines_the_rom),
	RULE(15_without_a_rom_the_boot_is_native_and_says_why),
	RULE(16_calls_newer_than_the_version_are_not_asked),
	RULE(17_none_means_native_for_this_call_alone),
	RULE(18_atomic_groups_are_bound_whole_or_not),
	RULE(19_defer_goes_with_set_lazy_mode),
	RULE(20_native_and_only_keep_calls_native),
	RULE(21_overrides_count_as_missing),
	RULE(22_off_looks_for_nothing),
	RULE(23_a_word_not_followed_is_named),
	RULE(24_a_bad_directory_makes_a_rom_of_3_0),
	RULE(25_a_range_from_3_1_on_refuses_it),
	RULE(26_an_answer_that_the_table_contradicts_declines_the_rom),
	RULE(27_native_bytes_are_copied_and_not_asked_for),
	RULE(28_other_bytes_are_named_and_the_call_is_called),
	RULE(29_verify_compares_all_and_binds_the_same),
};
#define RULES (sizeof(rules) / sizeof(rules[0]))

/* The rows of the table are those of the tests: same numbers, same order. */
static void test_table_and_tests_agree(void **state)
{
	FILE *file = fopen(DOCUMENT, "r");
	unsigned int row = 0, number;
	char line[512], prefix[16];

	(void)state;
	if (!file)
		fail_msg("cannot open %s: run the tests from the top folder", DOCUMENT);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "| %u |", &number) != 1)
			continue;
		assert_int_equal(number, row + 1);
		assert_in_range(row, 0, RULES - 1);
		snprintf(prefix, sizeof(prefix), "rule_%02u_", number);
		assert_memory_equal(rules[row++].name, prefix, strlen(prefix));
	}
	fclose(file);
	assert_int_equal(row, RULES);
}

int run_rule_tests(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table_and_tests_agree) };

	return cmocka_run_group_tests_name("negotiation rules", rules, NULL, NULL) +
	       cmocka_run_group_tests_name("negotiation table", tests, NULL, NULL);
}
