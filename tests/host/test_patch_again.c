// SPDX-License-Identifier: GPL-2.0-only
/* Patching again, back, and after another load. */
#include "test_patch.h"

#include <string.h>

static uint8_t first[TEXT_SIZE];

/* One site per row, of every length in turn. */
static void add_all(struct bench *b)
{
	size_t lengths = VMI_SITE_MAX - VMI_SITE_MIN + 1;

	bench_clear(b);
	for (size_t row = 0; row < b->f->load.slot_count; row++)
		bench_add(b, row, (uint8_t)(VMI_SITE_MIN + row % lengths));
}

/* Answers of all types, so that every kind occurs. */
static void mixed_answers(struct bench *b)
{
	for (int call = 0; call < VMI_CALLS; call += 2)
		bench_answer(b, call, VMI_RELOCATION_NONE);
	bench_answer(b, VMI_CALL_UpdatePxELong, VMI_RELOCATION_NOP);
	bench_answer(b, VMI_CALL_IODelay, VMI_RELOCATION_NOP);
	expect_load(b->f, VMI_OK);
	b->f->bindings[fixture_row(b->f, VMI_CALL_RDTSC)] =
		(struct vmi_binding){ .kind = VMI_BIND_INLINE };
}

static void test_patch_twice(void **state)
{
	struct bench *b = *state;
	unsigned int writes;

	add_all(b);
	mixed_answers(b);
	assert_int_equal(bench_patch(b), 0);
	for (uint32_t kind = VMI_PATCH_UNCHANGED; kind < VMI_PATCH_KINDS; kind++)
		assert_int_not_equal(b->patch.counts[kind], 0);
	memcpy(first, b->bytes, TEXT_SIZE);
	assert_memory_not_equal(first, b->original, TEXT_SIZE);
	writes = b->writes;
	assert_int_equal(bench_patch(b), 0);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
	/* Text that is right is not written at all. */
	assert_int_equal(b->writes, writes);
}

static void test_unpatch_and_patch(void **state)
{
	struct bench *b = *state;

	add_all(b);
	mixed_answers(b);
	bench_patch(b);
	memcpy(first, b->bytes, TEXT_SIZE);
	bench_unpatch(b);
	assert_int_equal(b->patch.counts[VMI_PATCH_UNCHANGED], b->patch.site_count);
	bench_unpatch(b);
	bench_patch(b);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
}

/* The way back needs nothing of the load: it may be gone. */
static void test_unpatch_without_load(void **state)
{
	struct bench *b = *state;

	add_all(b);
	mixed_answers(b);
	bench_patch(b);
	b->f->load.slots = NULL;
	b->f->load.bindings = NULL;
	b->f->load.slot_count = 0;
	bench_unpatch(b);
}

/* Every byte that differs is a site's: restored, not made anew with another filler. */
static void test_unpatch_restores_filler(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, fixture_row(b->f, VMI_CALL_SetCR0), 31);

	for (uint32_t i = 5; i < 31; i++)
		*bench_at(b, b->sites[site].address + i) = (uint8_t)(0xA0 + i);
	memcpy(b->original, b->bytes, TEXT_SIZE);
	mixed_answers(b);
	assert_int_equal(bench_patch(b), 0);
	assert_true(b->results[site].patched);
	bench_unpatch(b);
}

/* Sites follow a second load without a way back in between. */
static void test_another_load(void **state)
{
	struct bench *b = *state;

	add_all(b);
	expect_load(b->f, VMI_OK);
	bench_patch(b);
	memcpy(first, b->bytes, TEXT_SIZE);
	mixed_answers(b);
	bench_patch(b);
	assert_memory_not_equal(b->bytes, first, TEXT_SIZE);
	fixture_add_rom(b->f, &b->f->scripts[0], ROM_A, 3, 0);
	expect_load(b->f, VMI_OK);
	bench_patch(b);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
	bench_unpatch(b);
}

/* A site that cannot follow gets its original bytes back. */
static void test_cannot_follow(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, fixture_row(b->f, VMI_CALL_CLTS), 7);

	b->sites[site].clobbers = 0;
	bench_answer(b, VMI_CALL_CLTS, VMI_RELOCATION_NONE);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 0);
	assert_true(b->results[site].patched);
	bench_answer(b, VMI_CALL_CLTS, VMI_RELOCATION_CALL_REL);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 1);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_CLOBBERS, 0,
		    vmi_calls[VMI_CALL_CLTS].clobber);
	expect_pad(b, site, VMI_PAD_NONE, 0, 0);
	assert_memory_equal(b->bytes, b->original, TEXT_SIZE);
}

/* Somebody else wrote to a patched site: neither run touches it, in any byte. */
static void test_foreign_bytes(void **state)
{
	struct bench *b = *state;

	bench_answer(b, VMI_CALL_SetPxELong, VMI_RELOCATION_NONE);
	expect_load(b->f, VMI_OK);
	for (uint32_t byte = 0; byte < 11; byte++) {
		uint64_t found = 0, expected = 0;
		uint32_t site;
		vmi_virt_t at;

		bench_clear(b);
		site = bench_add(b, fixture_row(b->f, VMI_CALL_SetPxELong), 11);
		at = b->sites[site].address;
		assert_int_equal(bench_patch(b), 0);
		for (uint32_t i = byte; i < 11 && i < byte + 8; i++) {
			expected = expected << 8 | *bench_at(b, at + i);
			found = found << 8 | (*bench_at(b, at + i) ^ (i == byte ? 0x11 : 0));
		}
		*bench_at(b, at + byte) ^= 0x11;
		memcpy(first, b->bytes, TEXT_SIZE);
		assert_int_equal(vmi_patch(&b->patch), 1);
		expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_BYTES, found, expected);
		assert_int_equal(vmi_unpatch(&b->patch), 1);
		expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_BYTES, found, expected);
		assert_int_equal(b->patch.counts[VMI_PATCH_SKIPPED], 1);
		assert_memory_equal(b->bytes, first, TEXT_SIZE);
		/* Once the bytes are right again, the way back is open. */
		*bench_at(b, at + byte) ^= 0x11;
		bench_unpatch(b);
	}
}

/* Somebody else restored the site: that is as good as unpatched. */
static void test_restored_by_others(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, 20, 9);

	expect_load(b->f, VMI_OK);
	bench_patch(b);
	memcpy(first, b->bytes, TEXT_SIZE);
	memcpy(b->bytes, b->original, TEXT_SIZE);
	bench_patch(b);
	expect_site(b, site, VMI_PATCH_CALL, VMI_OK, 0, 0);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
	memcpy(b->bytes, b->original, TEXT_SIZE);
	bench_unpatch(b);
}

/* Without the results of the first run, patched text is nobody's. */
static void test_results_lost(void **state)
{
	struct bench *b = *state;

	bench_add(b, 20, 5);
	expect_load(b->f, VMI_OK);
	bench_patch(b);
	memcpy(first, b->bytes, TEXT_SIZE);
	memset(b->results, 0, sizeof(b->results));
	assert_int_equal(vmi_patch(&b->patch), 1);
	assert_int_equal(b->results[0].reason, VMI_E_SITE_BYTES);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
	assert_int_equal(vmi_unpatch(&b->patch), 0);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
}

static void test_unpatch_callbacks_fail(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, 20, 8);
	vmi_virt_t at = b->sites[site].address;

	expect_load(b->f, VMI_OK);
	bench_patch(b);
	memcpy(first, b->bytes, TEXT_SIZE);
	b->unreadable = at;
	assert_int_equal(vmi_unpatch(&b->patch), 1);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_TEXT, at, at);
	b->unreadable = 0;
	b->unwritable = at;
	assert_int_equal(vmi_unpatch(&b->patch), 1);
	expect_site(b, site, VMI_PATCH_SKIPPED, VMI_E_SITE_TEXT, at, at);
	assert_memory_equal(b->bytes, first, TEXT_SIZE);
	bench_unpatch(b);
}

int run_patch_again_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_patch_twice),
		PATCH_TEST(test_unpatch_and_patch),
		PATCH_TEST(test_unpatch_without_load),
		PATCH_TEST(test_unpatch_restores_filler),
		PATCH_TEST(test_another_load),
		PATCH_TEST(test_cannot_follow),
		PATCH_TEST(test_foreign_bytes),
		PATCH_TEST(test_restored_by_others),
		PATCH_TEST(test_results_lost),
		PATCH_TEST(test_unpatch_callbacks_fail),
	};

	return cmocka_run_group_tests_name("patch again", tests, NULL, NULL);
}
