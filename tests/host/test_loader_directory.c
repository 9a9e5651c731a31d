// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directory of 3.1: what it saves, what is wrong with it, and what becomes of a ROM
 * whose directory is wrong, lies, or offers bytes that are not those of the native text.
 */
#include "test_loader.h"

#include <stdio.h>
#include <string.h>

#define IMAGE (WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE)
#define TABLE_END (VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + VMI_CALLS) * VROM_SLOT_SIZE)
#define D(rom) (*rom_image_directory(rom))
#define CHANGE(name, statement) static void name(uint8_t *rom) { statement; }
#define FIELD(member) "vrom_directory." #member, \
	VROM_DIRECTORY + offsetof(struct vrom_directory, member)

/* ROM 3.1 at ROM_A for a guest of 3.0 and 3.1. Result: the image. */
static uint8_t *rom_3_1(struct fixture *f)
{
	f->load.range.minor_max = 1;
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 1);
	return fixture_at(f, ROM_A);
}

static void words(struct fixture *f, const char *text)
{
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), text, strlen(text));
}

static bool of_3_1(int call)
{
	return !vmi_calls[call].reserved && vmi_calls[call].since_minor <= 1;
}

static void test_one_question_a_call(void **state)
{
	struct fixture *f = *state;
	uint32_t newer = 0;

	rom_3_1(f);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.minor, 1);
	assert_true(f->load.candidates[0].directory.used);
	for (int call = 0; call < VMI_CALLS; call++) {
		assert_int_equal(f->scripts[0].asked[call], of_3_1(call));
		newer += !vmi_calls[call].reserved && !of_3_1(call);
		if (!of_3_1(call))
			continue;
		expect_row(f, fixture_row(f, call), VMI_OK, 0, 0);
		assert_int_equal(f->bindings[fixture_row(f, call)].address,
				 f->scripts[0].answers[call].eax);
	}
	assert_true(newer > 0);
	assert_int_equal(f->load.questions, f->load.slot_count - 1 - newer);
}

/* A guest that knows 3.0 alone, or is told so, does not see the directory, however bad. */
static void test_3_0_does_not_see_it(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);

	D(rom).signature ^= 1;
	rom_image_sign(rom);
	for (int told = 0; told < 2; told++) {
		f->load.range.minor_max = (uint8_t)told;
		words(f, told ? "vmi=max:3.0" : "");
		expect_load(f, VMI_OK);
		assert_int_equal(f->load.minor, 0);
		assert_int_equal(f->load.candidates[0].directory.reason, VMI_OK);
		assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 2);
		expect_row(f, fixture_row(f, VMI_CALL_SetMapping), VMI_E_NO_CALL, 0, 0);
		fixture_report(f);
		assert_null(strstr(f->text, "\ndirectory "));
	}
}

CHANGE(no_signature, memset(&D(rom), 0, sizeof(D(rom))))
CHANGE(too_short, D(rom).length = sizeof(D(rom)) - 1; rom_image_sign_directory(rom))
CHANGE(too_long, D(rom).length = 97; rom_image_sign_directory(rom))
CHANGE(short_entries, D(rom).capability_size = 7; rom_image_sign_directory(rom))
CHANGE(no_version, D(rom).version = 0; rom_image_sign_directory(rom))
CHANGE(bad_sum, D(rom).build_id_size = 1)
CHANGE(bad_tables, rom_image_capability(rom, 3)->kinds ^= 8)
CHANGE(bad_groups, rom[ROM_IMAGE_GROUPS]++)
CHANGE(table_out, D(rom).capabilities_offs = 0xFFFF; rom_image_sign_directory(rom))
CHANGE(table_header, D(rom).capabilities_offs = TABLE_END - 1; rom_image_sign_directory(rom))
CHANGE(table_long, D(rom).capability_count = 0xFFFF; rom_image_sign_directory(rom))
CHANGE(groups_out, D(rom).groups_offs = ROM_IMAGE_SIZE; rom_image_sign_directory(rom))
CHANGE(init_out, D(rom).init_offs = 0x80; rom_image_sign_directory(rom))
CHANGE(reloc_out, D(rom).get_reloc_offs = ROM_IMAGE_SIZE; rom_image_sign_directory(rom))
CHANGE(id_out, D(rom).build_id_offs = ROM_IMAGE_SIZE - 3; D(rom).build_id_size = 4;
       rom_image_sign_directory(rom))
CHANGE(version_out, D(rom).version_offs = 0; rom_image_sign_directory(rom))
CHANGE(config_out, D(rom).config_offs = ROM_IMAGE_SIZE - 8; rom_image_sign_directory(rom))
CHANGE(abis_out, D(rom).abis_offs = 8; D(rom).abi_count = 1; rom_image_sign_directory(rom))

static const struct spoilt {
	void (*spoil)(uint8_t *rom);
	enum vmi_reason reason;
	const char *field;
	size_t offset;
	uint64_t found, expected; /* both 0: a sum that is not 0 */
} spoilt[] = {
	{ no_signature, VMI_E_DIRECTORY_SIGNATURE, FIELD(signature), 0, VROM_DIRECTORY_SIGNATURE },
	{ too_short, VMI_E_DIRECTORY_LENGTH, FIELD(length), 35, 36 },
	{ too_long, VMI_E_DIRECTORY_LENGTH, FIELD(length), 97, 96 },
	{ short_entries, VMI_E_DIRECTORY_LENGTH, FIELD(capability_size), 7, 8 },
	{ no_version, VMI_E_DIRECTORY_VERSION, FIELD(version), 0, 1 },
	{ bad_sum, VMI_E_DIRECTORY_CHECKSUM, FIELD(checksum), 1, 0 },
	{ bad_tables, VMI_E_DIRECTORY_CHECKSUM, FIELD(tables_checksum), 8, 0 },
	{ bad_groups, VMI_E_DIRECTORY_CHECKSUM, FIELD(tables_checksum), 1, 0 },
	{ table_out, VMI_E_DIRECTORY_RANGE, FIELD(capabilities_offs), 0xFFFF,
	  ROM_IMAGE_SIZE - 8 * VMI_CALLS },
	{ table_header, VMI_E_DIRECTORY_RANGE, FIELD(capabilities_offs), TABLE_END - 1, TABLE_END },
	{ table_long, VMI_E_DIRECTORY_RANGE, FIELD(capabilities_offs), ROM_IMAGE_CAPABILITIES,
	  TABLE_END - 1 },
	{ groups_out, VMI_E_DIRECTORY_RANGE, FIELD(groups_offs), ROM_IMAGE_SIZE, 0 },
	{ init_out, VMI_E_DIRECTORY_RANGE, FIELD(init_offs), 0x80, TABLE_END },
	{ reloc_out, VMI_E_DIRECTORY_RANGE, FIELD(get_reloc_offs), 4096, 4095 },
	{ id_out, VMI_E_DIRECTORY_RANGE, FIELD(build_id_offs), 4093, 4092 },
	{ version_out, VMI_E_DIRECTORY_RANGE, FIELD(version_offs), 0, TABLE_END },
	{ config_out, VMI_E_DIRECTORY_RANGE, FIELD(config_offs), 4088,
	  ROM_IMAGE_SIZE - VROM_CONFIG_LENGTH_MIN },
	{ abis_out, VMI_E_DIRECTORY_RANGE, FIELD(abis_offs), 8, TABLE_END },
};

/* Each fault of a directory is named, and the ROM used as one of 3.0. */
static void test_spoilt_directories(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		const struct spoilt *s = &spoilt[i];
		const struct vmi_directory *d = &f->load.candidates[0].directory;
		uint8_t *rom = rom_3_1(f);
		char line[96];

		s->spoil(rom);
		rom_image_sign(rom);
		f->load.range.minor_min = 0;
		expect_load(f, VMI_OK);
		assert_int_equal(f->load.minor, 0);
		assert_false(d->used);
		assert_string_equal(vmi_reason_name(d->reason), vmi_reason_name(s->reason));
		assert_string_equal(d->field, s->field);
		assert_int_equal(d->where, ROM_A + s->offset);
		assert_int_equal(d->found, s->found);
		if (s->spoil != groups_out)
			assert_int_equal(d->expected, s->expected);
		for (size_t row = 1; row < f->load.slot_count; row++)
			expect_row(f, row, vmi_calls[f->slots[row].call].since_minor ?
				   VMI_E_NO_CALL : VMI_OK, 0, 0);
		fixture_report(f);
		snprintf(line, sizeof(line), "\ndirectory 0x000e0000 refused why=%s field=%s",
			 vmi_reason_name(s->reason), s->field);
		assert_non_null(strstr(f->text, line));
		/* A guest that needs 3.1 is told by the same reason why it has none. */
		f->load.range.minor_min = 1;
		expect_load(f, VMI_E_NO_CANDIDATE);
		expect_candidate(f, 0, s->reason, s->field);
		assert_int_equal(f->scripts[0].inits, 0);
	}
}

/* Bytes from the end of the directory to the first slot are ignored, as is a longer version. */
static void test_later_versions(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);

	memset(rom + VROM_DIRECTORY + sizeof(D(rom)), 0xA5, 96 - sizeof(D(rom)));
	rom_image_sign(rom);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.minor, 1);
	D(rom).length = 96;
	D(rom).version = 9;
	D(rom).reserved = 7;
	rom_image_sign_directory(rom);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.minor, 1);
	/* A table that ends before a call says nothing of it. */
	D(rom).capability_count = VMI_CALL_SetMapping;
	rom_image_sign_directory(rom);
	f->scripts[0].answers[VMI_CALL_SetMapping].edx = VMI_RELOCATION_NONE;
	f->scripts[0].answers[VMI_CALL_Leave].edx = VMI_RELOCATION_NONE;
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SetMapping), VMI_E_CALL_NONE, 0, 0);
}

static void expect_contradiction(struct fixture *f, const char *field, uint64_t found,
				 uint64_t expected)
{
	expect_load(f, VMI_E_CAPABILITY);
	expect_candidate(f, 0, VMI_E_CAPABILITY, field);
	assert_int_equal(f->load.candidates[0].found, found);
	assert_int_equal(f->load.candidates[0].expected, expected);
	for (size_t row = 0; row < f->load.slot_count; row++)
		assert_int_equal(f->bindings[row].kind, VMI_BIND_NATIVE);
}

static void test_contradictions(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);
	struct vmi_registers *answer = &f->scripts[0].answers[VMI_CALL_SetCR3];
	struct vrom_capability *c = rom_image_capability(rom, VMI_CALL_SetCR3);
	uint64_t entry = answer->eax - IMAGE;

	answer->eax++;
	expect_contradiction(f, "vrom_capability.entry_offs", entry + 1, entry);
	assert_int_equal(f->load.candidates[0].where, ROM_A + ROM_IMAGE_CAPABILITIES + 8 * 17);
	answer->eax--;
	answer->edx = VMI_RELOCATION_NONE;
	expect_contradiction(f, "vrom_capability.detail", 0, 1);
	answer->edx = VMI_RELOCATION_JUMP_REL;
	expect_contradiction(f, "vrom_capability.detail", 2, 1);
	answer->edx = 0x101;
	expect_contradiction(f, "vrom_capability.detail", 0x101, 1);
	answer->edx = VMI_RELOCATION_CALL_REL;

	/* The table is the one that is wrong. */
	c->entry_offs += 16;
	rom_image_sign_directory(rom);
	expect_contradiction(f, "vrom_capability.entry_offs", entry, entry + 16);
	/* Another ROM is tried then. */
	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	fixture_remove_rom(f, &f->scripts[1]);

	/* Where POST decides, the answer may be NONE. Both may agree on nonsense, too. */
	c->entry_offs = 0x500;
	c->kinds |= VMI_CAPABILITY_CONDITIONAL;
	rom_image_sign_directory(rom);
	answer->edx = VMI_RELOCATION_NONE;
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SetCR3), VMI_E_CALL_NONE, 0, 0);
	c->entry_offs = 0x40;
	rom_image_sign_directory(rom);
	*answer = (struct vmi_registers){ IMAGE + 0x40, VMI_RELOCATION_CALL_REL };
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SetCR3), VMI_E_RELOC_HEADER, IMAGE + 0x40,
		   IMAGE + TABLE_END);
}

/* What the table does not lead to by an address needs no question; vmi=verify asks all the same. */
static void test_not_asked(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);

	rom_image_capability(rom, VMI_CALL_SetCR3)->kinds = 0;
	*rom_image_capability(rom, VMI_CALL_WBINVD) = (struct vrom_capability){
		.kinds = VMI_CAPABILITY_NOP, .detail = VMI_RELOCATION_NOP,
	};
	rom_image_sign_directory(rom);
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SetCR3), VMI_E_CALL_NONE, 0, 0);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_WBINVD)].kind, VMI_BIND_NOP);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 0);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_WBINVD], 0);
	words(f, "vmi=verify");
	expect_contradiction(f, "vrom_capability.detail", 1, 0);
}

/* vmi=verify asks for calls without a row, too, and looks at the groups. */
static void test_verify(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_3_1(f);

	f->slots[0] = f->slots[fixture_row(f, VMI_CALL_SetCR3)];
	f->load.slot_count = 1;
	words(f, "vmi=verify");
	expect_load(f, VMI_OK);
	for (int call = 0; call < VMI_CALLS; call++)
		assert_int_equal(f->scripts[0].asked[call], of_3_1(call));
	f->scripts[0].answers[VMI_CALL_Leave].eax++;
	expect_load(f, VMI_E_CAPABILITY);
	words(f, "");
	expect_load(f, VMI_OK);
	f->scripts[0].answers[VMI_CALL_Leave].eax--;

	for (uint32_t i = 0; i < D(rom).groups_size; i++) {
		words(f, "vmi=verify");
		rom[ROM_IMAGE_GROUPS + i] ^= 1;
		rom_image_sign_directory(rom);
		expect_load(f, VMI_E_CAPABILITY);
		expect_candidate(f, 0, VMI_E_CAPABILITY, "vrom_directory.groups_offs");
		words(f, "");
		expect_load(f, VMI_OK);
		rom[ROM_IMAGE_GROUPS + i] ^= 1;
	}
}

int run_directory_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_one_question_a_call),
		LOADER_TEST(test_3_0_does_not_see_it),
		LOADER_TEST(test_spoilt_directories),
		LOADER_TEST(test_later_versions),
		LOADER_TEST(test_contradictions),
		LOADER_TEST(test_not_asked),
		LOADER_TEST(test_verify),
	};

	return cmocka_run_group_tests_name("loader directory", tests, NULL, NULL);
}
