// SPDX-License-Identifier: GPL-2.0-only
/* One spoilt image per check, and the odd but good ones beside it. */
#include "test_loader.h"

#include <string.h>

#define LAST_BYTE (ROM_IMAGE_SIZE - 1)
#define TABLE_END (VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + VMI_CALLS) * VROM_SLOT_SIZE)
#define HEADER(rom) (*rom_image_header(rom))
#define PCIR(rom) (*rom_image_pcir(rom))
#define PNP(rom) (*rom_image_pnp(rom))

/* A change of one place, by what follows the name of the spoiling. */
#define CHANGE(name, statement) static void name(uint8_t *rom) { statement; }

CHANGE(other_signature, HEADER(rom).vrom_signature = 0x696D5664)
CHANGE(no_length, HEADER(rom).rom_length = 0)
CHANGE(short_length, HEADER(rom).rom_length = 4; HEADER(rom).jump_slots = 255)
CHANGE(long_length, HEADER(rom).rom_length = 255)
CHANGE(bad_sum, rom[LAST_BYTE] ^= 1)
CHANGE(no_slot, HEADER(rom).jump_slots = 0)
CHANGE(one_slot, HEADER(rom).jump_slots = 1)
CHANGE(lineage, HEADER(rom).api_version_maj = 13; HEADER(rom).api_version_min = 3; bad_sum(rom))
CHANGE(major_2, HEADER(rom).api_version_maj = 2)
CHANGE(major_4, HEADER(rom).api_version_maj = 4)
CHANGE(top_low, HEADER(rom).virtual_top = 0xBFFFF000)
CHANGE(top_odd, HEADER(rom).virtual_top = 0xF0000800)
CHANGE(license_out, HEADER(rom).license_offs = ROM_IMAGE_SIZE)
CHANGE(license_far, HEADER(rom).license_offs = 0xFFFF)
CHANGE(license_open, HEADER(rom).license_offs = LAST_BYTE - 2;
       memcpy(rom + LAST_BYTE - 2, "GPL", 3))
CHANGE(license_other, strcpy((char *)rom + ROM_IMAGE_LICENSE, "GPL-2.0"))
CHANGE(license_longer, strcpy((char *)rom + ROM_IMAGE_LICENSE, "GPL v2 "))
CHANGE(license_none, rom[ROM_IMAGE_LICENSE] = 0)
CHANGE(pcir_none, HEADER(rom).pci_header_offs = 0)
CHANGE(pcir_table, HEADER(rom).pci_header_offs = TABLE_END - 4)
CHANGE(pcir_out, HEADER(rom).pci_header_offs = ROM_IMAGE_SIZE - 20)
CHANGE(pcir_far, HEADER(rom).pci_header_offs = 0xFFFC)
CHANGE(pcir_odd, HEADER(rom).pci_header_offs = ROM_IMAGE_PCIR + 2)
CHANGE(pcir_wrong, PCIR(rom).signature ^= 0x20)
CHANGE(pcir_short, PCIR(rom).length = sizeof(struct vrom_pcir) - 1)
CHANGE(pcir_long, PCIR(rom).length = ROM_IMAGE_SIZE - ROM_IMAGE_PCIR + 1)
CHANGE(pcir_longest, PCIR(rom).length = 0xFFFF)
CHANGE(pcir_image, PCIR(rom).image_length = 7)
CHANGE(pcir_efi, PCIR(rom).code_type = 3)
CHANGE(pcir_forth, PCIR(rom).code_type = 1)
CHANGE(pnp_table, HEADER(rom).pnp_header_offs = TABLE_END - 1)
CHANGE(pnp_out, HEADER(rom).pnp_header_offs = ROM_IMAGE_SIZE - 31)
CHANGE(pnp_far, HEADER(rom).pnp_header_offs = 0xFFFF)
CHANGE(pnp_wrong, PNP(rom).signature ^= 0x20)
CHANGE(pnp_short, PNP(rom).length = 1)
CHANGE(pnp_long, HEADER(rom).pnp_header_offs = ROM_IMAGE_SIZE - 64;
       memcpy(rom + ROM_IMAGE_SIZE - 64, &PNP(rom), sizeof(struct vrom_pnp));
       rom[ROM_IMAGE_SIZE - 64 + 5] = 5)
CHANGE(pnp_sum, PNP(rom).device_id = 1)
CHANGE(maker_out, PNP(rom).manufacturer_offs = ROM_IMAGE_SIZE; rom_image_sign_pnp(rom))
CHANGE(product_far, PNP(rom).product_offs = 0xFFFF; rom_image_sign_pnp(rom))
CHANGE(product_open, PNP(rom).product_offs = LAST_BYTE; rom[LAST_BYTE] = 'x';
       rom_image_sign_pnp(rom))

/* `jmp rel32` or `jmp rel8` in a slot that the loader calls. */
static void jump(uint8_t *rom, uint32_t slot, uint32_t target)
{
	uint32_t at = VROM_SLOT_TABLE + slot * VROM_SLOT_SIZE, distance = target - (at + 5);

	rom[at] = 0xE9;
	memcpy(rom + at + 1, &distance, 4);
}
CHANGE(init_out, jump(rom, VROM_SLOT_INIT, ROM_IMAGE_SIZE))
CHANGE(init_header, jump(rom, VROM_SLOT_INIT, TABLE_END - 1))
CHANGE(init_behind, jump(rom, VROM_SLOT_INIT, UINT32_MAX))
CHANGE(reloc_far, jump(rom, VROM_SLOT_GET_RELOC, 0x7FFFFFFF))
CHANGE(reloc_short, memcpy(rom + 0x88, "\xEB\x80", 2))

#define FIELD(structure, member) #structure "." #member, offsetof(struct structure, member)
#define HEADER_FIELD(member) FIELD(vrom_header, member), 0
#define PCIR_FIELD(member) FIELD(vrom_pcir, member), ROM_IMAGE_PCIR
#define PNP_FIELD(member) FIELD(vrom_pnp, member), ROM_IMAGE_PNP

static const struct spoilt {
	void (*spoil)(uint8_t *rom);
	enum vmi_reason reason;
	const char *field;
	uint32_t offset, structure; /* of the field, of its structure */
	uint64_t found, expected;
} spoilt[] = {
	{ other_signature, VMI_E_NOT_VMI, HEADER_FIELD(vrom_signature), 0x696D5664, 0x696D5663 },
	{ no_length, VMI_E_LENGTH_ZERO, HEADER_FIELD(rom_length), 0, TABLE_END },
	{ short_length, VMI_E_LENGTH_SHORT, HEADER_FIELD(rom_length), 2048, 0x878 },
	{ long_length, VMI_E_LENGTH_WINDOW, HEADER_FIELD(rom_length), 0x1FE00, 0x10000 },
	{ bad_sum, VMI_E_CHECKSUM, "image.sum", 0, 0, 0, 0 },
	{ no_slot, VMI_E_JUMP_SLOTS, HEADER_FIELD(jump_slots), 0, 2 },
	{ one_slot, VMI_E_JUMP_SLOTS, HEADER_FIELD(jump_slots), 1, 2 },
	{ init_out, VMI_E_SLOT_TARGET, HEADER_FIELD(vmi_init), ROM_IMAGE_SIZE, LAST_BYTE },
	{ init_header, VMI_E_SLOT_TARGET, HEADER_FIELD(vmi_init), TABLE_END - 1, TABLE_END },
	{ init_behind, VMI_E_SLOT_TARGET, HEADER_FIELD(vmi_init), UINT32_MAX, LAST_BYTE },
	{ reloc_far, VMI_E_SLOT_TARGET, HEADER_FIELD(get_reloc), 0x7FFFFFFF, LAST_BYTE },
	{ reloc_short, VMI_E_SLOT_TARGET, HEADER_FIELD(get_reloc), 0x0A, TABLE_END },
	{ top_low, VMI_E_VIRTUAL_TOP, HEADER_FIELD(virtual_top), 0xBFFFF000, 0xC0000000 },
	{ top_odd, VMI_E_VIRTUAL_TOP, HEADER_FIELD(virtual_top), 0xF0000800, 0xF0000000 },
	{ lineage, VMI_E_API_LINEAGE, HEADER_FIELD(api_version_maj), 13, 3 },
	{ major_2, VMI_E_API_MAJOR, HEADER_FIELD(api_version_maj), 2, 3 },
	{ major_4, VMI_E_API_MAJOR, HEADER_FIELD(api_version_maj), 4, 3 },
	{ license_out, VMI_E_LICENSE_OFFSET, HEADER_FIELD(license_offs), 4096, LAST_BYTE },
	{ license_far, VMI_E_LICENSE_OFFSET, HEADER_FIELD(license_offs), 0xFFFF, LAST_BYTE },
	{ license_open, VMI_E_LICENSE_STRING, HEADER_FIELD(license_offs), 3, 2 },
	{ license_other, VMI_E_LICENSE, "vrom_header.license_offs", 0, ROM_IMAGE_LICENSE,
	  0x302E322D4C5047, 0x3276204C5047 },
	{ license_longer, VMI_E_LICENSE, "vrom_header.license_offs", 0, ROM_IMAGE_LICENSE,
	  0x203276204C5047, 0x3276204C5047 },
	{ license_none, VMI_E_LICENSE, "vrom_header.license_offs", 0, ROM_IMAGE_LICENSE,
	  0, 0x3276204C5047 },
	{ pcir_none, VMI_E_PCIR_OFFSET, HEADER_FIELD(pci_header_offs), 0, TABLE_END },
	{ pcir_table, VMI_E_PCIR_OFFSET, HEADER_FIELD(pci_header_offs), TABLE_END - 4, TABLE_END },
	{ pcir_out, VMI_E_PCIR_OFFSET, HEADER_FIELD(pci_header_offs), 4076, 4072 },
	{ pcir_far, VMI_E_PCIR_OFFSET, HEADER_FIELD(pci_header_offs), 0xFFFC, 4072 },
	{ pcir_odd, VMI_E_PCIR_ALIGN, HEADER_FIELD(pci_header_offs), ROM_IMAGE_PCIR + 2,
	  ROM_IMAGE_PCIR },
	{ pcir_wrong, VMI_E_PCIR_SIGNATURE, PCIR_FIELD(signature), 0x52494370, 0x52494350 },
	{ pcir_short, VMI_E_PCIR_LENGTH, PCIR_FIELD(length), 23, 24 },
	{ pcir_long, VMI_E_PCIR_LENGTH, PCIR_FIELD(length),
	  ROM_IMAGE_SIZE - ROM_IMAGE_PCIR + 1, ROM_IMAGE_SIZE - ROM_IMAGE_PCIR },
	{ pcir_longest, VMI_E_PCIR_LENGTH, PCIR_FIELD(length), 0xFFFF,
	  ROM_IMAGE_SIZE - ROM_IMAGE_PCIR },
	{ pcir_image, VMI_E_PCIR_IMAGE, PCIR_FIELD(image_length), 7, 8 },
	{ pcir_efi, VMI_E_PCIR_CODE, PCIR_FIELD(code_type), 3, 0 },
	{ pcir_forth, VMI_E_PCIR_CODE, PCIR_FIELD(code_type), 1, 0 },
	{ pnp_table, VMI_E_PNP_OFFSET, HEADER_FIELD(pnp_header_offs), TABLE_END - 1, TABLE_END },
	{ pnp_out, VMI_E_PNP_OFFSET, HEADER_FIELD(pnp_header_offs), 4065, 4064 },
	{ pnp_far, VMI_E_PNP_OFFSET, HEADER_FIELD(pnp_header_offs), 0xFFFF, 4064 },
	{ pnp_wrong, VMI_E_PNP_SIGNATURE, PNP_FIELD(signature), 0x506E5004, 0x506E5024 },
	{ pnp_short, VMI_E_PNP_LENGTH, PNP_FIELD(length), 1, 2 },
	{ pnp_long, VMI_E_PNP_LENGTH, FIELD(vrom_pnp, length), 4032, 5, 4 },
	{ pnp_sum, VMI_E_PNP_CHECKSUM, PNP_FIELD(checksum), 1, 0 },
	{ maker_out, VMI_E_PNP_STRING, PNP_FIELD(manufacturer_offs), 4096, 4095 },
	{ product_far, VMI_E_PNP_STRING, PNP_FIELD(product_offs), 0xFFFF, 4095 },
	{ product_open, VMI_E_PNP_STRING, PNP_FIELD(product_offs), 1, 0 },
};

static void test_spoilt_images(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = fixture_at(f, ROM_A);

	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		const struct spoilt *s = &spoilt[i];
		const struct vmi_candidate *candidate = &f->load.candidates[0];

		memset(fixture_at(f, ROM_A), 0, VROM_WINDOW_END - ROM_A);
		rom_image_build(rom, 3, 0);
		s->spoil(rom);
		/* All but the sum itself is refused even with a good sum. */
		if (s->spoil != bad_sum && s->spoil != lineage && HEADER(rom).rom_length < 128)
			rom_image_sign(rom);
		expect_load(f, VMI_E_NO_CANDIDATE);
		assert_int_equal(f->load.candidate_count, 1);
		expect_candidate(f, 0, s->reason, s->field);
		assert_int_equal(candidate->where, ROM_A + s->structure + s->offset);
		assert_int_equal(f->scripts[0].inits, 0);
		if (s->reason == VMI_E_CHECKSUM) {
			assert_int_not_equal(candidate->found, 0);
			continue;
		}
		assert_int_equal(candidate->found, s->found);
		assert_int_equal(candidate->expected, s->expected);
	}
}

CHANGE(nothing, (void)rom)
CHANGE(license_short, strcpy((char *)rom + ROM_IMAGE_LICENSE, "GPL"))
CHANGE(license_at_end, HEADER(rom).license_offs = LAST_BYTE - 3;
       strcpy((char *)rom + LAST_BYTE - 3, "GPL"))
CHANGE(pnp_none, HEADER(rom).pnp_header_offs = 0)
CHANGE(pnp_no_strings, PNP(rom).manufacturer_offs = PNP(rom).product_offs = 0;
       rom_image_sign_pnp(rom))
CHANGE(pcir_at_end, HEADER(rom).pci_header_offs = ROM_IMAGE_SIZE - sizeof(struct vrom_pcir);
       memcpy(rom + ROM_IMAGE_SIZE - sizeof(struct vrom_pcir), &PCIR(rom), sizeof(PCIR(rom))))
CHANGE(pnp_at_end, HEADER(rom).pnp_header_offs = ROM_IMAGE_SIZE - sizeof(struct vrom_pnp);
       memcpy(rom + ROM_IMAGE_SIZE - sizeof(struct vrom_pnp), &PNP(rom), sizeof(PNP(rom))))
CHANGE(pcir_image_longer, PCIR(rom).image_length = 0xFFFF)
CHANGE(other_vendor, PCIR(rom).vendor = 0x1234)
CHANGE(top_lowest, HEADER(rom).virtual_top = 0xC0000000)
CHANGE(top_highest, HEADER(rom).virtual_top = 0xFFFFF000)
CHANGE(two_slots, HEADER(rom).jump_slots = 2)
CHANGE(many_slots, HEADER(rom).jump_slots = 80)
CHANGE(reserved_bytes, memset(HEADER(rom).reserved, 0xFF, sizeof(HEADER(rom).reserved)))
CHANGE(strange_slots, memset(rom + 0x90, 0xE9, 74 * 8))
CHANGE(other_code, memset(HEADER(rom).vmi_init, 0xCC, 8); memset(HEADER(rom).get_reloc, 0x90, 8))
CHANGE(init_last_byte, jump(rom, VROM_SLOT_INIT, LAST_BYTE);
       jump(rom, VROM_SLOT_GET_RELOC, TABLE_END))
CHANGE(short_jump, HEADER(rom).jump_slots = 2; memcpy(rom + 0x88, "\xEB\x06", 2))
CHANGE(inner_header, memcpy(rom + 0x800, "\x55\xAA", 2))

static void test_good_images(void **state)
{
	static void (*const odd[])(uint8_t *rom) = {
		nothing, license_short, license_at_end, pnp_none, pnp_no_strings, pcir_at_end,
		pnp_at_end, pcir_image_longer, other_vendor, top_lowest, top_highest, two_slots,
		many_slots, reserved_bytes, strange_slots, other_code, init_last_byte, short_jump,
		inner_header,
	};
	struct fixture *f = *state;
	uint8_t *rom = fixture_at(f, ROM_A);

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		rom_image_build(rom, 3, 0);
		odd[i](rom);
		rom_image_sign(rom);
		expect_load(f, VMI_OK);
		expect_candidate(f, 0, VMI_OK, NULL);
		assert_int_equal(f->load.candidates[0].length, ROM_IMAGE_SIZE);
		assert_int_equal(f->scripts[0].inits, 1);
	}
	/* 55AA inside an image is a candidate of its own, and no harm to the image. */
	assert_int_equal(f->load.candidate_count, 2);
	expect_candidate(f, 1, VMI_E_NOT_VMI, "vrom_header.vrom_signature");
}

static void test_license_is_printable(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = fixture_at(f, ROM_A);

	strcpy((char *)rom + ROM_IMAGE_LICENSE, "A\n\x1b\xFFomuch longer than kept");
	rom_image_sign(rom);
	expect_load(f, VMI_E_NO_CANDIDATE);
	assert_string_equal(f->load.candidates[0].license, "A???omuch longe");
}

/* Every step holds 55AA: all of them are listed, none is lost. */
static void test_full_window(void **state)
{
	struct fixture *f = *state;

	fixture_remove_rom(f, &f->scripts[0]);
	for (uint32_t i = 0; i < WINDOW_SIZE; i += VROM_WINDOW_STEP)
		memcpy(f->memory + i, "\x55\xAA", 2);
	expect_load(f, VMI_E_NO_CANDIDATE);
	assert_int_equal(f->load.candidate_count, 96);
	for (size_t i = 0; i < 96; i++) {
		expect_candidate(f, i, VMI_E_NOT_VMI, NULL);
		assert_int_equal(f->load.candidates[i].base, VROM_WINDOW_BASE + 2048 * i);
	}
}

int run_image_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_spoilt_images),
		LOADER_TEST(test_good_images),
		LOADER_TEST(test_license_is_printable),
		LOADER_TEST(test_full_window),
	};

	return cmocka_run_group_tests_name("loader images", tests, NULL, NULL);
}
