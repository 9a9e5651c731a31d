// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damage: single bits, hostile numbers and random bytes. PVROM_TEST_ROM names a ROM
 * file whose every bit is flipped too, before and after POST; PVROM_TEST_SEED changes the random damage.
 */
#include "rom_check.h"
#include "test_loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAMAGED_IMAGES 100000

static void flip_every_bit(struct fixture *f, uint32_t size)
{
	uint8_t *rom = fixture_at(f, ROM_A);

	expect_load(f, VMI_OK);
	for (uint32_t bit = 0; bit < 8 * size; bit++) {
		rom[bit / 8] ^= 1 << bit % 8;
		if (fixture_load(f) == VMI_OK || f->scripts[0].inits)
			fail_msg("bit %u of byte %#x flipped: the ROM is %s", bit % 8, bit / 8,
				 f->load.chosen < 0 ? "called" : "used");
		if (bit >= 16 && f->load.candidates[0].reason == VMI_OK)
			fail_msg("bit %u of byte %#x flipped: no reason", bit % 8, bit / 8);
		rom[bit / 8] ^= 1 << bit % 8;
	}
	expect_load(f, VMI_OK);
}

static void test_every_bit(void **state)
{
	struct fixture *f = *state;

	fixture_shrink(f, 12288);
	flip_every_bit(f, ROM_IMAGE_SIZE);
}

static void test_every_bit_of_a_file(void **state)
{
	struct fixture *f = *state;

	flip_every_bit(f, fixture_place_file(f));
}

/*
 * What POST makes of `size` bytes of a file: a shorter image with a filled config block
 * and a mended sum, and behind it whatever lay there. Result: the size that is left.
 */
static uint32_t post(uint8_t *rom, uint32_t size)
{
	struct vrom_config config = { 0 };
	uint32_t at = 0;

	while (config.signature != VROM_CONFIG_SIGNATURE) {
		at += 16;
		assert_true(at + sizeof(config) <= size);
		memcpy(&config, rom + at, sizeof(config));
	}
	assert_in_range(config.resident_blocks, 1, config.image_blocks);
	config.flags |= VROM_CONFIG_POSTED;
	config.load_segment = ROM_A >> 4;
	config.load_address = ROM_A;
	config.power_port = 0x604;
	config.power_value = 0x2000;
	memcpy(rom + at, &config, sizeof(config));
	rom[offsetof(struct vrom_header, rom_length)] = config.resident_blocks;
	rom_image_sign(rom);
	return config.resident_blocks * VROM_BLOCK;
}

/* What a guest finds, every byte of it; the window behind it holds other bytes than 0. */
static void test_every_bit_after_post(void **state)
{
	struct fixture *f = *state;
	uint32_t size = fixture_place_file(f), resident = post(fixture_at(f, ROM_A), size);

	assert_true(resident < size); /* or this is the test above */
	memset(fixture_at(f, ROM_A + resident), 0xA5, size - resident);
	flip_every_bit(f, resident);
}

/* Loads a good image with `value` in the `bytes` bytes at `offset`, and good sums. */
static enum vmi_reason load_with(struct fixture *f, uint32_t offset, uint32_t bytes,
				 uint32_t value)
{
	uint8_t *rom = fixture_at(f, ROM_A);

	rom_image_build(rom, 3, 0);
	memcpy(rom + offset, &value, bytes);
	rom_image_sign_pnp(rom);
	if (rom[2])
		rom_image_sign(rom);
	return fixture_load(f);
}

/* Every offset and length field, with every value around the image and the extremes. */
static void test_hostile_numbers(void **state)
{
	static const uint32_t extremes[] = {
		0x7FFF, 0x8000, 0xFFE0, 0xFFF0, 0xFFFC, 0xFFFE, 0xFFFF,
	};
	static const uint32_t fields[] = {
		offsetof(struct vrom_header, license_offs),
		offsetof(struct vrom_header, pci_header_offs),
		offsetof(struct vrom_header, pnp_header_offs),
		ROM_IMAGE_PCIR + offsetof(struct vrom_pcir, length),
		ROM_IMAGE_PCIR + offsetof(struct vrom_pcir, image_length),
		ROM_IMAGE_PNP + offsetof(struct vrom_pnp, manufacturer_offs),
		ROM_IMAGE_PNP + offsetof(struct vrom_pnp, product_offs),
	};
	struct fixture *f = *state;

	fixture_shrink(f, 12288);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		unsigned int good = 0, refused = 0;

		for (uint32_t value = 0; value < ROM_IMAGE_SIZE + 64; value++)
			load_with(f, fields[i], 2, value) == VMI_OK ? good++ : refused++;
		for (size_t k = 0; k < sizeof(extremes) / sizeof(extremes[0]); k++)
			load_with(f, fields[i], 2, extremes[k]);
		assert_in_range(good, 1, ROM_IMAGE_SIZE + 64);
		assert_in_range(refused, 1, ROM_IMAGE_SIZE + 64);
	}
	for (uint32_t value = 0; value < 256; value++) {
		load_with(f, offsetof(struct vrom_header, jump_slots), 1, value);
		load_with(f, offsetof(struct vrom_header, vmi_init) + 4, 1, value);
		load_with(f, ROM_IMAGE_PNP + offsetof(struct vrom_pnp, length), 1, value);
	}
}

static void test_every_length(void **state)
{
	struct fixture *f = *state;

	for (uint32_t blocks = 0; blocks < 256; blocks++) {
		enum vmi_reason reason;

		memset(fixture_at(f, ROM_A), 0, VROM_WINDOW_END - ROM_A);
		rom_image_build(fixture_at(f, ROM_A), 3, 0);
		rom_image_pcir(fixture_at(f, ROM_A))->image_length = 255;
		*fixture_at(f, ROM_A + 2) = (uint8_t)blocks;
		if (blocks * VROM_BLOCK <= VROM_WINDOW_END - ROM_A)
			rom_image_sign(fixture_at(f, ROM_A));
		/* The mandatory calls' entries stand in the fourth block. */
		for (int call = 0; call < VMI_CALLS; call++)
			if (f->scripts[0].answers[call].edx)
				f->scripts[0].answers[call].eax = WINDOW_VIRT + ROM_A -
								  VROM_WINDOW_BASE + 0x3FF;
		reason = fixture_load(f);
		if (blocks >= 2 && blocks <= 128)
			assert_int_equal(reason, VMI_OK);
		else
			assert_int_equal(reason, VMI_E_NO_CANDIDATE);
	}
}

/* Another answer to some call: address, type or reserved bits at random. */
static void damage_answer(struct script *script)
{
	struct vmi_registers *answer = &script->answers[random() % VMI_CALLS];

	answer->edx = (uint32_t)random() % 8 ? (uint32_t)random() % 5 : (uint32_t)random();
	if (random() % 4)
		answer->eax += (uint32_t)(random() % 8192) - 4096;
	else
		answer->eax = (uint32_t)random() << random() % 2;
}

static void test_random_damage(void **state)
{
	struct fixture *f = *state;
	const char *text = getenv("PVROM_TEST_SEED");
	unsigned int seed = text ? (unsigned int)strtoul(text, NULL, 0) : 20060701;
	uint8_t *rom = fixture_at(f, ROM_A);
	unsigned int used = 0, refused = 0;
	const struct script good = f->scripts[0];

	f->load.range.minor_max = 1; /* half of the images have a directory */
	print_message("random damage: PVROM_TEST_SEED=%u\n", seed);
	srandom(seed);
	fixture_shrink(f, 12288);
	for (int i = 0; i < DAMAGED_IMAGES; i++) {
		int changes = 1 + (int)(random() % 8);

		rom_image_build(rom, 3, (uint8_t)(random() % 2));
		while (changes--) {
			/* Half of the damage goes where the structures are. */
			uint32_t at = (uint32_t)random() % (random() % 2 ? 0x90 : ROM_IMAGE_SIZE);

			if (random() % 4 == 0)
				at = ROM_IMAGE_MANUFACTURER + (uint32_t)random() % 0x80;
			rom[at] = (uint8_t)random();
		}
		/* With a good sum the damage reaches the checks behind it. */
		if (random() % 8 && rom[2] && rom[2] <= 128)
			rom_image_sign(rom);
		if (random() % 2)
			rom_image_sign_pnp(rom);
		if (random() % 2)
			damage_answer(&f->scripts[0]);
		/* fixture_load() looks at the rows, rom_check() at the image. */
		if (fixture_load(f) == VMI_OK) {
			uint32_t base = (uint32_t)f->load.candidates[f->load.chosen].base;
			/* A damaged length may take in the zeros behind the image. */
			const char *wrong = rom_check(fixture_at(f, base),
						      f->load.window.base + f->load.window.size - base);

			if (wrong)
				fail_msg("image %d is used, but %s", i, wrong);
			used++;
		} else {
			refused++;
		}
		f->scripts[0] = good;
		if (i % 16 == 0)
			fixture_report(f);
		memset(rom + ROM_IMAGE_SIZE, 0, ROM_IMAGE_SIZE);
	}
	/* Damage in bytes that mean nothing, with a new sum, is no damage. */
	assert_in_range(used, 1000, DAMAGED_IMAGES - 1000);
	assert_in_range(refused, 1000, DAMAGED_IMAGES - 1000);
}

int run_damage_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_every_bit),
		LOADER_TEST(test_every_bit_of_a_file),
		LOADER_TEST(test_every_bit_after_post),
		LOADER_TEST(test_hostile_numbers),
		LOADER_TEST(test_every_length),
		LOADER_TEST(test_random_damage),
	};

	return cmocka_run_group_tests_name("loader and damage", tests, NULL, NULL);
}
