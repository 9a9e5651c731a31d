// SPDX-License-Identifier: GPL-2.0-only
/* What GetRelocationInfo answers, good and bad, and what it does to rows and groups. */
#include "test_loader.h"

#include <stdlib.h>

#define IMAGE (WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE)
#define TABLE_END (VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + VMI_CALLS) * VROM_SLOT_SIZE)

static void test_all_calls_bound(void **state)
{
	struct fixture *f = *state;

	expect_load(f, VMI_OK);
	expect_row(f, 0, VMI_E_NO_CALL, 0, 0);
	for (size_t row = 1; row < f->load.slot_count; row++) {
		int call = f->slots[row].call;

		expect_row(f, row, fixture_knows(f, call) ? VMI_OK : VMI_E_NO_CALL, 0, 0);
		if (!fixture_knows(f, call))
			continue;
		assert_int_equal(f->bindings[row].kind, VMI_BIND_ROM);
		assert_int_equal(f->bindings[row].type, f->scripts[0].answers[call].edx);
		assert_int_equal(f->bindings[row].address, IMAGE + ROM_IMAGE_CALLS + 16 * call);
	}
}

static void test_judged_answers(void **state)
{
	static const struct {
		int call;
		uint32_t eax, edx;
		enum vmi_bind_kind kind;
		enum vmi_reason reason;
		uint64_t found, expected;
	} answers[] = {
		{ VMI_CALL_SetCR3, 0, 0, VMI_BIND_NATIVE, VMI_E_CALL_NONE, 0, 0 },
		{ VMI_CALL_SetCR3, IMAGE + TABLE_END, 1, VMI_BIND_ROM, VMI_OK, 0, 0 },
		{ VMI_CALL_SetCR3, IMAGE + 4095, 1, VMI_BIND_ROM, VMI_OK, 0, 0 },
		{ VMI_CALL_WBINVD, 0, 3, VMI_BIND_NOP, VMI_OK, 0, 0 },
		{ VMI_CALL_WBINVD, 0xFFFFFFFF, 3, VMI_BIND_NOP, VMI_OK, 0, 0 },
		{ VMI_CALL_SetCR3, 0, 3, VMI_BIND_NATIVE, VMI_E_RELOC_FORBIDDEN, 8, 3 },
		{ VMI_CALL_SetCR3, IMAGE + 4095, 2, VMI_BIND_NATIVE, VMI_E_RELOC_FORBIDDEN, 4, 3 },
		{ VMI_CALL_SetCR3, IMAGE + 4095, 4, VMI_BIND_NATIVE, VMI_E_RELOC_TYPE, 4, 3 },
		{ VMI_CALL_SetCR3, IMAGE + 4095, 255, VMI_BIND_NATIVE, VMI_E_RELOC_TYPE, 255, 3 },
		{ VMI_CALL_SetCR3, IMAGE + 4095, 0x101, VMI_BIND_NATIVE, VMI_E_RELOC_RESERVED,
		  0x101, 1 },
		{ VMI_CALL_SetCR3, 0, 0x80000000, VMI_BIND_NATIVE, VMI_E_RELOC_RESERVED,
		  0x80000000, 0 },
		{ VMI_CALL_SetCR3, IMAGE + 4096, 1, VMI_BIND_NATIVE, VMI_E_RELOC_RANGE,
		  IMAGE + 4096, IMAGE + 4095 },
		{ VMI_CALL_SetCR3, IMAGE - 1, 1, VMI_BIND_NATIVE, VMI_E_RELOC_RANGE,
		  IMAGE - 1, IMAGE },
		{ VMI_CALL_SetCR3, ROM_A + 0x500, 1, VMI_BIND_NATIVE, VMI_E_RELOC_RANGE,
		  ROM_A + 0x500, IMAGE },
		{ VMI_CALL_SetCR3, 0xFFFFFFFF, 1, VMI_BIND_NATIVE, VMI_E_RELOC_RANGE,
		  0xFFFFFFFF, IMAGE + 4095 },
		{ VMI_CALL_SetCR3, IMAGE, 1, VMI_BIND_NATIVE, VMI_E_RELOC_HEADER,
		  IMAGE, IMAGE + TABLE_END },
		{ VMI_CALL_SetCR3, IMAGE + TABLE_END - 1, 1, VMI_BIND_NATIVE, VMI_E_RELOC_HEADER,
		  IMAGE + TABLE_END - 1, IMAGE + TABLE_END },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		size_t row = fixture_row(f, answers[i].call);

		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
		f->scripts[0].answers[answers[i].call] =
			(struct vmi_registers){ answers[i].eax, answers[i].edx };
		expect_load(f, VMI_OK);
		expect_row(f, row, answers[i].reason, answers[i].found, answers[i].expected);
		assert_int_equal(f->bindings[row].kind, answers[i].kind);
		if (answers[i].kind == VMI_BIND_ROM)
			assert_int_equal(f->bindings[row].address, answers[i].eax);
		/* The neighbours are not touched by it. */
		expect_row(f, fixture_row(f, VMI_CALL_SetCR0), VMI_OK, 0, 0);
	}
}

/* Two rows with one call: asked as for one, bound alike. A reserved or newer one is never asked. */
static void test_asked_once(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = f->slots[fixture_row(f, VMI_CALL_SetCR3)];
	expect_load(f, VMI_OK);
	assert_int_equal(f->bindings[0].address, f->scripts[0].answers[VMI_CALL_SetCR3].eax);
	for (int call = 0; call < VMI_CALLS; call++)
		assert_int_equal(f->scripts[0].asked[call], 2 * fixture_knows(f, call));
}

/* Only what a row needs is asked for. */
static void test_not_asked(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = f->slots[fixture_row(f, VMI_CALL_SetCR3)];
	f->load.slot_count = 1;
	expect_load(f, VMI_OK);
	for (int call = 0; call < VMI_CALLS; call++) {
		assert_int_equal(f->scripts[0].asked[call], 2 * (call == VMI_CALL_SetCR3));
		assert_int_equal(f->load.answers[call].reason,
				 call == VMI_CALL_SetCR3 ? VMI_OK : VMI_E_NO_BINDING);
	}
}

/* Each member of each atomic group, missing or badly answered: no member is bound. */
static void test_atomic_groups(void **state)
{
	struct fixture *f = *state;
	unsigned int members = 0;

	for (int missing = 0; missing < VMI_CALLS; missing++) {
		uint8_t group = vmi_calls[missing].group;

		if (vmi_calls[missing].reserved || !vmi_groups[group].atomic)
			continue;
		members++;
		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
		if (missing % 2)
			f->scripts[0].answers[missing].edx = VMI_RELOCATION_NONE;
		else
			f->scripts[0].answers[missing].eax = IMAGE;
		expect_load(f, VMI_OK);
		for (size_t row = 1; row < f->load.slot_count; row++) {
			int call = f->slots[row].call;

			if (call == missing && missing % 2)
				expect_row(f, row, VMI_E_CALL_NONE, 0, 0);
			else if (call == missing)
				expect_row(f, row, VMI_E_RELOC_HEADER, IMAGE, IMAGE + TABLE_END);
			else if (vmi_calls[call].group == group ||
				 vmi_groups[vmi_calls[call].group].needs == group)
				expect_row(f, row, VMI_E_GROUP, (uint64_t)missing, 0);
			else
				expect_row(f, row, fixture_knows(f, call) ? VMI_OK : VMI_E_NO_CALL,
					   0, 0);
		}
	}
	assert_in_range(members, 10, VMI_CALLS);
}

/* A member that the guest has no row for counts as well; an empty one (NOP) is there. */
static void test_group_without_row(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = f->slots[fixture_row(f, VMI_CALL_GetCycleFrequency)];
	f->slots[1] = f->slots[fixture_row(f, VMI_CALL_SetLazyMode)];
	f->load.slot_count = 2;
	f->scripts[0].answers[VMI_CALL_SetAlarm].edx = VMI_RELOCATION_NONE;
	f->scripts[0].answers[VMI_CALL_SetLazyMode].edx = VMI_RELOCATION_NOP;
	expect_load(f, VMI_OK);
	expect_row(f, 0, VMI_E_GROUP, VMI_CALL_SetAlarm, 0);
	/* Of several missing members the first one is named. */
	f->scripts[0].answers[VMI_CALL_CancelAlarm].edx = VMI_RELOCATION_NONE;
	expect_load(f, VMI_OK);
	expect_row(f, 0, VMI_E_GROUP, VMI_CALL_SetAlarm, 0);
	f->scripts[0].answers[VMI_CALL_CancelAlarm].edx = VMI_RELOCATION_CALL_REL;
	expect_row(f, 1, VMI_OK, 0, 0);
	assert_int_equal(f->bindings[1].kind, VMI_BIND_NOP);

	f->scripts[0].answers[VMI_CALL_SetAlarm].edx = VMI_RELOCATION_CALL_REL;
	f->slots[0].flags = VMI_SLOT_MANDATORY;
	expect_load(f, VMI_OK);
	f->scripts[0].fault_call = VMI_CALL_WallclockUpdated;
	expect_load(f, VMI_E_RELOC_CALL);
	f->scripts[0].fault_call = -1;
	f->scripts[0].answers[VMI_CALL_SetAlarm].edx = VMI_RELOCATION_NONE;
	expect_load(f, VMI_E_MANDATORY);
	assert_int_equal(f->load.reason_found, VMI_CALL_GetCycleFrequency);
}

/* Answers at random, biased towards the borders: fixture_load() checks every binding. */
static void test_random_answers(void **state)
{
	static const uint32_t near[] = { 0, IMAGE, IMAGE + TABLE_END, IMAGE + 4096, ROM_A };
	struct fixture *f = *state;
	unsigned int bound = 0, refused = 0;

	srandom(2006);
	for (int i = 0; i < 5000; i++) {
		for (int call = 0; call < VMI_CALLS; call++) {
			struct vmi_registers *answer = &f->scripts[0].answers[call];
			bool keep = vmi_calls[call].answers & 1 << VMI_RELOCATION_JUMP_REL;

			if (keep && i % 8)
				continue;
			answer->edx = (uint32_t)random() % 5;
			if (random() % 8 == 0)
				answer->edx = (uint32_t)random() << random() % 24;
			answer->eax = near[random() % 5] + (uint32_t)(random() % 64) - 32;
			if (random() % 2)
				answer->eax = IMAGE + (uint32_t)random() % 8192 - 2048;
			if (keep && i % 16)
				*answer = (struct vmi_registers){ IMAGE + 4095, 2 };
		}
		if (fixture_load(f) != VMI_OK)
			continue;
		for (size_t row = 0; row < f->load.slot_count; row++)
			f->bindings[row].kind == VMI_BIND_ROM ? bound++ : refused++;
	}
	assert_in_range(bound, 10000, UINT32_MAX);
	assert_in_range(refused, 10000, UINT32_MAX);
}

int run_answer_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_all_calls_bound),
		LOADER_TEST(test_judged_answers),
		LOADER_TEST(test_asked_once),
		LOADER_TEST(test_not_asked),
		LOADER_TEST(test_atomic_groups),
		LOADER_TEST(test_group_without_row),
		LOADER_TEST(test_random_answers),
	};

	return cmocka_run_group_tests_name("loader answers", tests, NULL, NULL);
}
