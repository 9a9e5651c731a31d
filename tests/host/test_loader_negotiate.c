// SPDX-License-Identifier: GPL-2.0-only
/* Negotiation between two ROMs, and what happens when the best one does not work. */
#include "test_loader.h"

#include <stdio.h>
#include <string.h>

static void test_versions(void **state)
{
	static const struct {
		uint8_t a, b, minor_min, minor_max;
		int chosen; /* 0: ROM_A, 1: ROM_B, -1: none */
		uint8_t minor;
		enum vmi_reason reason_a, reason_b;
	} rows[] = {
		{ 0, 0, 0, 0, 0, 0, VMI_OK, VMI_E_NOT_BEST },
		{ 0, 1, 0, 1, 1, 1, VMI_E_NOT_BEST, VMI_OK },
		{ 1, 0, 0, 1, 0, 1, VMI_OK, VMI_E_NOT_BEST },
		{ 0, 1, 0, 0, 0, 0, VMI_OK, VMI_E_NOT_BEST }, /* 3.1 counts as 3.0 */
		{ 7, 255, 0, 5, 0, 5, VMI_OK, VMI_E_NOT_BEST },
		{ 4, 255, 0, 5, 1, 5, VMI_E_NOT_BEST, VMI_OK },
		{ 0, 1, 1, 1, 1, 1, VMI_E_API_MINOR, VMI_OK },
		{ 0, 1, 2, 3, -1, 0, VMI_E_API_MINOR, VMI_E_API_MINOR },
		{ 3, 3, 2, 1, -1, 0, VMI_E_API_MINOR, VMI_E_API_MINOR }, /* an empty range */
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, rows[i].a);
		fixture_add_rom(f, &f->scripts[1], ROM_B, 3, rows[i].b);
		f->load.range.minor_min = rows[i].minor_min;
		f->load.range.minor_max = rows[i].minor_max;
		expect_load(f, rows[i].chosen < 0 ? VMI_E_NO_CANDIDATE : VMI_OK);
		assert_int_equal(f->load.chosen, rows[i].chosen);
		assert_int_equal(f->load.minor, rows[i].minor);
		expect_candidate(f, 0, rows[i].reason_a, NULL);
		expect_candidate(f, 1, rows[i].reason_b, NULL);
		assert_int_equal(f->scripts[0].inits, rows[i].chosen == 0);
		assert_int_equal(f->scripts[1].inits, rows[i].chosen == 1);
	}
	assert_int_equal(f->load.candidates[0].found, 3);
	assert_int_equal(f->load.candidates[0].expected, 2);
}

static void test_not_best_says_why(void **state)
{
	struct fixture *f = *state;

	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
	expect_load(f, VMI_OK);
	expect_candidate(f, 1, VMI_E_NOT_BEST, NULL);
	assert_null(f->load.candidates[1].field);
	assert_int_equal(f->load.candidates[1].found, ROM_B);
	assert_int_equal(f->load.candidates[1].expected, ROM_A);

	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 1);
	f->load.range.minor_max = 1;
	expect_load(f, VMI_OK);
	expect_candidate(f, 0, VMI_E_NOT_BEST, "vrom_header.api_version_min");
	assert_int_equal(f->load.candidates[0].found, 0);
	assert_int_equal(f->load.candidates[0].expected, 1);
}

/* Calls that are newer than the version in use are not asked for. */
static void test_newer_calls(void **state)
{
	struct fixture *f = *state;

	for (size_t row = 0; row < f->load.slot_count; row++) {
		f->slots[row].flags = 0;
		f->slots[row].native = 0x1000;
	}
	fixture_add_rom(f, &f->scripts[0], ROM_A, 2, 9);
	f->load.range = (struct vmi_version_range){ 2, 0, 9 };
	expect_load(f, VMI_OK);
	for (size_t row = 0; row < f->load.slot_count; row++)
		expect_row(f, row, VMI_E_NO_CALL, 0, 0);
	f->slots[1].flags = VMI_SLOT_MANDATORY;
	expect_load(f, VMI_E_MANDATORY);
	f->slots[1].flags = 0;

	/* Calls of an older major are there. */
	fixture_add_rom(f, &f->scripts[0], ROM_A, 4, 0);
	f->load.range = (struct vmi_version_range){ 4, 0, 0 };
	expect_load(f, VMI_OK);
	expect_row(f, 1, VMI_OK, 0, 0);
}

static void init_refuses(struct script *script) { script->init_eax = VMI_INIT_NO_FLOW; }
static void init_faults(struct script *script) { script->init_status = VMI_CALL_FAULTED; }
static void reloc_faults(struct script *script) { script->fault_call = VMI_CALL_RDTSC; }
static void init_loses_stack(struct script *s) { s->init_status = VMI_CALL_LOST_STACK; }
static void init_loses_registers(struct script *s) { s->init_status = VMI_CALL_LOST_REGISTERS; }
static void init_loses_flags(struct script *s) { s->init_status = VMI_CALL_LOST_FLAGS; }
static void init_loses_segments(struct script *s) { s->init_status = VMI_CALL_LOST_SEGMENTS; }
static void init_loses_system(struct script *s) { s->init_status = VMI_CALL_LOST_SYSTEM; }
static void init_hangs(struct script *s) { s->init_status = VMI_CALL_EXPIRED; }
static void reloc_expires(struct script *script)
{
	script->fault_call = VMI_CALL_CPUID;
	script->fault_status = VMI_CALL_EXPIRED;
}

static void reloc_loses_flags(struct script *script)
{
	script->fault_call = VMI_CALL_RDTSC;
	script->fault_status = VMI_CALL_LOST_FLAGS;
}
static void reloc_changes(struct script *script) { script->change_call = VMI_CALL_RDTSC; }
static void no_iret(struct script *script)
{
	script->answers[VMI_CALL_IRET].edx = VMI_RELOCATION_NONE;
}
static void bad_iret(struct script *script) { script->answers[VMI_CALL_IRET].eax = 0; }

static const struct {
	void (*spoil)(struct script *script);
	enum vmi_reason reason;
	const char *field;
	uint32_t offset;
	uint64_t found;
} declined[] = {
	{ init_refuses, VMI_E_INIT, "vrom_header.vmi_init", 0x80, VMI_INIT_NO_FLOW },
	{ init_faults, VMI_E_INIT_CALL, "vrom_header.vmi_init", 0x80, 0 },
	{ reloc_faults, VMI_E_RELOC_CALL, "vrom_header.get_reloc", 0x88, VMI_CALL_RDTSC },
	{ init_loses_stack, VMI_E_LOST_STACK, "vrom_header.vmi_init", 0x80, 0 },
	{ init_loses_registers, VMI_E_LOST_REGISTERS, "vrom_header.vmi_init", 0x80, 0 },
	{ init_loses_flags, VMI_E_LOST_FLAGS, "vrom_header.vmi_init", 0x80, 0 },
	{ init_loses_segments, VMI_E_LOST_SEGMENTS, "vrom_header.vmi_init", 0x80, 0 },
	{ init_loses_system, VMI_E_LOST_SYSTEM, "vrom_header.vmi_init", 0x80, 0 },
	{ init_hangs, VMI_E_CALL_TIME, "vrom_header.vmi_init", 0x80, 0 },
	{ reloc_loses_flags, VMI_E_LOST_FLAGS, "vrom_header.get_reloc", 0x88, VMI_CALL_RDTSC },
	/* Call 0 is a call, too. */
	{ reloc_expires, VMI_E_CALL_TIME, "vrom_header.get_reloc", 0x88, VMI_CALL_CPUID },
	{ reloc_changes, VMI_E_RELOC_CHANGED, "vrom_header.get_reloc", 0x88, VMI_CALL_RDTSC },
	{ no_iret, VMI_E_MANDATORY, "iret", 0x88, VMI_CALL_IRET },
	{ bad_iret, VMI_E_MANDATORY, "iret", 0x88, VMI_CALL_IRET },
};
#define DECLINED (sizeof(declined) / sizeof(declined[0]))

static void test_declined_rom(void **state)
{
	struct fixture *f = *state;
	char text[64];

	for (size_t i = 0; i < DECLINED; i++) {
		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
		declined[i].spoil(&f->scripts[0]);
		expect_load(f, declined[i].reason);
		expect_candidate(f, 0, declined[i].reason, declined[i].field);
		assert_int_equal(f->load.candidates[0].where, ROM_A + declined[i].offset);
		assert_int_equal(f->load.candidates[0].found, declined[i].found);
		bool asked = !strcmp(declined[i].field, "vrom_header.get_reloc");

		assert_int_equal(f->load.candidates[0].expected, asked ? VMI_CALLS : 0);
		fixture_report(f);
		snprintf(text, sizeof(text), " at=0x%08x call=%u ", ROM_A + declined[i].offset,
			 (unsigned int)declined[i].found);
		assert_int_equal(strstr(f->text, text) != NULL, declined[i].offset == 0x88);
		assert_int_equal(f->load.reason_found, declined[i].found);
		expect_row(f, fixture_row(f, VMI_CALL_SetCR3), VMI_E_NO_BINDING, 0, 0);
		for (int call = 0; call < VMI_CALLS; call++)
			assert_int_equal(f->load.answers[call].reason, VMI_E_NO_BINDING);
	}
}

/* The next best ROM is tried; nothing of the declined one is left. */
static void test_declined_then_next(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < DECLINED; i++) {
		const struct vmi_binding *cr3 = &f->bindings[fixture_row(f, VMI_CALL_SetCR3)];

		fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
		fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
		f->scripts[1].answers[VMI_CALL_CPUID].edx = VMI_RELOCATION_NONE;
		declined[i].spoil(&f->scripts[0]);
		expect_load(f, VMI_OK);
		assert_int_equal(f->load.chosen, 1);
		expect_candidate(f, 0, declined[i].reason, declined[i].field);
		assert_int_equal(f->scripts[0].inits, 1);
		assert_int_equal(f->scripts[1].inits, 1);
		assert_int_equal(cr3->address, f->scripts[1].answers[VMI_CALL_SetCR3].eax);
		expect_row(f, fixture_row(f, VMI_CALL_CPUID), VMI_E_CALL_NONE, 0, 0);
	}
}

/* If all are declined, the best one's reason is that of the boot. */
static void test_both_declined(void **state)
{
	struct fixture *f = *state;

	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
	no_iret(&f->scripts[0]);
	init_faults(&f->scripts[1]);
	expect_load(f, VMI_E_MANDATORY);
	expect_candidate(f, 0, VMI_E_MANDATORY, NULL);
	expect_candidate(f, 1, VMI_E_INIT_CALL, NULL);
}

/* A spoilt ROM beside a good one: the good one is used. */
static void test_damaged_and_good(void **state)
{
	struct fixture *f = *state;

	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
	*fixture_at(f, ROM_A + 0x500) ^= 4;
	expect_load(f, VMI_OK);
	assert_int_equal(f->load.chosen, 1);
	expect_candidate(f, 0, VMI_E_CHECKSUM, NULL);
	assert_int_equal(f->scripts[0].inits, 0);
}

static void test_same_input_same_result(void **state)
{
	struct fixture *f = *state;
	static char first[sizeof(f->text)];

	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 1);
	for (int i = 0; i < 3; i++) {
		fixture_load(f);
		fixture_report(f);
		if (i == 0)
			strcpy(first, f->text);
		/* Too long for a message of cmocka's. */
		assert_int_equal(strcmp(f->text, first), 0);
	}
}

int run_negotiate_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_versions),
		LOADER_TEST(test_not_best_says_why),
		LOADER_TEST(test_newer_calls),
		LOADER_TEST(test_declined_rom),
		LOADER_TEST(test_declined_then_next),
		LOADER_TEST(test_both_declined),
		LOADER_TEST(test_damaged_and_good),
		LOADER_TEST(test_same_input_same_result),
	};

	return cmocka_run_group_tests_name("loader negotiation", tests, NULL, NULL);
}
