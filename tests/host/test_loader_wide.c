// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest in long mode: the further ABI that it takes, what is wrong with one, and what the
 * 64-bit calls of a ROM may answer.
 */
#include "test_loader.h"

#include <stdio.h>
#include <string.h>

#define ENDBR64 0xFA1E0FF3u
#define TABLE_END (VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + VMI_CALLS) * VROM_SLOT_SIZE)
#define D(rom) (*rom_image_directory64(rom))
#define A(rom) rom_image_abi(rom)
#define CHANGE(name, statement) static void name(uint8_t *rom) { statement; }
#define OUTER(member) "vrom_directory." #member, \
	VROM_DIRECTORY + offsetof(struct vrom_directory, member)
#define INNER(member) "vrom_directory." #member, \
	ROM_IMAGE64_DIRECTORY + offsetof(struct vrom_directory, member)
#define LIST(member, index) "vrom_abi." #member, \
	ROM_IMAGE64_ABIS + 8 * (index) + offsetof(struct vrom_abi, member)
#define LAST (ROM_IMAGE64_SIZE - sizeof(struct vrom_directory))
#define HEADER(member) "vrom_header." #member, offsetof(struct vrom_header, member)

static void words(struct fixture *f, const char *text)
{
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), text, strlen(text));
}

static void expect_all_bound(struct fixture *f)
{
	vmi_virt_t image = f->load.window.virt + ROM_A - f->load.window.base;

	expect_load(f, VMI_OK);
	for (size_t row = 1; row < f->load.slot_count; row++) {
		expect_row(f, row, VMI_OK, 0, 0);
		assert_int_equal(f->bindings[row].kind, VMI_BIND_ROM);
		assert_int_equal(f->bindings[row].address,
				 image + ROM_IMAGE64_CALLS + 16 * f->slots[row].call);
	}
}

/* The whole table, wherever the guest has mapped the window; each call is asked for once. */
static void test_bound(void **state)
{
	static const uint64_t places[] = {
		WINDOW_VIRT, 0x123400000000, 0xFFFF888000000000, 0xFFFFFFFF80000000, 0xFF00000000000000,
		0 - (uint64_t)WINDOW_SIZE,
	};
	struct fixture *f = *state;
	char line[80];

	fixture_widen(f);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		vmi_virt_t moved = places[i] - f->load.window.virt;

		for (int call = 0; call < VMI64_CALLS; call++)
			f->scripts[0].answers[call].eax += vmi64_calls[call].reserved ? 0 : moved;
		f->load.window.virt = places[i];
		expect_all_bound(f);
		assert_int_equal(f->load.questions, f->load.slot_count - 1);
		assert_int_equal(f->load.update_flags, VMI_UPDATE_DEFER);
	}
	assert_int_equal(f->load.candidates[0].major, VMI64_MAJOR);
	assert_int_equal(f->load.minor, VMI64_MINOR);
	words(f, "vmi=verbose vmi=json");
	fixture_report(f);
	assert_in_range(f->load.slot_count, 70, VMI64_CALLS);
	snprintf(line, sizeof(line), "\nvmi rom 0x000e0000 4.0 bound=%zu nop=0 native=1\n",
		 f->load.slot_count - 1);
	assert_non_null(strstr(f->text, line));
	assert_non_null(strstr(f->text, "\nrange 4.0-4.0\n"));
	assert_non_null(strstr(f->text, "\nvrom 0x000e0000 used 4.0 length=12288 why=ok # "));
	assert_non_null(strstr(f->text, "\nbind swapgs 81 SwapGS rom 0xffffffffffff1a10 call why=ok\n"));
	assert_non_null(strstr(f->text, "\"version\":\"4.0\""));
	assert_non_null(strstr(f->text, "\"call\":93,\"name\":\"SetPageVisibility\""));
}

/* The same image serves a guest of 32 bits as before. */
static void test_both_widths(void **state)
{
	struct fixture *f = *state;

	rom_image_build(fixture_at(f, ROM_A), 3, 1);
	rom_image_widen(fixture_at(f, ROM_A));
	f->load.range.minor_max = 1;
	expect_load(f, VMI_OK);
	assert_true(f->load.candidates[0].directory.used);
	assert_int_equal(f->load.candidates[0].major, 3);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SetCR3)].kind, VMI_BIND_ROM);
}

CHANGE(header_3_0, rom_image_header(rom)->api_version_min = 0)
CHANGE(header_4_0, rom_image_header(rom)->api_version_maj = 4)
CHANGE(no_list, rom_image_directory(rom)->abi_count = 0; rom_image_sign_directory(rom))
CHANGE(no_width, A(rom)->width = 32)
CHANGE(outer_sum, rom_image_directory(rom)->checksum ^= 1)
CHANGE(list_header, rom_image_directory(rom)->abis_offs = TABLE_END - 8;
       rom_image_sign_directory(rom))
CHANGE(list_end, rom_image_directory(rom)->abis_offs = ROM_IMAGE64_SIZE - 7;
       rom_image_sign_directory(rom))
CHANGE(list_long, rom_image_directory(rom)->abi_count = 0xFFFF; rom_image_sign_directory(rom))
CHANGE(major_5, A(rom)->major = 5)
CHANGE(directory_header, A(rom)->directory_offs = VROM_DIRECTORY)
CHANGE(directory_end, A(rom)->directory_offs = ROM_IMAGE64_SIZE - 35)
CHANGE(directory_out, A(rom)->directory_offs = 0xFFFF)
CHANGE(no_signature, D(rom).signature ^= 1)
CHANGE(too_short, D(rom).length = 35)
CHANGE(too_long, memcpy(rom + LAST, &D(rom), sizeof(D(rom))); A(rom)->directory_offs = LAST;
       rom[LAST + offsetof(struct vrom_directory, length)]++)
CHANGE(no_version, D(rom).version = 0; rom_image_sign64(rom))
CHANGE(bad_sum, D(rom).build_id_size = 1)
CHANGE(bad_tables, rom_image_capability64(rom, 93)->kinds ^= 8)
CHANGE(small_entries, D(rom).capability_size = 7; rom_image_sign64(rom))
CHANGE(table_long, D(rom).capability_count = 0xFFFF; rom_image_sign64(rom))
CHANGE(groups_out, D(rom).groups_offs = 8; rom_image_sign64(rom))
CHANGE(init_out, D(rom).init_offs = ROM_IMAGE64_SIZE; rom_image_sign64(rom))
CHANGE(reloc_out, D(rom).get_reloc_offs = 0x80; rom_image_sign64(rom))
CHANGE(config_out, D(rom).config_offs = ROM_IMAGE64_SIZE - 8; rom_image_sign64(rom))
CHANGE(nested, D(rom).abis_offs = ROM_IMAGE64_ABIS; D(rom).abi_count = 2; rom_image_sign64(rom))
CHANGE(nested_out, D(rom).abis_offs = 0xFFF8; D(rom).abi_count = 2; rom_image_sign64(rom))
CHANGE(init_code, rom[ROM_IMAGE64_INIT + 3] = 0xFB)
CHANGE(reloc_code, rom[ROM_IMAGE64_GET_RELOC] = 0x90)
CHANGE(init_cut, D(rom).init_offs = ROM_IMAGE64_SIZE - 3; rom_image_sign64(rom))

static const struct spoilt {
	void (*spoil)(uint8_t *rom);
	enum vmi_reason reason;
	const char *field;
	size_t offset;
	uint64_t found, expected; /* both 0: a sum that is not 0 */
} spoilt[] = {
	{ header_3_0, VMI_E_API_WIDTH, HEADER(api_version_maj), 32, 64 },
	{ header_4_0, VMI_E_API_WIDTH, HEADER(api_version_maj), 32, 64 },
	{ no_list, VMI_E_API_WIDTH, HEADER(api_version_maj), 32, 64 },
	{ no_width, VMI_E_API_WIDTH, HEADER(api_version_maj), 32, 64 },
	{ outer_sum, VMI_E_DIRECTORY_CHECKSUM, OUTER(checksum), 0, 0 },
	{ list_header, VMI_E_DIRECTORY_RANGE, OUTER(abis_offs), TABLE_END - 8, TABLE_END },
	{ list_end, VMI_E_DIRECTORY_RANGE, OUTER(abis_offs), ROM_IMAGE64_SIZE - 7,
	  ROM_IMAGE64_SIZE - 8 },
	{ list_long, VMI_E_DIRECTORY_RANGE, OUTER(abis_offs), ROM_IMAGE64_ABIS, TABLE_END - 1 },
	{ major_5, VMI_E_API_MAJOR, LIST(major, 0), 5, VMI64_MAJOR },
	{ directory_header, VMI_E_DIRECTORY_RANGE, LIST(directory_offs, 0), VROM_DIRECTORY, TABLE_END },
	{ directory_end, VMI_E_DIRECTORY_RANGE, LIST(directory_offs, 0), ROM_IMAGE64_SIZE - 35,
	  ROM_IMAGE64_SIZE - 36 },
	{ directory_out, VMI_E_DIRECTORY_RANGE, LIST(directory_offs, 0), 0xFFFF,
	  ROM_IMAGE64_SIZE - 36 },
	{ no_signature, VMI_E_DIRECTORY_SIGNATURE, INNER(signature), VROM_DIRECTORY_SIGNATURE ^ 1,
	  VROM_DIRECTORY_SIGNATURE },
	{ too_short, VMI_E_DIRECTORY_LENGTH, INNER(length), 35, 36 },
	{ too_long, VMI_E_DIRECTORY_LENGTH, "vrom_directory.length",
	  LAST + offsetof(struct vrom_directory, length), 37, 36 },
	{ no_version, VMI_E_DIRECTORY_VERSION, INNER(version), 0, 1 },
	{ bad_sum, VMI_E_DIRECTORY_CHECKSUM, INNER(checksum), 1, 0 },
	{ bad_tables, VMI_E_DIRECTORY_CHECKSUM, INNER(tables_checksum), 0, 0 },
	{ small_entries, VMI_E_DIRECTORY_LENGTH, INNER(capability_size), 7, 8 },
	{ table_long, VMI_E_DIRECTORY_RANGE, INNER(capabilities_offs), ROM_IMAGE64_CAPABILITIES,
	  TABLE_END - 1 },
	{ groups_out, VMI_E_DIRECTORY_RANGE, INNER(groups_offs), 8, TABLE_END },
	{ init_out, VMI_E_DIRECTORY_RANGE, INNER(init_offs), ROM_IMAGE64_SIZE, ROM_IMAGE64_SIZE - 1 },
	{ reloc_out, VMI_E_DIRECTORY_RANGE, INNER(get_reloc_offs), 0x80, TABLE_END },
	{ config_out, VMI_E_DIRECTORY_RANGE, INNER(config_offs), ROM_IMAGE64_SIZE - 8,
	  ROM_IMAGE64_SIZE - VROM_CONFIG_LENGTH_MIN },
	{ nested, VMI_E_DIRECTORY_NESTED, INNER(abi_count), 2, 0 },
	{ nested_out, VMI_E_DIRECTORY_RANGE, INNER(abis_offs), 0xFFF8, ROM_IMAGE64_SIZE - 16 },
	{ init_code, VMI_E_DIRECTORY_ENTRY, INNER(init_offs), 0xFB1E0FF3, ENDBR64 },
	{ reloc_code, VMI_E_DIRECTORY_ENTRY, INNER(get_reloc_offs), 0xFA1E0F90, ENDBR64 },
	{ init_cut, VMI_E_DIRECTORY_ENTRY, INNER(init_offs), 0, ENDBR64 },
};

/* Each fault on the way refuses the ROM, and nothing of it is called. */
static void test_spoilt(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		const struct spoilt *s = &spoilt[i];
		const struct vmi_candidate *c = &f->load.candidates[0];
		uint8_t *rom = fixture_widen(f);
		char line[96];

		s->spoil(rom);
		rom_image_sign(rom);
		expect_load(f, VMI_E_NO_CANDIDATE);
		expect_candidate(f, 0, s->reason, s->field);
		assert_int_equal(c->where, ROM_A + s->offset);
		if (s->found || s->expected) {
			assert_int_equal(c->found, s->found);
			assert_int_equal(c->expected, s->expected);
		}
		assert_int_equal(f->scripts[0].inits, 0);
		fixture_report(f);
		snprintf(line, sizeof(line), " why=%s field=%s", vmi_reason_name(s->reason), s->field);
		assert_non_null(strstr(f->text, line));
	}
}

/* Each read of the way can fail. */
static void test_unreadable(void **state)
{
	struct fixture *f = *state;
	static const struct {
		uint32_t at;
		const char *field;
	} places[] = {
		/* Later reads than the image's sum, which sees every byte, do not happen here. */
		{ ROM_IMAGE64_ABIS, "vrom_header" }, { ROM_IMAGE64_DIRECTORY, "vrom_header" },
	};

	fixture_widen(f);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		f->unreadable = ROM_A + places[i].at;
		f->unreadable_end = f->unreadable + 1;
		expect_load(f, VMI_E_NO_CANDIDATE);
		expect_candidate(f, 0, VMI_E_READ, places[i].field);
	}
}

/* Of several further ABIs, the highest that the guest knows, wherever it stands. */
static void test_choice(void **state)
{
	static const struct vmi_version_range more = { 6, 2, 5 };
	struct fixture *f = *state;
	uint8_t *rom = fixture_widen(f);
	const struct vmi_candidate *c = &f->load.candidates[0];

	A(rom)[1] = A(rom)[2] = A(rom)[3] = A(rom)[0];
	A(rom)[1].major = 9;                             /* nobody knows it */
	A(rom)[2].width = 32, A(rom)[2].major = 6;       /* not of this width */
	A(rom)[3].minor = 7;
	A(rom)[0].reserved = 1, A(rom)[0].reserved2 = 2; /* of a later version */
	rom_image_directory(rom)->abi_count = 4;
	rom_image_sign64(rom);
	expect_all_bound(f);
	assert_int_equal(c->abi, ROM_IMAGE64_ABIS + 24);
	assert_int_equal(c->minor, 7);
	assert_int_equal(f->load.minor, VMI64_MINOR);

	A(rom)[2].width = 64, A(rom)[2].minor = 3;
	rom_image_sign64(rom);
	expect_all_bound(f);
	f->load.more_ranges = &more;
	f->load.more_range_count = 1;
	expect_all_bound(f);
	assert_int_equal(c->major, 6);
	assert_int_equal(f->load.minor, 3);

	/* A minor below the guest's range; the next best is not tried, since a major goes first. */
	A(rom)[2].minor = 1;
	rom_image_sign64(rom);
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_API_MINOR, "vrom_abi.minor");
	assert_int_equal(c->where, ROM_A + ROM_IMAGE64_ABIS + 17);
	assert_int_equal(c->found, 1);
	assert_int_equal(c->expected, 2);
}

static void test_words(void **state)
{
	struct fixture *f = *state;

	fixture_widen(f);
	words(f, "vmi=native:SwapGS,vcpu");
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SwapGS), VMI_E_OVERRIDE, 0, 0);
	expect_row(f, fixture_row(f, VMI_CALL_VcpuKick), VMI_E_OVERRIDE, 0, 0);
	expect_row(f, fixture_row(f, VMI_CALL_HaltOnly), VMI_OK, 0, 0);
	words(f, "vmi=native:SetPxE");
	expect_load(f, VMI_OK);
	fixture_report(f);
	assert_non_null(strstr(f->text, "override SetPxE refused why=VMI_E_WORD_NAME"));
	words(f, "vmi=max:3.1");
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_OVERRIDE_VERSION, "vrom_abi.major");
	words(f, "vmi=verify");
	expect_all_bound(f);
	f->scripts[0].answers[VMI_CALL_SwapGS].eax += 16;
	expect_load(f, VMI_E_CAPABILITY);
	/* In 32 bit there is no such name. */
	assert_int_equal(vmi_find_call(vmi_abi_of(false), "SwapGS", 6), -1);
	assert_int_equal(vmi_find_call(vmi_abi_of(true), "SwapGS", 6), VMI_CALL_SwapGS);
	assert_int_equal(vmi_find_call(vmi_abi_of(true), "SetPxE", 6), -1);
}

/* VMI_Init and GetRelocationInfo are named as the directory has them. */
static void test_calls(void **state)
{
	struct fixture *f = *state;
	struct script *script = &f->scripts[0];

	fixture_widen(f);
	script->init_eax = VMI_INIT_NO_FLOW;
	expect_load(f, VMI_E_INIT);
	expect_candidate(f, 0, VMI_E_INIT, "vrom_directory.init_offs");
	script->init_eax = 0;
	script->init_status = VMI_CALL_LOST_STACK;
	expect_load(f, VMI_E_LOST_STACK);
	expect_candidate(f, 0, VMI_E_LOST_STACK, "vrom_directory.init_offs");
	script->init_status = VMI_CALL_RETURNED;
	script->fault_call = VMI_CALL_SwapGS;
	expect_load(f, VMI_E_RELOC_CALL);
	expect_candidate(f, 0, VMI_E_RELOC_CALL, "vrom_directory.get_reloc_offs");
	assert_int_equal(f->load.candidates[0].found, VMI_CALL_SwapGS);
}

/* Both table and answer say so, so that only the answer's meaning is left to judge. */
static void answer(struct fixture *f, int call, uint16_t offset, uint8_t type)
{
	uint8_t *rom = fixture_at(f, ROM_A);
	struct vrom_capability *c = rom_image_capability64(rom, call);

	c->entry_offs = offset;
	c->kinds = (uint8_t)(1 << type);
	c->detail = type;
	f->scripts[0].answers[call] = (struct vmi_registers){
		f->load.window.virt + ROM_A - f->load.window.base + offset, type,
	};
	rom_image_sign64(rom);
}

static void test_answers(void **state)
{
	const vmi_virt_t image = WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE;
	struct fixture *f = *state;
	size_t swapgs;

	fixture_widen(f);
	swapgs = fixture_row(f, VMI_CALL_SwapGS);
	answer(f, VMI_CALL_SwapGS, ROM_IMAGE64_SIZE, VMI_RELOCATION_CALL_REL);
	expect_load(f, VMI_OK);
	expect_row(f, swapgs, VMI_E_RELOC_RANGE, image + ROM_IMAGE64_SIZE, image + ROM_IMAGE64_SIZE - 1);
	answer(f, VMI_CALL_SwapGS, TABLE_END - 8, VMI_RELOCATION_CALL_REL);
	expect_load(f, VMI_OK);
	expect_row(f, swapgs, VMI_E_RELOC_HEADER, image + TABLE_END - 8, image + TABLE_END);
	answer(f, VMI_CALL_SwapGS, ROM_IMAGE64_CALLS, VMI_RELOCATION_JUMP_REL);
	expect_load(f, VMI_OK);
	expect_row(f, swapgs, VMI_E_RELOC_FORBIDDEN, 1 << VMI_RELOCATION_JUMP_REL,
		   1 << VMI_RELOCATION_NONE | 1 << VMI_RELOCATION_CALL_REL);
	/* One byte too far, and where four bytes are no more. */
	answer(f, VMI_CALL_SwapGS, ROM_IMAGE64_CALLS + 1, VMI_RELOCATION_CALL_REL);
	fixture_at(f, ROM_A)[ROM_IMAGE64_CALLS + 4] = 0xCC;
	rom_image_sign64(fixture_at(f, ROM_A));
	expect_load(f, VMI_OK);
	expect_row(f, swapgs, VMI_E_RELOC_ENDBR, 0xCCFA1E0F, ENDBR64);
	answer(f, VMI_CALL_SwapGS, ROM_IMAGE64_SIZE - 3, VMI_RELOCATION_CALL_REL);
	expect_load(f, VMI_OK);
	expect_row(f, swapgs, VMI_E_RELOC_ENDBR, 0, ENDBR64);
	/* More than DL. */
	answer(f, VMI_CALL_SwapGS, ROM_IMAGE64_CALLS, VMI_RELOCATION_CALL_REL);
	f->scripts[0].answers[VMI_CALL_SwapGS].edx |= (uintptr_t)1 << 32;
	expect_load(f, VMI_E_CAPABILITY);
	/* An address that differs above 4 GiB alone. */
	answer(f, VMI_CALL_SwapGS, ROM_IMAGE64_CALLS, VMI_RELOCATION_CALL_REL);
	f->scripts[0].answers[VMI_CALL_SwapGS].eax += (uintptr_t)1 << 32;
	expect_load(f, VMI_E_CAPABILITY);
}

static void offer(struct fixture *f, int call, uint8_t clobbers, const uint8_t *bytes,
		  uint8_t length)
{
	uint8_t *rom = fixture_at(f, ROM_A);
	struct vrom_capability *c = rom_image_capability64(rom, call);

	c->kinds |= VMI_CAPABILITY_INLINE;
	c->inline_offs = ROM_IMAGE64_INLINE;
	c->inline_length = length;
	c->inline_clobbers = clobbers;
	memcpy(rom + ROM_IMAGE64_INLINE, bytes, length);
	rom_image_sign64(rom);
}

/* Bytes by the processor's manual, of 64-bit code. */
static void test_inline(void **state)
{
	static const uint8_t set_cr3[] = { 0x0F, 0x22, 0xDF }, set_cr3_eax[] = { 0x0F, 0x22, 0xD8 };
	static const uint8_t swapgs[] = { 0x0F, 0x01, 0xF8 };
	struct fixture *f = *state;
	size_t row;

	fixture_widen(f);
	row = fixture_row(f, VMI_CALL_SetCR3);
	offer(f, VMI_CALL_SetCR3, VROM_INLINE_OTHER | VROM_INLINE_FLAGS, set_cr3, 3);
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[row].kind, VMI_BIND_INLINE);
	assert_int_equal(f->scripts[0].asked[VMI_CALL_SetCR3], 0);
	offer(f, VMI_CALL_SetCR3, 0, set_cr3_eax, 3); /* what 32-bit code has */
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[row].kind, VMI_BIND_ROM);
	assert_int_equal(f->load.inlines[VMI_CALL_SetCR3].reason, VMI_E_INLINE_BYTES);
	offer(f, VMI_CALL_SwapGS, 0, swapgs, 3);
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SwapGS)].kind, VMI_BIND_INLINE);
	offer(f, VMI_CALL_SwapGS, VROM_INLINE_OTHER, swapgs, 3);
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.inlines[VMI_CALL_SwapGS].reason, VMI_E_INLINE_CLOBBERS);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SwapGS)].kind, VMI_BIND_ROM);
	/* In 32 bit nothing says so. */
	f->load.long_mode = false;
	f->load.range = (struct vmi_version_range){ 3, 0, 1 };
	f->get_reloc = ROM_IMAGE_GET_RELOC;
	f->slots[0] = f->slots[row];
	f->load.slot_count = 1;
	f->scripts[0].answers[VMI_CALL_SetCR3].eax = WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE +
						     ROM_IMAGE_CALLS + 16 * VMI_CALL_SetCR3;
	rom_image_offer(fixture_at(f, ROM_A), VMI_CALL_SetCR3, 0, set_cr3_eax, 3);
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[0].kind, VMI_BIND_INLINE);
	rom_image_capability(fixture_at(f, ROM_A), VMI_CALL_SetCR3)->inline_clobbers |=
		VROM_INLINE_OTHER;
	rom_image_sign_directory(fixture_at(f, ROM_A));
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[0].kind, VMI_BIND_ROM);
	assert_int_equal(f->load.inlines[VMI_CALL_SetCR3].reason, VMI_E_INLINE_CLOBBERS);
}

/* Every bit of the list and the directory behind it, sums mended: fixture_load() checks. */
static void test_damage(void **state)
{
	struct fixture *f = *state;
	unsigned int used = 0, refused = 0;
	uint8_t *rom = fixture_widen(f);

	fixture_shrink(f, 2 * ROM_IMAGE64_SIZE);
	for (uint32_t bit = 0; bit < 8 * (ROM_IMAGE64_DIRECTORY + 36 - ROM_IMAGE64_ABIS); bit++) {
		uint8_t *byte = rom + ROM_IMAGE64_ABIS + bit / 8;

		for (int inner = 0; inner < 2; inner++) {
			*byte ^= (uint8_t)(1 << bit % 8);
			if (inner)
				rom_image_sign64(rom);
			else
				rom_image_sign(rom);
			if (fixture_load(f) == VMI_OK)
				used++;
			else
				refused++;
			*byte ^= (uint8_t)(1 << bit % 8);
			rom_image_sign64(rom);
		}
	}
	print_message("list and 64-bit directory: %u used, %u refused\n", used, refused);
	assert_in_range(used, 100, 4000);
	assert_in_range(refused, 100, 4000);
	expect_load(f, VMI_OK);
}

int run_wide_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_bound), LOADER_TEST(test_both_widths), LOADER_TEST(test_spoilt),
		LOADER_TEST(test_unreadable), LOADER_TEST(test_choice), LOADER_TEST(test_words),
		LOADER_TEST(test_calls), LOADER_TEST(test_answers), LOADER_TEST(test_inline),
		LOADER_TEST(test_damage),
	};

	return cmocka_run_group_tests_name("loader in long mode", tests, NULL, NULL);
}
