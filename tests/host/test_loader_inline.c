// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to be copied, good and bad; and every bit of the directory and its tables, in the
 * built image and in the ROM that PVROM_TEST_ROM names, with and without their sums mended.
 */
#include "test_loader.h"

#include <string.h>

#define D(rom) (*rom_image_directory(rom))

/* By the processor's manual. */
static const struct offer {
	int call;
	uint8_t length, bytes[3];
} offers[] = {
	{ VMI_CALL_SetCR3, 3, { 0x0F, 0x22, 0xD8 } }, { VMI_CALL_GetCR0, 3, { 0x0F, 0x20, 0xC0 } },
	{ VMI_CALL_CLTS, 2, { 0x0F, 0x06 } }, { VMI_CALL_WBINVD, 2, { 0x0F, 0x09 } },
	{ VMI_CALL_EnableInterrupts, 1, { 0xFB } }, { VMI_CALL_RDMSR, 2, { 0x0F, 0x32 } },
};
#define OFFERS (sizeof(offers) / sizeof(offers[0]))

static uint8_t *rom_with_offers(struct fixture *f)
{
	uint8_t *rom = fixture_at(f, ROM_A);

	f->load.range.minor_max = 1;
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 1);
	for (unsigned int i = 0; i < OFFERS; i++)
		rom_image_offer(rom, offers[i].call, i, offers[i].bytes, offers[i].length);
	return rom;
}

static const struct vmi_binding *binding_of(const struct fixture *f, int call)
{
	return &f->bindings[fixture_row(f, call)];
}

static void test_good_bytes(void **state)
{
	struct fixture *f = *state;
	size_t cr3 = fixture_row(f, VMI_CALL_SetCR3);

	rom_with_offers(f);
	expect_load(f, VMI_OK);
	for (unsigned int i = 0; i < OFFERS; i++) {
		expect_row(f, fixture_row(f, offers[i].call), VMI_OK, 0, 0);
		assert_int_equal(binding_of(f, offers[i].call)->kind, VMI_BIND_INLINE);
		assert_int_equal(f->scripts[0].asked[offers[i].call], 0);
	}
	assert_int_equal(binding_of(f, VMI_CALL_SetCR0)->kind, VMI_BIND_ROM);
	fixture_report(f);
	assert_non_null(strstr(f->text, " inline=6\n"));
	assert_non_null(strstr(f->text, "bind set_cr3 17 SetCR3 inline - none why=ok\n"));

	/* A wrapper calls the twin; a row without one needs the address. */
	f->slots[cr3].flags = VMI_SLOT_WRAPPER;
	f->slots[fixture_row(f, VMI_CALL_CLTS)].flags = VMI_SLOT_MANDATORY;
	f->slots[fixture_row(f, VMI_CALL_CLTS)].native = 0;
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[cr3].kind, VMI_BIND_INLINE);
	assert_int_equal(binding_of(f, VMI_CALL_CLTS)->kind, VMI_BIND_ROM);
	f->slots[cr3].flags = 0;

	/* What the command line keeps native is not copied either; 3.0 has no bytes. */
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), "vmi=native:SetCR3", 17);
	expect_load(f, VMI_OK);
	expect_row(f, cr3, VMI_E_OVERRIDE, 0, 0);
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), "vmi=max:3.0", 11);
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[cr3].kind, VMI_BIND_ROM);
	/* vmi=verify asks, and binds the same. */
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), "vmi=verify", 10);
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[cr3].kind, VMI_BIND_INLINE);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 1);
}

/* Loads after a change of SetCR3's entry: the call is called, and the report says why. */
static void expect_called(struct fixture *f, enum vmi_reason reason, uint64_t found,
			  uint64_t expected)
{
	char line[96] = "\ninline 17 SetCR3 refused why=";

	rom_image_sign_directory(fixture_at(f, ROM_A));
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SetCR3), VMI_OK, 0, 0);
	assert_int_equal(binding_of(f, VMI_CALL_SetCR3)->kind, VMI_BIND_ROM);
	assert_int_equal(binding_of(f, VMI_CALL_CLTS)->kind, VMI_BIND_INLINE);
	assert_int_equal(f->load.inlines[VMI_CALL_SetCR3].reason, reason);
	assert_int_equal(f->load.inlines[VMI_CALL_SetCR3].found, found);
	assert_int_equal(f->load.inlines[VMI_CALL_SetCR3].expected, expected);
	fixture_report(f);
	strcat(line, vmi_reason_name(reason));
	assert_non_null(strstr(f->text, line));
	reason_note(vmi_reason_name(reason));
}

static void test_bad_bytes(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = rom_with_offers(f);
	struct vrom_capability *c = rom_image_capability(rom, VMI_CALL_SetCR3), good = *c;
	uint16_t first = VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + VMI_CALLS) * VROM_SLOT_SIZE;

	rom[c->inline_offs + 2] = 0xD0; /* CR2 */
	expect_called(f, VMI_E_INLINE_BYTES, 0xD0220F, 0xD8220F);
	rom[c->inline_offs + 2] = 0xD8;
	c->inline_length = 2; /* a part of it */
	expect_called(f, VMI_E_INLINE_BYTES, 0x220F, 0xD8220F);
	c->inline_length = 255;
	c->inline_offs = (uint16_t)(ROM_IMAGE_SIZE - 255);
	assert_true(rom[c->inline_offs] != 0x0F);
	uint64_t found;
	memcpy(&found, rom + c->inline_offs, sizeof(found));
	expect_called(f, VMI_E_INLINE_BYTES, found, 0xD8220F);
	*c = good;
	c->inline_length = 0;
	expect_called(f, VMI_E_INLINE_RANGE, 0, 1);
	*c = good;
	c->inline_offs = ROM_IMAGE_SIZE - 2;
	expect_called(f, VMI_E_INLINE_RANGE, ROM_IMAGE_SIZE - 2, ROM_IMAGE_SIZE - 3);
	c->inline_offs = (uint16_t)(first - 1);
	expect_called(f, VMI_E_INLINE_RANGE, (uint16_t)(first - 1), first);
	*c = good;
	c->inline_clobbers |= VROM_INLINE_EBX;
	expect_called(f, VMI_E_INLINE_CLOBBERS, c->inline_clobbers, good.inline_clobbers);
}

/* What the untouched ROM offers to be copied. */
static struct known {
	uint8_t length, bytes[UINT8_MAX];
} known[VMI_CALLS];

static void learn(uint8_t *rom)
{
	for (int call = 0; call < VMI_CALLS; call++) {
		const struct vrom_capability *c = rom_image_capability(rom, call);

		known[call].length = c->inline_length;
		memcpy(known[call].bytes, rom + c->inline_offs, c->inline_length);
	}
}

/* No row may be bound to anything but what GetRelocationInfo answers, or the known bytes. */
static void check_rows(const struct fixture *f, const uint8_t *rom)
{
	const struct vmi_directory *d = &f->load.candidates[0].directory;

	for (size_t row = 0; row < f->load.slot_count; row++) {
		const struct vmi_binding *binding = &f->bindings[row];
		int call = f->slots[row].call;
		struct vrom_capability c;

		if (binding->kind == VMI_BIND_ROM) {
			assert_int_equal(binding->address, f->scripts[0].answers[call].eax);
			assert_int_equal(binding->type, f->scripts[0].answers[call].edx);
		} else if (binding->kind == VMI_BIND_INLINE) {
			memcpy(&c, rom + d->capabilities + call * d->size, sizeof(c));
			assert_int_equal(c.inline_length, known[call].length);
			assert_memory_equal(rom + c.inline_offs, known[call].bytes, c.inline_length);
		}
	}
}

struct outcomes {
	unsigned int whole, as_3_0, refused;
};

/* Flips each bit of `size` bytes at `at`; the sums of the directory are mended if `lie`. */
static void flip(struct fixture *f, uint32_t at, uint32_t size, bool lie, struct outcomes *o)
{
	static uint8_t good[VROM_WINDOW_END - ROM_A];
	uint8_t *rom = fixture_at(f, ROM_A);
	size_t length = rom[2] * VROM_BLOCK;

	memcpy(good, rom, length);
	for (uint32_t bit = 0; bit < 8 * size; bit++) {
		rom[at + bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (lie)
			rom_image_sign_directory(rom);
		rom_image_sign(rom);
		if (fixture_load(f) != VMI_OK) {
			enum vmi_reason reason = f->load.candidates[0].reason;

			/*
			 * MANDATORY: by the table, IRET is not provided. RELOC_CALL: something else
			 * is called as GetRelocationInfo.
			 */
			if (!lie || (reason != VMI_E_CAPABILITY && reason != VMI_E_MANDATORY &&
				     reason != VMI_E_RELOC_CALL))
				fail_msg("bit %u of byte %#x: %s", bit % 8, at + bit / 8,
					 vmi_reason_name(f->load.candidates[0].reason));
			o->refused++;
		} else if (!f->load.minor) {
			assert_int_not_equal(f->load.candidates[0].directory.reason, VMI_OK);
			o->as_3_0++;
		} else {
			if (!lie)
				fail_msg("bit %u of byte %#x: not seen", bit % 8, at + bit / 8);
			o->whole++;
		}
		check_rows(f, rom);
		memcpy(rom, good, length);
	}
}

static void flip_all(struct fixture *f)
{
	uint8_t *rom = fixture_at(f, ROM_A);
	struct vrom_directory d = D(rom);
	struct outcomes o;

	learn(rom);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.minor, 1);
	check_rows(f, rom);
	for (int lie = 0; lie < 2; lie++) {
		memset(&o, 0, sizeof(o));
		flip(f, VROM_DIRECTORY, d.length, lie, &o);
		flip(f, d.capabilities_offs, (uint32_t)d.capability_count * d.capability_size, lie, &o);
		flip(f, d.groups_offs, d.groups_size, lie, &o);
		print_message("directory, %s: %u as 3.0, %u refused, %u as 3.1\n",
			      lie ? "sums mended" : "image's sum mended", o.as_3_0, o.refused,
			      o.whole);
		assert_in_range(o.as_3_0, 50, UINT32_MAX);
		if (lie)
			assert_in_range(o.refused, 100, UINT32_MAX);
		assert_int_equal(o.whole > 0, lie);
	}
}

static void test_every_bit(void **state)
{
	struct fixture *f = *state;

	rom_with_offers(f);
	fixture_shrink(f, ROM_IMAGE_SIZE);
	flip_all(f);
}

static void test_every_bit_of_a_file(void **state)
{
	struct fixture *f = *state;
	uint8_t *rom = fixture_at(f, ROM_A);

	fixture_place_file(f);
	f->load.range.minor_max = 1;
	for (int call = 0; call < VMI_CALLS; call++) {
		const struct vrom_capability *c = rom_image_capability(rom, call);

		f->scripts[0].answers[call] = (struct vmi_registers){
			.eax = c->entry_offs ? (uint32_t)f->load.window.virt + c->entry_offs : 0,
			.edx = c->detail & 0x0F,
		};
	}
	flip_all(f);
}

int run_inline_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_good_bytes),
		LOADER_TEST(test_bad_bytes),
		LOADER_TEST(test_every_bit),
		LOADER_TEST(test_every_bit_of_a_file),
	};

	return cmocka_run_group_tests_name("loader and bytes to be copied", tests, NULL, NULL);
}
