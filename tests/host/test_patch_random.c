// SPDX-License-Identifier: GPL-2.0-only
/* Site tables at random: bench_patch() sees every byte that is written outside a site. */
#include "test_patch.h"

#include <stdlib.h>
#include <string.h>

static bool share_bytes(const struct vmi_patch_site *a, const struct vmi_patch_site *b)
{
	return a->address < b->address + b->length && b->address < a->address + a->length;
}

static bool placed(const struct bench *b, const struct vmi_patch_site *site)
{
	return site->length >= VMI_SITE_MIN && site->length <= VMI_SITE_MAX &&
	       site->address >= b->text.start && site->address + site->length <= b->text.end &&
	       site->address < b->text.end;
}

/* Pair by pair: no patched site shares a byte with another one that has a place. */
static void check_overlaps(const struct bench *b)
{
	for (uint32_t i = 0; i < b->patch.site_count; i++) {
		bool shared = false;

		if (!placed(b, &b->sites[i]))
			continue;
		for (uint32_t j = 0; j < b->patch.site_count && !shared; j++)
			shared = j != i && placed(b, &b->sites[j]) &&
				 share_bytes(&b->sites[i], &b->sites[j]);
		if (shared)
			assert_int_equal(b->results[i].kind, VMI_PATCH_SKIPPED);
		else
			assert_int_not_equal(b->results[i].reason, VMI_E_SITE_OVERLAP);
	}
}

/* Spoils a field of a record, or a byte of the text. */
static void spoil(struct bench *b, uint32_t index)
{
	struct vmi_patch_site *site = &b->sites[index];

	switch (random() % 8) {
	case 0:
		site->address += (vmi_virt_t)(random() % 64) - 32;
		break;
	case 1:
		site->address = (vmi_virt_t)random() << random() % 34;
		break;
	case 2:
		site->row = (uint16_t)random();
		break;
	case 3:
		site->length = (uint8_t)random();
		break;
	case 4:
		site->kind = (uint8_t)(random() % 4);
		break;
	case 5:
		site->clobbers = (uint32_t)random();
		break;
	default:
		if (placed(b, site))
			*bench_at(b, site->address + (uint32_t)random() % site->length) ^=
				(uint8_t)(1 << random() % 8);
	}
}

static void test_random_tables(void **state)
{
	struct bench *b = *state;
	uint32_t kinds[VMI_PATCH_KINDS] = { 0 };

	srandom(2006);
	for (int round = 0; round < 200; round++) {
		uint32_t spoiled = (uint32_t)random() % 40;

		fixture_add_rom(b->f, &b->f->scripts[0], ROM_A, 3, 0);
		for (int call = 0; call < VMI_CALLS; call++)
			if (random() % 2 && !vmi_calls[call].reserved)
				bench_answer(b, call, (enum vmi_relocation)(random() % 4));
		if (fixture_load(b->f) != VMI_OK)
			fixture_load(b->f);
		for (size_t row = 0; row < b->f->load.slot_count; row++) {
			int call = b->f->slots[row].call;

			if (call >= 0 && vmi_calls[call].native && random() % 8 == 0)
				b->f->bindings[row] = (struct vmi_binding){ .kind = VMI_BIND_INLINE };
		}
		b->patch.long_nops = random() % 2;
		bench_clear(b);
		for (int i = 0; i < 200; i++)
			bench_add(b, (size_t)random() % b->f->load.slot_count,
				  (uint8_t)(5 + random() % 27));
		while (spoiled--)
			spoil(b, (uint32_t)random() % 200);
		memcpy(b->original, b->bytes, TEXT_SIZE);
		bench_patch(b);
		check_overlaps(b);
		for (uint32_t kind = 0; kind < VMI_PATCH_KINDS; kind++)
			kinds[kind] += b->patch.counts[kind];
		bench_unpatch(b);
	}
	for (uint32_t kind = 0; kind < VMI_PATCH_KINDS; kind++)
		assert_in_range(kinds[kind], 200, UINT32_MAX);
}

/* Thousands of sites, back to back, in orders that are bad for simple sorts. */
static void test_large_tables(void **state)
{
	struct bench *b = *state;

	expect_load(b->f, VMI_OK);
	for (int order = 0; order < 3; order++) {
		bench_clear(b);
		for (uint32_t i = 0; i < MAX_SITES; i++) {
			uint32_t place = order == 0 ? i : order == 1 ? MAX_SITES - 1 - i :
							  i * 2029 % MAX_SITES;

			bench_add_at(b, TEXT + 8 * place, 20, 8);
		}
		assert_int_equal(bench_patch(b), 0);
		assert_int_equal(b->patch.counts[VMI_PATCH_CALL], MAX_SITES);
		for (uint32_t i = 1; i < MAX_SITES; i++)
			assert_true(b->sites[b->results[i - 1].order].address <
				    b->sites[b->results[i].order].address);
	}
	/* And all of them at one place. */
	bench_clear(b);
	for (uint32_t i = 0; i < MAX_SITES; i++)
		bench_add_at(b, TEXT, 20, 8);
	assert_int_equal(bench_patch(b), MAX_SITES);
}

int run_patch_random_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_random_tables),
		PATCH_TEST(test_large_tables),
	};

	return cmocka_run_group_tests_name("patch random tables", tests, NULL, NULL);
}
