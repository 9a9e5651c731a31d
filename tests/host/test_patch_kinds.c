// SPDX-License-Identifier: GPL-2.0-only
/* What each answer of the ROM makes of a site. */
#include "test_patch.h"

#include <string.h>

#define IMAGE (WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE)
#define ENTRY(call) (IMAGE + ROM_IMAGE_CALLS + 16 * (call))

static const uint8_t endbr32[] = { 0xF3, 0x0F, 0x1E, 0xFB };

static uint32_t add(struct bench *b, int call, uint8_t length)
{
	return bench_add(b, fixture_row(b->f, call), length);
}

static void load_and_patch(struct bench *b)
{
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 0);
}

static void test_call(void **state)
{
	struct bench *b = *state;
	uint32_t tight = add(b, VMI_CALL_SetCR3, 5), loose = add(b, VMI_CALL_SetCR3, 8);
	uint32_t reboot = add(b, VMI_CALL_Reboot, 7);

	load_and_patch(b);
	expect_site(b, tight, VMI_PATCH_CALL, VMI_OK, 0, 0);
	expect_branch(b, tight, 0xE8, ENTRY(VMI_CALL_SetCR3));
	expect_pad(b, tight, VMI_PAD_NONE, 0, 0);
	/* A branch takes no prefixes. */
	expect_branch(b, loose, 0xE8, ENTRY(VMI_CALL_SetCR3));
	expect_pad(b, loose, VMI_PAD_NOP, 3, 1);
	assert_memory_equal(bench_at(b, b->sites[loose].address + 5), "\x0F\x1F\x00", 3);
	/* Control does not come back, so nothing behind is ever run. */
	expect_branch(b, reboot, 0xE8, ENTRY(VMI_CALL_Reboot));
	expect_pad(b, reboot, VMI_PAD_DEAD, 2, 0);
	assert_memory_equal(bench_at(b, b->sites[reboot].address + 5), "\xCC\xCC", 2);
	assert_int_equal(b->patch.counts[VMI_PATCH_CALL], 3);
	assert_int_equal(b->patch.pad_instructions, 1);
}

static void test_jump(void **state)
{
	struct bench *b = *state;
	uint32_t iret = add(b, VMI_CALL_IRET, 9), sysexit = add(b, VMI_CALL_SYSEXIT, 5);

	bench_answer(b, VMI_CALL_SYSEXIT, VMI_RELOCATION_CALL_REL);
	load_and_patch(b);
	expect_site(b, iret, VMI_PATCH_JUMP, VMI_OK, 0, 0);
	expect_branch(b, iret, 0xE9, ENTRY(VMI_CALL_IRET));
	expect_pad(b, iret, VMI_PAD_DEAD, 4, 0);
	/* The ROM's choice: an entry that drops the return address wants a call. */
	expect_site(b, sysexit, VMI_PATCH_CALL, VMI_OK, 0, 0);
	expect_branch(b, sysexit, 0xE8, ENTRY(VMI_CALL_SYSEXIT));
}

/* Every length: one instruction at most, and the whole site is written. */
static void test_empty(void **state)
{
	struct bench *b = *state;

	bench_answer(b, VMI_CALL_UpdatePxE, VMI_RELOCATION_NOP);
	for (uint8_t length = VMI_SITE_MIN; length <= VMI_SITE_MAX; length++)
		add(b, VMI_CALL_UpdatePxE, length);
	load_and_patch(b);
	for (uint32_t i = 0; i < b->patch.site_count; i++) {
		expect_site(b, i, VMI_PATCH_EMPTY, VMI_OK, 0, 0);
		expect_pad(b, i, b->sites[i].length <= 9 ? VMI_PAD_NOP : VMI_PAD_JUMP,
			   b->sites[i].length, 1);
	}
	expect_bytes(b, 0, "0F 1F 44 00 00");
	expect_bytes(b, 1, "66 0F 1F 44 00 00");
	expect_bytes(b, 2, "0F 1F 80 00 00 00 00");
	expect_bytes(b, 3, "0F 1F 84 00 00 00 00 00");
	expect_bytes(b, 4, "66 0F 1F 84 00 00 00 00 00");
	expect_bytes(b, 5, "EB 08 CC CC CC CC CC CC CC CC");
	assert_memory_equal(bench_at(b, b->sites[26].address), "\xEB\x1D\xCC", 3);
}

/* Processors before family 6 know no 0F 1F. */
static void test_empty_without_long_nops(void **state)
{
	struct bench *b = *state;

	b->patch.long_nops = false;
	bench_answer(b, VMI_CALL_UpdatePxE, VMI_RELOCATION_NOP);
	for (uint8_t length = VMI_SITE_MIN; length < 10; length++)
		add(b, VMI_CALL_UpdatePxE, length);
	load_and_patch(b);
	expect_bytes(b, 0, "3E 8D 74 26 00");
	expect_bytes(b, 1, "8D B6 00 00 00 00");
	expect_bytes(b, 2, "8D B4 26 00 00 00 00");
	expect_bytes(b, 3, "3E 8D B4 26 00 00 00 00");
	expect_bytes(b, 4, "EB 07 CC CC CC CC CC CC CC");
	expect_pad(b, 3, VMI_PAD_NOP, 8, 1);
	expect_pad(b, 4, VMI_PAD_JUMP, 9, 1);
}

/* A wrapped row never gets native code or nothing: its wrapper may do more than the call. */
static void test_wrapper(void **state)
{
	struct bench *b = *state;
	size_t rom = fixture_row(b->f, VMI_CALL_SetPxE);
	size_t nop = fixture_row(b->f, VMI_CALL_UpdatePxE);
	size_t native = fixture_row(b->f, VMI_CALL_CPUID);
	uint32_t sites[3], again;

	b->f->slots[rom].flags = b->f->slots[nop].flags = b->f->slots[native].flags =
		VMI_SLOT_WRAPPER;
	bench_answer(b, VMI_CALL_UpdatePxE, VMI_RELOCATION_NOP);
	bench_answer(b, VMI_CALL_CPUID, VMI_RELOCATION_NONE);
	sites[0] = bench_add(b, rom, 5);
	sites[1] = bench_add(b, nop, 6);
	sites[2] = bench_add(b, native, 7);
	load_and_patch(b);
	for (int i = 0; i < 3; i++)
		expect_site(b, sites[i], VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
	assert_int_equal(b->writes, 0);

	/* A guest whose sites leave the twin for a wrapper once the row is bound. */
	b->wrapper = 0xC0300000;
	load_and_patch(b);
	expect_site(b, sites[0], VMI_PATCH_CALL, VMI_OK, 0, 0);
	expect_branch(b, sites[0], 0xE8, 0xC0300000);
	expect_site(b, sites[1], VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
	expect_site(b, sites[2], VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
	bench_unpatch(b);

	/* A guest whose sites call the wrapper from the start. */
	bench_clear(b);
	again = bench_add(b, rom, 5);
	b->wrapper = bench_twin(b, rom);
	b->f->slots[rom].native = TEXT + 0x8000;
	load_and_patch(b);
	expect_site(b, again, VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
	b->patch.text = &b->text;
	b->text.wrapper = NULL;
	bench_patch(b);
	expect_site(b, again, VMI_PATCH_SKIPPED, VMI_E_SITE_BYTES,
		    b->results[again].found, b->results[again].expected);
}

static void test_no_call(void **state)
{
	struct bench *b = *state;
	uint32_t none, unknown, jump;

	b->f->slots[1].call = 99;
	none = bench_add(b, 0, 5);
	unknown = bench_add(b, 1, 5);
	jump = bench_add(b, 1, 5);
	b->sites[jump].kind = VMI_SITE_JUMP;
	*bench_at(b, b->sites[jump].address) = 0xE9;
	memcpy(b->original, b->bytes, TEXT_SIZE);
	load_and_patch(b);
	expect_site(b, none, VMI_PATCH_UNCHANGED, VMI_E_NO_CALL, 0, 0);
	expect_site(b, unknown, VMI_PATCH_UNCHANGED, VMI_E_NO_CALL, 0, 0);
	expect_site(b, jump, VMI_PATCH_UNCHANGED, VMI_E_NO_CALL, 0, 0);
}

/* A direct branch enters behind ENDBR, if all four bytes are there. */
static void test_endbr(void **state)
{
	struct bench *b = *state;
	uint8_t *image = fixture_at(b->f, ROM_A);
	uint32_t call = add(b, VMI_CALL_SetCR0, 5), jump = add(b, VMI_CALL_IRET, 5);
	uint32_t near = add(b, VMI_CALL_SetCR2, 5);

	memcpy(image + ROM_IMAGE_CALLS + 16 * VMI_CALL_SetCR0, endbr32, 4);
	memcpy(image + ROM_IMAGE_CALLS + 16 * VMI_CALL_IRET, endbr32, 4);
	memcpy(image + ROM_IMAGE_CALLS + 16 * VMI_CALL_SetCR2, endbr32, 3);
	rom_image_sign(image);
	load_and_patch(b);
	expect_branch(b, call, 0xE8, ENTRY(VMI_CALL_SetCR0) + 4);
	expect_branch(b, jump, 0xE9, ENTRY(VMI_CALL_IRET) + 4);
	expect_branch(b, near, 0xE8, ENTRY(VMI_CALL_SetCR2));
}

/* Bytes beyond the image are not the entry's, and its end is no place to enter. */
static void test_endbr_at_the_end(void **state)
{
	struct bench *b = *state;
	uint8_t *image = fixture_at(b->f, ROM_A);
	struct vmi_registers *answer = &b->f->scripts[0].answers[VMI_CALL_SetCR0];
	uint32_t site = add(b, VMI_CALL_SetCR0, 5);

	for (uint32_t room = 1; room <= 6; room++) {
		memset(image + ROM_IMAGE_SIZE - 8, 0, 16);
		memcpy(image + ROM_IMAGE_SIZE - room, endbr32, 4);
		rom_image_sign(image);
		answer->eax = IMAGE + ROM_IMAGE_SIZE - room;
		load_and_patch(b);
		expect_branch(b, site, 0xE8, answer->eax + (room > 4 ? 4 : 0));
	}
	/* Memory that cannot be read any more is not guessed at. */
	b->f->unreadable = ROM_A;
	b->f->unreadable_end = ROM_A + ROM_IMAGE_SIZE;
	assert_int_equal(bench_patch(b), 0);
	expect_branch(b, site, 0xE8, answer->eax);
}

static bool read_fails(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	(void)context;
	(void)from;
	memcpy(to, endbr32, length);
	return false;
}

/* The ROM is read inside the image only, and only what was read counts. */
static void test_endbr_is_read(void **state)
{
	struct bench *b = *state;
	size_t row = fixture_row(b->f, VMI_CALL_SetCR0);
	uint32_t site = bench_add(b, row, 5);
	vmi_virt_t *address = &b->f->bindings[row].address;

	load_and_patch(b);
	*address = IMAGE - 1; /* the fixture fails a read outside the window */
	bench_patch(b);
	expect_branch(b, site, 0xE8, IMAGE - 1);
	*address = WINDOW_VIRT - 0x1000;
	bench_patch(b);
	expect_branch(b, site, 0xE8, WINDOW_VIRT - 0x1000);
	*address = ENTRY(VMI_CALL_SetCR0);
	b->f->platform.read = read_fails;
	bench_patch(b);
	expect_branch(b, site, 0xE8, ENTRY(VMI_CALL_SetCR0));
	/* No ROM in use: there is nothing to read. */
	b->f->platform.read = NULL;
	b->f->load.chosen = -1;
	bench_patch(b);
	expect_branch(b, site, 0xE8, ENTRY(VMI_CALL_SetCR0));
}

/* 64-bit code looks for the other ENDBR and has other native texts. */
static void test_long_mode(void **state)
{
	struct bench *b = *state;
	uint8_t *image = fixture_at(b->f, ROM_A);
	uint32_t call, other, native, moved, stays;

	b->patch.long_mode = true;
	b->patch.long_nops = false;
	call = add(b, VMI_CALL_SetCR0, 5), other = add(b, VMI_CALL_SetCR2, 14);
	native = add(b, VMI_CALL_CLTS, 5), moved = add(b, VMI_CALL_SetCR3, 5);
	stays = add(b, VMI_CALL_FlushTLB, 31);
	memcpy(image + ROM_IMAGE_CALLS + 16 * VMI_CALL_SetCR0, "\xF3\x0F\x1E\xFA", 4);
	memcpy(image + ROM_IMAGE_CALLS + 16 * VMI_CALL_SetCR2, endbr32, 4);
	rom_image_sign(image);
	bench_answer(b, VMI_CALL_CLTS, VMI_RELOCATION_NONE);
	bench_answer(b, VMI_CALL_SetCR3, VMI_RELOCATION_NONE);
	bench_answer(b, VMI_CALL_FlushTLB, VMI_RELOCATION_NONE);
	load_and_patch(b);
	expect_branch(b, call, 0xE8, ENTRY(VMI_CALL_SetCR0) + 4);
	expect_branch(b, other, 0xE8, ENTRY(VMI_CALL_SetCR2));
	expect_pad(b, other, VMI_PAD_NOP, 9, 1);
	expect_site(b, native, VMI_PATCH_NATIVE, VMI_E_CALL_NONE, 0, 0);
	expect_bytes(b, native, "3E3E3E0F06");
	expect_site(b, moved, VMI_PATCH_NATIVE, VMI_E_CALL_NONE, 0, 0);
	expect_bytes(b, moved, "3E3E0F22DF"); /* from RDI */
	expect_site(b, stays, VMI_PATCH_UNCHANGED, VMI_E_SITE_NATIVE, 31, 31);
}

/* On i386 displacements wrap, so that everything is in reach. */
static void test_wrap_around(void **state)
{
	struct bench *b = *state;
	uint32_t site;

	b->text.start = 0x1000;
	b->text.end = 0x1000 + TEXT_SIZE;
	bench_clear(b);
	site = add(b, VMI_CALL_SetCR3, 5);
	load_and_patch(b);
	expect_branch(b, site, 0xE8, ENTRY(VMI_CALL_SetCR3));
	bench_unpatch(b);
}

int run_patch_kind_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_call),
		PATCH_TEST(test_jump),
		PATCH_TEST(test_empty),
		PATCH_TEST(test_empty_without_long_nops),
		PATCH_TEST(test_wrapper),
		PATCH_TEST(test_no_call),
		PATCH_TEST(test_endbr),
		PATCH_TEST(test_endbr_at_the_end),
		PATCH_TEST(test_endbr_is_read),
		PATCH_TEST(test_long_mode),
		PATCH_TEST(test_wrap_around),
	};

	return cmocka_run_group_tests_name("patch kinds", tests, NULL, NULL);
}
