// SPDX-License-Identifier: GPL-2.0-only
/* The loader's own inputs: window, binding table, an empty window, unreadable memory. */
#include "test_loader.h"

#include <string.h>

static void test_no_rom(void **state)
{
	struct fixture *f = *state;

	fixture_remove_rom(f, &f->scripts[0]);
	expect_load(f, VMI_E_NO_ROM);
	assert_int_equal(f->load.candidate_count, 0);
	expect_row(f, 0, VMI_E_NO_CALL, 0, 0);
	expect_row(f, 1, VMI_E_NO_BINDING, 0, 0);
}

static void test_windows(void **state)
{
	static const struct {
		struct vmi_window window;
		uint64_t found, expected;
	} bad[] = {
		{ { VROM_WINDOW_BASE, 0, WINDOW_VIRT }, 0, 2048 },
		{ { VROM_WINDOW_BASE, 1, WINDOW_VIRT }, 1, 2048 },
		{ { VROM_WINDOW_BASE, 2049, WINDOW_VIRT }, 2049, 2048 },
		{ { VROM_WINDOW_BASE, WINDOW_SIZE + 2048, WINDOW_VIRT }, WINDOW_SIZE + 2048,
		  WINDOW_SIZE },
		{ { VROM_WINDOW_BASE, UINT32_MAX, WINDOW_VIRT }, UINT32_MAX, WINDOW_SIZE },
		{ { VROM_WINDOW_BASE + 512, 2048, WINDOW_VIRT }, VROM_WINDOW_BASE + 512,
		  VROM_WINDOW_BASE },
		{ { 0xFFFFF800, 4096, WINDOW_VIRT }, 0xFFFFF800, 0xFFFFF000 },
		{ { UINT64_MAX, 2048, WINDOW_VIRT }, UINT64_MAX, 0xFFFFF800 },
		{ { VROM_WINDOW_BASE, 4096, 0xFFFFF001 }, 0xFFFFF001, 0xFFFFF000 },
		{ { VROM_WINDOW_BASE, 2048, UINT64_MAX }, UINT64_MAX, 0xFFFFF800 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f->load.window = bad[i].window;
		expect_load(f, VMI_E_WINDOW);
		assert_int_equal(f->load.reason_found, bad[i].found);
		assert_int_equal(f->load.reason_expected, bad[i].expected);
		assert_int_equal(f->load.candidate_count, 0);
		expect_row(f, 1, VMI_E_NO_BINDING, 0, 0);
	}
}

/* The highest addresses at which a window may lie: nothing wraps there. */
static void test_window_at_the_top(void **state)
{
	struct fixture *f = *state;
	struct script *script = &f->scripts[0];

	f->load.window.virt = 0x100000000 - WINDOW_SIZE;
	for (int call = 0; call < VMI_CALLS; call++)
		if (script->answers[call].eax)
			script->answers[call].eax += (uint32_t)f->load.window.virt - WINDOW_VIRT;
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SetCR3)].kind, VMI_BIND_ROM);

	/* A ROM whose last byte is the last one below 4 GiB: an answer of 0 is outside. */
	f->load.window.size = ROM_A - VROM_WINDOW_BASE + ROM_IMAGE_SIZE;
	f->load.window.virt = 0x100000000 - f->load.window.size;
	for (int call = 0; call < VMI_CALLS; call++)
		script->answers[call].eax = UINT32_MAX;
	script->answers[VMI_CALL_SetCR3].eax = 0;
	expect_load(f, VMI_OK);
	expect_row(f, fixture_row(f, VMI_CALL_SetCR3), VMI_E_RELOC_RANGE, 0, 0xFFFFF000);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_SetCR0)].address, UINT32_MAX);
}

/* In long mode the window may lie at any canonical addresses, with five levels of tables. */
static void test_windows_of_long_mode(void **state)
{
	static const struct {
		uint64_t virt, expected;
	} bad[] = {
		{ 0x0100000000000000 - WINDOW_SIZE + 1, 0x0100000000000000 - WINDOW_SIZE },
		{ 0x0100000000000000, 0x0100000000000000 - WINDOW_SIZE },
		{ 0x8000000000000000, 0x0100000000000000 - WINDOW_SIZE },
		{ 0xFEFFFFFFFFFFFFFF, 0x0100000000000000 - WINDOW_SIZE },
		{ 0 - (uint64_t)WINDOW_SIZE + 1, 0 - (uint64_t)WINDOW_SIZE },
		{ UINT64_MAX, 0 - (uint64_t)WINDOW_SIZE },
	};
	static const uint64_t good[] = {
		0, WINDOW_VIRT, 0x100000000, 0x0000123400000000, 0x0100000000000000 - WINDOW_SIZE,
		0xFF00000000000000, 0xFFFF888000000000, 0xFFFFFFFF80000000, 0 - (uint64_t)WINDOW_SIZE,
	};
	struct fixture *f = *state;

	f->load.long_mode = true;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f->load.window.virt = bad[i].virt;
		expect_load(f, VMI_E_WINDOW);
		assert_int_equal(f->load.reason_found, bad[i].virt);
		assert_int_equal(f->load.reason_expected, bad[i].expected);
		assert_int_equal(f->load.candidate_count, 0);
	}
	/* A ROM of 3.x is found there, and refused for its width: nothing of it is called. */
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		f->load.window.virt = good[i];
		expect_load(f, VMI_E_NO_CANDIDATE);
		expect_candidate(f, 0, VMI_E_API_WIDTH, "vrom_header.api_version_maj");
		assert_int_equal(f->load.candidates[0].found, 32);
		assert_int_equal(f->load.candidates[0].expected, 64);
		expect_row(f, 1, VMI_E_NO_BINDING, 0, 0);
	}
}

static void test_bad_row_keeps_its_twin(void **state)
{
	static const int16_t calls[] = { VMI_CALLS, INT16_MAX, INT16_MIN, -2, 49, 72 };
	struct fixture *f = *state;
	size_t row = fixture_row(f, VMI_CALL_CPUID);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		f->slots[row].call = calls[i];
		expect_load(f, VMI_OK);
		expect_row(f, row, VMI_E_TABLE, (uint16_t)calls[i], VMI_CALLS - 1);
		fixture_report(f);
	}
	fixture_remove_rom(f, &f->scripts[0]);
	expect_load(f, VMI_E_NO_ROM);
	expect_row(f, row, VMI_E_TABLE, 72, VMI_CALLS - 1);
}

static void test_hopeless_rows(void **state)
{
	struct fixture *f = *state;
	struct vmi_slot *slot = &f->slots[fixture_row(f, VMI_CALL_CPUID)], good = *slot;

	slot->native = 0;
	expect_load(f, VMI_E_TABLE);
	expect_row(f, 1, VMI_E_TABLE, 0, 0);
	expect_row(f, 2, VMI_E_NO_BINDING, 0, 0);
	*slot = good;
	slot->call = 72;
	slot->flags = VMI_SLOT_MANDATORY;
	expect_load(f, VMI_E_TABLE);
	expect_row(f, 1, VMI_E_TABLE, 72, VMI_CALLS - 1);
	*slot = good;
	slot->call = VMI_SLOT_NO_CALL;
	slot->flags = VMI_SLOT_MANDATORY;
	expect_load(f, VMI_E_TABLE);
	assert_int_equal(f->scripts[0].inits, 0);
	*slot = good;
	expect_load(f, VMI_OK);
}

static void test_empty_table(void **state)
{
	struct fixture *f = *state;

	f->load.slot_count = 0;
	expect_load(f, VMI_OK);
}

/* Memory that cannot be read, byte by byte through the image: refused, never used. */
static void test_unreadable(void **state)
{
	struct fixture *f = *state;

	for (uint32_t offset = 0; offset < ROM_IMAGE_SIZE; offset += 13) {
		f->unreadable = ROM_A + offset;
		f->unreadable_end = f->unreadable + 1;
		expect_load(f, VMI_E_NO_CANDIDATE);
		expect_candidate(f, 0, VMI_E_READ, NULL);
		assert_in_range(f->load.candidates[0].where, ROM_A, ROM_A + ROM_IMAGE_SIZE - 1);
	}
	f->unreadable = ROM_A;
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_READ, "vrom_header.rom_signature");
	f->unreadable = ROM_A + 0x20;
	f->unreadable_end = f->unreadable + 1;
	expect_load(f, VMI_E_NO_CANDIDATE);
	expect_candidate(f, 0, VMI_E_READ, "vrom_header");

	/* A window of which nothing can be read is a list of steps, not a silent nothing. */
	f->unreadable = VROM_WINDOW_BASE;
	f->unreadable_end = VROM_WINDOW_END;
	expect_load(f, VMI_E_NO_CANDIDATE);
	assert_int_equal(f->load.candidate_count, VMI_MAX_CANDIDATES);
}

int run_input_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_no_rom),
		LOADER_TEST(test_windows),
		LOADER_TEST(test_window_at_the_top),
		LOADER_TEST(test_windows_of_long_mode),
		LOADER_TEST(test_bad_row_keeps_its_twin),
		LOADER_TEST(test_hopeless_rows),
		LOADER_TEST(test_empty_table),
		LOADER_TEST(test_unreadable),
	};

	return cmocka_run_group_tests_name("loader inputs", tests, NULL, NULL);
}
