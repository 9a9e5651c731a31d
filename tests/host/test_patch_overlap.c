// SPDX-License-Identifier: GPL-2.0-only
/* Sites that share bytes: all of them are skipped, and no others. */
#include "test_patch.h"

static void test_overlap(void **state)
{
	struct bench *b = *state;
	vmi_virt_t at = TEXT + 0x100;

	expect_load(b->f, VMI_OK);
	for (uint32_t distance = 0; distance <= 10; distance++) {
		bench_clear(b);
		bench_add_at(b, at + distance, 20, 5); /* not sorted */
		bench_add_at(b, at, 20, 10);
		if (distance == 10) {
			assert_int_equal(bench_patch(b), 0);
			continue;
		}
		assert_int_equal(bench_patch(b), 2);
		if (distance) {
			expect_site(b, 0, VMI_PATCH_SKIPPED, VMI_E_SITE_OVERLAP, at + distance,
				    at + 10);
			expect_site(b, 1, VMI_PATCH_SKIPPED, VMI_E_SITE_OVERLAP, at + 10,
				    at + distance);
		}
		assert_int_equal(b->writes, 0);
	}
	/* The same site twice: a total order decides, so both have a partner. */
	bench_clear(b);
	bench_add_at(b, at, 20, 5);
	bench_add_at(b, at, 20, 5);
	assert_int_equal(bench_patch(b), 2);
}

/* A site inside a long one, one behind it that the long one still reaches, one that none does. */
static void test_overlap_of_several(void **state)
{
	struct bench *b = *state;
	vmi_virt_t at = TEXT + 0x100;

	expect_load(b->f, VMI_OK);
	bench_add_at(b, at, 20, 31);
	bench_add_at(b, at + 5, 20, 5);
	bench_add_at(b, at + 26, 20, 6);
	bench_add_at(b, at + 32, 20, 5);
	assert_int_equal(bench_patch(b), 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(b->results[i].reason, VMI_E_SITE_OVERLAP);
	expect_site(b, 3, VMI_PATCH_CALL, VMI_OK, 0, 0);
}

/* A site with a bad row has bytes that must stay; one without a place has none. */
static void test_overlap_with_bad_sites(void **state)
{
	struct bench *b = *state;
	vmi_virt_t at = TEXT + 0x100;
	uint32_t bad, good;

	expect_load(b->f, VMI_OK);
	bad = bench_add_at(b, at, 20, 10);
	good = bench_add_at(b, at + 5, 20, 5);
	b->sites[bad].row = UINT16_MAX;
	assert_int_equal(bench_patch(b), 2);
	expect_site(b, bad, VMI_PATCH_SKIPPED, VMI_E_SITE_ROW, UINT16_MAX,
		    b->f->load.slot_count - 1);
	expect_site(b, good, VMI_PATCH_SKIPPED, VMI_E_SITE_OVERLAP, at + 5, at + 10);
	b->sites[bad].length = 200;
	assert_int_equal(bench_patch(b), 1);
	expect_site(b, good, VMI_PATCH_CALL, VMI_OK, 0, 0);
}

/* Sites that stick out of the text do not spoil those at its ends. */
static void test_overlap_at_the_ends(void **state)
{
	struct bench *b = *state;
	uint32_t before, behind, first, last;

	expect_load(b->f, VMI_OK);
	first = bench_add_at(b, TEXT, 20, 5);
	last = bench_add_at(b, TEXT + TEXT_SIZE - 8, 20, 8);
	before = b->patch.site_count++;
	behind = b->patch.site_count++;
	b->sites[before] = b->sites[first];
	b->sites[before].address -= 3;
	b->sites[behind] = b->sites[last];
	b->sites[behind].address += 3; /* room for a call, but not for all of it */
	assert_int_equal(bench_patch(b), 2);
	expect_site(b, first, VMI_PATCH_CALL, VMI_OK, 0, 0);
	expect_site(b, last, VMI_PATCH_CALL, VMI_OK, 0, 0);
	expect_site(b, before, VMI_PATCH_SKIPPED, VMI_E_SITE_TEXT, TEXT - 3, TEXT);
	expect_site(b, behind, VMI_PATCH_SKIPPED, VMI_E_SITE_TEXT, TEXT + TEXT_SIZE + 3,
		    TEXT + TEXT_SIZE);
}

int run_patch_overlap_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_overlap),
		PATCH_TEST(test_overlap_of_several),
		PATCH_TEST(test_overlap_with_bad_sites),
		PATCH_TEST(test_overlap_at_the_ends),
	};

	return cmocka_run_group_tests_name("patch overlaps", tests, NULL, NULL);
}
