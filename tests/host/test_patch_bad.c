// SPDX-License-Identifier: GPL-2.0-only
/* Bad sites: each skipped with its reason, its bytes intact, its neighbours patched. */
#include "test_patch.h"

#include <string.h>

/* A site on SetCR3 that a test then spoils, between two good ones. */
static uint32_t between(struct bench *b, uint8_t length)
{
	size_t row = fixture_row(b->f, VMI_CALL_SetCR3);
	uint32_t site;

	bench_clear(b);
	bench_add(b, row, 5);
	site = bench_add(b, row, length);
	bench_add(b, row, 5);
	expect_load(b->f, VMI_OK);
	return site;
}

/* bench_patch() has seen that no byte but those of patched sites changed. */
static void expect_bad(struct bench *b, uint32_t site, enum vmi_reason reason, uint64_t found,
		       uint64_t expected)
{
	bench_patch(b);
	expect_site(b, site, VMI_PATCH_SKIPPED, reason, found, expected);
	assert_false(b->results[site].patched);
	expect_site(b, 0, VMI_PATCH_CALL, VMI_OK, 0, 0);
	expect_site(b, 2, VMI_PATCH_CALL, VMI_OK, 0, 0);
	assert_int_equal(b->patch.counts[VMI_PATCH_SKIPPED], 1);
	bench_unpatch(b);
}

static void test_length(void **state)
{
	static const uint8_t lengths[] = { 0, 1, 4, 32, 255 };
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(lengths); i++) {
		uint32_t site = between(b, 5);

		b->sites[site].length = lengths[i];
		expect_bad(b, site, VMI_E_SITE_LENGTH, lengths[i], lengths[i] < 5 ? 5 : 31);
	}
}

static void test_row(void **state)
{
	struct bench *b = *state;
	size_t rows = b->f->load.slot_count;
	uint32_t site = between(b, 5);

	b->sites[site].row = (uint16_t)rows;
	expect_bad(b, site, VMI_E_SITE_ROW, rows, rows - 1);
	b->sites[site].row = UINT16_MAX;
	expect_bad(b, site, VMI_E_SITE_ROW, UINT16_MAX, rows - 1);
	/* A bad row is named before everything else that is wrong. */
	b->sites[site].length = 0;
	expect_bad(b, site, VMI_E_SITE_ROW, UINT16_MAX, rows - 1);
}

static void test_no_rows(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, 0, 5);

	b->f->load.slot_count = 0;
	assert_int_equal(bench_patch(b), 1);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_ROW, 0, 0);
	b->patch.site_count = 0;
	assert_int_equal(bench_patch(b), 0);
}

static void test_text(void **state)
{
	static const struct { vmi_virt_t address; uint64_t found, expected; } places[] = {
		{ TEXT - 1, TEXT - 1, TEXT },
		{ 0, 0, TEXT },
		{ TEXT + TEXT_SIZE - 4, TEXT + TEXT_SIZE + 1, TEXT + TEXT_SIZE },
		{ TEXT + TEXT_SIZE, TEXT + TEXT_SIZE + 5, TEXT + TEXT_SIZE },
		{ UINT64_MAX - 2, 2, TEXT + TEXT_SIZE },
		{ TEXT + (1ull << 32), TEXT + (1ull << 32) + 5, TEXT + TEXT_SIZE },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint32_t site = between(b, 5);

		b->sites[site].address = places[i].address;
		expect_bad(b, site, VMI_E_SITE_TEXT, places[i].found, places[i].expected);
	}
	/* The very ends belong to it. */
	bench_clear(b);
	bench_add_at(b, TEXT, 20, 5);
	bench_add_at(b, TEXT + TEXT_SIZE - 5, 20, 5);
	assert_int_equal(bench_patch(b), 0);
}

/* 32-bit code has no text above 4 GiB, whatever the bounds say. */
static void test_text_above_4g(void **state)
{
	struct bench *b = *state;
	uint32_t site = between(b, 5);

	b->text.end = UINT64_MAX;
	b->sites[site].address = 0xFFFFFFFC;
	expect_bad(b, site, VMI_E_SITE_TEXT, 0x100000001, 0x100000000);
}

/* Bounds the wrong way round hold no site. */
static void test_text_empty(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, 20, 5);

	expect_load(b->f, VMI_OK);
	b->text.end = b->text.start;
	assert_int_equal(bench_patch(b), 1);
	b->text.end = b->text.start - 1;
	assert_int_equal(bench_patch(b), 1);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_TEXT, b->sites[site].address + 5,
		    TEXT - 1);
}

static void test_callbacks_fail(void **state)
{
	struct bench *b = *state;
	uint32_t site = between(b, 9);
	vmi_virt_t at = b->sites[site].address;

	b->unreadable = at + 8;
	expect_bad(b, site, VMI_E_SITE_TEXT, at, at);
	b->unreadable = 0;
	/* A write that fails halfway is undone; the damage is seen by bench_patch(). */
	b->unwritable = at + 8;
	expect_bad(b, site, VMI_E_SITE_TEXT, at, at);
	/* A write that is lost is noticed. */
	b->dropped = at + 8;
	expect_bad(b, site, VMI_E_SITE_TEXT, at, at);
	b->dropped = 0;
	assert_int_equal(bench_patch(b), 0);
}

static void test_kind(void **state)
{
	struct bench *b = *state;
	uint32_t site = between(b, 5);

	b->sites[site].kind = VMI_SITE_JUMP;
	*bench_at(b, b->sites[site].address) = 0xE9;
	memcpy(b->original, b->bytes, TEXT_SIZE);
	expect_bad(b, site, VMI_E_SITE_KIND, VMI_SITE_JUMP, VMI_SITE_CALL);
	b->sites[site].kind = 0;
	expect_bad(b, site, VMI_E_SITE_KIND, 0, VMI_SITE_CALL);
	b->sites[site].row = 0; /* no call: either kind, but no other */
	b->sites[site].kind = 255;
	expect_bad(b, site, VMI_E_SITE_KIND, 255, VMI_SITE_CALL);
	b->sites[site].row = (uint16_t)fixture_row(b->f, VMI_CALL_IRET);
	b->sites[site].kind = VMI_SITE_CALL;
	expect_bad(b, site, VMI_E_SITE_KIND, VMI_SITE_CALL, VMI_SITE_JUMP);
	/* Nothing in place of a jump: the loader never binds so, but control would go astray. */
	b->sites[site].kind = VMI_SITE_JUMP;
	b->f->slots[b->sites[site].row].native = bench_twin(b, fixture_row(b->f, VMI_CALL_SetCR3));
	b->f->bindings[b->sites[site].row].kind = VMI_BIND_NOP;
	expect_bad(b, site, VMI_E_SITE_KIND, VMI_SITE_JUMP, VMI_SITE_CALL);
}

static void test_bytes(void **state)
{
	struct bench *b = *state;

	for (uint32_t byte = 0; byte < 9; byte++) {
		uint32_t site = between(b, 9);
		vmi_virt_t at = b->sites[site].address;
		uint8_t good[5], bad[5];
		uint64_t found = 0, expected = 0;

		memcpy(good, bench_at(b, at), 5);
		*bench_at(b, at + byte) ^= 0x40;
		memcpy(bad, bench_at(b, at), 5);
		memcpy(b->original, b->bytes, TEXT_SIZE);
		if (byte > 4) {
			/* What follows the call is the guest's own. */
			assert_int_equal(bench_patch(b), 0);
			expect_site(b, site, VMI_PATCH_CALL, VMI_OK, 0, 0);
			bench_unpatch(b);
			continue;
		}
		for (uint32_t i = byte; i < 5; i++) {
			found = found << 8 | bad[i];
			expected = expected << 8 | good[i];
		}
		expect_bad(b, site, VMI_E_SITE_BYTES, found, expected);
	}
}

/* The target of a wrapped row's site: the twin or the wrapper, no third. */
static void test_bytes_of_wrapped_row(void **state)
{
	struct bench *b = *state;
	uint32_t site = between(b, 5);
	uint16_t row = (uint16_t)fixture_row(b->f, VMI_CALL_SetPxE);

	b->f->slots[row].flags = VMI_SLOT_WRAPPER;
	b->sites[site].row = row;
	b->wrapper = 0xC0300000;
	bench_patch(b);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_BYTES, b->results[site].found,
		    b->results[site].expected);
	b->wrapper = bench_twin(b, fixture_row(b->f, VMI_CALL_SetCR3));
	assert_int_equal(bench_patch(b), 0);
	expect_site(b, site, VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
}

/* Each register that a call may change and the site does not give. */
static void test_clobbers(void **state)
{
	static const struct { int call; uint32_t changed; } calls[] = {
		{ VMI_CALL_SetCR3, VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_FLAGS },
		{ VMI_CALL_EnableInterrupts, VMI_REG_FLAGS },
		{ VMI_CALL_GetInterruptMask, VMI_REG_EAX | VMI_REG_FLAGS },
		{ VMI_CALL_CPUID, VMI_REG_EAX | VMI_REG_EBX | VMI_REG_ECX | VMI_REG_EDX |
				  VMI_REG_FLAGS },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		uint32_t site = between(b, 5);
		uint16_t row = (uint16_t)fixture_row(b->f, calls[i].call);

		b->f->slots[row].native = bench_twin(b, b->sites[site].row);
		b->sites[site].row = row;
		b->sites[site].clobbers = calls[i].changed;
		assert_int_equal(bench_patch(b), 0);
		bench_unpatch(b);
		for (uint32_t bit = 1; bit; bit <<= 1) {
			if (!(calls[i].changed & bit))
				continue;
			b->sites[site].clobbers = ~bit;
			expect_bad(b, site, VMI_E_SITE_CLOBBERS, ~bit, calls[i].changed);
		}
	}
	/* Where control does not come back, nothing can be lost. */
	bench_clear(b);
	b->sites[bench_add(b, fixture_row(b->f, VMI_CALL_IRET), 5)].clobbers = 0;
	assert_int_equal(bench_patch(b), 0);
}

/* 64-bit code: 2 GiB both ways, to the byte. The ROM lies below 4 GiB. */
static void test_reach(void **state)
{
	struct bench *b = *state;
	vmi_virt_t entry = WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE + ROM_IMAGE_CALLS +
			   16 * VMI_CALL_SetCR3;
	size_t row = fixture_row(b->f, VMI_CALL_SetCR3);

	b->patch.long_mode = true;
	for (int side = 0; side < 2; side++) {
		/* The farthest site that reaches the entry: its next instruction is the base. */
		vmi_virt_t last = side ? entry + 0x80000000 - 5 : entry - 0x7FFFFFFF - 5;

		for (int beyond = 0; beyond < 2; beyond++) {
			vmi_virt_t at = last + (vmi_virt_t)(side ? beyond : -beyond);
			uint32_t site;

			b->text.start = at - 0x100;
			b->text.end = b->text.start + TEXT_SIZE;
			bench_clear(b);
			b->f->slots[row].native = side ? at + 0x1000 : at - 0x1000;
			site = bench_add_at(b, at, row, 5);
			expect_load(b->f, VMI_OK);
			assert_int_equal(bench_patch(b), beyond);
			if (beyond)
				expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_REACH, entry,
					    side ? entry + 1 : entry - 1);
			else
				expect_branch(b, site, 0xE8, entry);
			bench_unpatch(b);
		}
	}
}

/* In 32-bit code only what has more bits is out of reach: a wrapper, as the guest says. */
static void test_reach_of_32_bit(void **state)
{
	struct bench *b = *state;
	size_t row = fixture_row(b->f, VMI_CALL_SetPxE);
	uint32_t site = bench_add(b, row, 5);

	b->f->slots[row].flags = VMI_SLOT_WRAPPER;
	expect_load(b->f, VMI_OK);
	b->wrapper = 0x100000000;
	assert_int_equal(bench_patch(b), 1);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_REACH, 0x100000000, 0xFFFFFFFF);
	b->wrapper = 0xFFFFFFFF;
	assert_int_equal(bench_patch(b), 0);
	expect_branch(b, site, 0xE8, 0xFFFFFFFF);
}

int run_patch_bad_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_length),
		PATCH_TEST(test_row),
		PATCH_TEST(test_no_rows),
		PATCH_TEST(test_text),
		PATCH_TEST(test_text_above_4g),
		PATCH_TEST(test_text_empty),
		PATCH_TEST(test_callbacks_fail),
		PATCH_TEST(test_kind),
		PATCH_TEST(test_bytes),
		PATCH_TEST(test_bytes_of_wrapped_row),
		PATCH_TEST(test_clobbers),
		PATCH_TEST(test_reach),
		PATCH_TEST(test_reach_of_32_bit),
	};

	return cmocka_run_group_tests_name("patch bad sites", tests, NULL, NULL);
}
