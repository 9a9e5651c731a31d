// SPDX-License-Identifier: GPL-2.0-only
/* 64-bit sites out of reach of the ROM, which get there by trampolines; placement at random. */
#include "test_patch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROOM 3u /* trampolines */
#define ENTRY(call) (WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE + ROM_IMAGE_CALLS + 16 * (call))
#define PLACEMENTS 500

/* The text at `start`, long mode, and room for trampolines at its end. */
static void place_text(struct bench *b, vmi_virt_t start)
{
	vmi_virt_t moved = start - b->text.start;

	b->text.start = start;
	b->text.end = start + TEXT_SIZE;
	for (size_t row = 0; row < b->f->load.slot_count; row++)
		b->f->slots[row].native += moved;
	b->patch.long_mode = true;
	b->patch.trampolines = b->text.end - ROOM * VMI_TRAMPOLINE_SIZE;
	b->patch.trampoline_bytes = ROOM * VMI_TRAMPOLINE_SIZE;
	bench_clear(b);
	memset(bench_at(b, b->patch.trampolines), 0, b->patch.trampoline_bytes);
	memset(b->original + TEXT_SIZE - b->patch.trampoline_bytes, 0, b->patch.trampoline_bytes);
}

static uint32_t add(struct bench *b, int call)
{
	return bench_add(b, fixture_row(b->f, call), 5);
}

/* Where control gets from a site, by the bytes alone. */
static vmi_virt_t follow(struct bench *b, uint32_t index, uint8_t opcode)
{
	static const uint8_t jump[] = { 0xFF, 0x25, 2, 0, 0, 0 };
	const uint8_t *site = bench_at(b, b->sites[index].address);
	int32_t displacement;
	vmi_virt_t to;

	assert_int_equal(site[0], opcode);
	memcpy(&displacement, site + 1, 4);
	to = b->sites[index].address + 5 + (vmi_virt_t)(int64_t)displacement;
	assert_true(!b->results[index].trampoline || to == b->results[index].trampoline);
	if (to < b->patch.trampolines || to - b->patch.trampolines >= b->patch.trampoline_bytes)
		return to;
	assert_memory_equal(bench_at(b, to), jump, sizeof(jump));
	memcpy(&to, bench_at(b, to + 8), 8);
	return to;
}

/* One for each target, in order; sites of one call share it. */
static void test_far(void **state)
{
	struct bench *b = *state;
	uint32_t first, second, other, iret;

	place_text(b, 0x00005555AAAA0000);
	first = add(b, VMI_CALL_SetCR3), second = add(b, VMI_CALL_SetCR3);
	other = add(b, VMI_CALL_SetCR2), iret = add(b, VMI_CALL_IRET);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 0);
	assert_int_equal(b->patch.via_trampoline, 4);
	assert_int_equal(b->results[first].trampoline, b->patch.trampolines);
	assert_int_equal(b->results[second].trampoline, b->patch.trampolines);
	assert_int_equal(b->results[other].trampoline, b->patch.trampolines + VMI_TRAMPOLINE_SIZE);
	assert_int_equal(follow(b, first, 0xE8), ENTRY(VMI_CALL_SetCR3));
	assert_int_equal(follow(b, second, 0xE8), ENTRY(VMI_CALL_SetCR3));
	assert_int_equal(follow(b, other, 0xE8), ENTRY(VMI_CALL_SetCR2));
	assert_int_equal(follow(b, iret, 0xE9), ENTRY(VMI_CALL_IRET));

	/* Again: nothing is written. */
	b->writes = 0;
	assert_int_equal(bench_patch(b), 0);
	assert_int_equal(b->writes, 0);
	bench_unpatch(b);
	assert_int_equal(b->patch.via_trampoline, 0);
}

/* No room left is what it was without any: the site is skipped, and says why. */
static void test_full(void **state)
{
	static const int calls[] = { VMI_CALL_SetCR0, VMI_CALL_SetCR2, VMI_CALL_SetCR3, VMI_CALL_SetCR4 };
	struct bench *b = *state;
	uint32_t sites[4];

	place_text(b, 0x00005555AAAA0000);
	for (int i = 0; i < 4; i++)
		sites[i] = add(b, calls[i]);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(follow(b, sites[i], 0xE8), ENTRY(calls[i]));
	assert_int_equal(b->results[sites[3]].reason, VMI_E_SITE_REACH);
	bench_unpatch(b);
}

/* An area that is out of reach itself, or cannot be written, is none. */
static void test_bad_area(void **state)
{
	struct bench *b = *state;
	uint32_t site;

	place_text(b, 0x00005555AAAA0000);
	site = add(b, VMI_CALL_SetCR3);
	expect_load(b->f, VMI_OK);
	b->dropped = b->patch.trampolines;
	assert_int_equal(bench_patch(b), 1);
	assert_int_equal(b->results[site].reason, VMI_E_SITE_REACH);
	assert_int_equal(b->results[site].trampoline, 0);
	b->dropped = 0;
	b->patch.trampoline_bytes = VMI_TRAMPOLINE_SIZE - 1;
	assert_int_equal(bench_patch(b), 1);
	b->patch.trampoline_bytes = ROOM * VMI_TRAMPOLINE_SIZE;
	assert_int_equal(bench_patch(b), 0);
	bench_unpatch(b);
}

/* A load that binds otherwise gets trampolines of its own; those that are there stay. */
static void test_other_load(void **state)
{
	struct bench *b = *state;
	uint32_t site;

	place_text(b, 0x00005555AAAA0000);
	site = add(b, VMI_CALL_SetCR3);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 0);
	b->f->load.bindings[b->sites[site].row].address += 8;
	assert_int_equal(bench_patch(b), 0);
	assert_int_equal(follow(b, site, 0xE8), ENTRY(VMI_CALL_SetCR3) + 8);
	assert_int_equal(b->results[site].trampoline, b->patch.trampolines + VMI_TRAMPOLINE_SIZE);
	bench_unpatch(b);
}

/* In 32-bit code everything is in reach, whatever area there is. */
static void test_none_in_32_bit(void **state)
{
	struct bench *b = *state;
	uint32_t site;

	place_text(b, 0x10000000);
	b->patch.long_mode = false;
	site = add(b, VMI_CALL_SetCR3);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 0);
	assert_int_equal(b->results[site].trampoline, 0);
	bench_unpatch(b);
}

static vmi_virt_t random_address(void)
{
	vmi_virt_t address = 0;

	for (int i = 0; i < 5; i++)
		address = address << 15 ^ (vmi_virt_t)rand();
	/* Canonical in four levels; half of them near the ROM. */
	if (rand() & 1)
		return (WINDOW_VIRT + (address & 0x1FFFFF000) - 0xC0000000u) & ~0xFFFull;
	return (vmi_virt_t)((int64_t)(address << 16) >> 16) & ~0xFFFull;
}

/* Wherever the text is: each site gets to its entry, directly exactly if that is in reach. */
static void test_random(void **state)
{
	const char *given = getenv("PVROM_TEST_SEED");
	unsigned int seed = given ? (unsigned int)strtoul(given, NULL, 0) : (unsigned int)time(NULL);
	struct bench *b = *state;
	unsigned int direct = 0, via = 0;

	print_message("PVROM_TEST_SEED=%u\n", seed);
	srand(seed);
	expect_load(b->f, VMI_OK);
	for (int i = 0; i < PLACEMENTS; i++) {
		vmi_virt_t start = random_address();
		uint32_t site;
		int64_t distance;

		place_text(b, start);
		site = add(b, VMI_CALL_SetCR3);
		expect_load(b->f, VMI_OK);
		assert_int_equal(bench_patch(b), 0);
		assert_int_equal(follow(b, site, 0xE8), ENTRY(VMI_CALL_SetCR3));
		distance = (int64_t)(ENTRY(VMI_CALL_SetCR3) - (b->sites[site].address + 5));
		assert_int_equal(!b->results[site].trampoline, distance == (int32_t)distance);
		b->results[site].trampoline ? via++ : direct++;
		bench_unpatch(b);
	}
	assert_in_range(direct, PLACEMENTS / 10, PLACEMENTS);
	assert_in_range(via, PLACEMENTS / 10, PLACEMENTS);
}

int run_patch_trampoline_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_far),
		PATCH_TEST(test_full),
		PATCH_TEST(test_bad_area),
		PATCH_TEST(test_other_load),
		PATCH_TEST(test_none_in_32_bit),
		PATCH_TEST(test_random),
	};

	return cmocka_run_group_tests_name("patch trampolines", tests, NULL, NULL);
}
