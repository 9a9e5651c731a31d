// SPDX-License-Identifier: GPL-2.0-only
/* The `vmi=` words of a command line: what is read, what is refused, and hostile bytes. */
#include "test_loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void parse(struct fixture *f, const char *text)
{
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), text, strlen(text));
}

static unsigned int calls_in(const bool set[VMI_CALLS])
{
	unsigned int count = 0;

	for (int call = 0; call < VMI_CALLS; call++)
		count += set[call];
	return count;
}

static void test_good_words(void **state)
{
	struct fixture *f = *state;
	const struct vmi_overrides *o = &f->load.overrides;
	const char *text = "  test=a\tvmi=verbose vmi=json vmi=rom:0xCA000 vmi=min:2.9\n"
			   "vmi=max:3.255 vmi=native:SetCR3,IRET vmi=native:smp vmi=only:irq ";

	parse(f, text);
	assert_true(o->verbose && o->json && !o->off && o->any_rom && o->any_only);
	assert_int_equal(o->rom, 0xCA000);
	assert_true(o->min.given && o->min.major == 2 && o->min.minor == 9);
	assert_true(o->max.given && o->max.major == 3 && o->max.minor == 255);
	assert_true(o->native[VMI_CALL_SetCR3] && o->native[VMI_CALL_IRET]);
	assert_int_equal(calls_in(o->native), 3);
	assert_true(o->only[VMI_CALL_EnableInterrupts] && !o->only[VMI_CALL_SetCR3]);
	fixture_load(f);
	fixture_report(f);
	assert_null(strstr(f->text, "\noverride "));
	assert_non_null(strstr(f->text, "\nrange 3.0-3.0\n"));
}

/* Decimal addresses, capital digits, words repeated and narrowed. */
static void test_forms(void **state)
{
	struct fixture *f = *state;
	const struct vmi_overrides *o = &f->load.overrides;

	parse(f, "vmi=rom:827392 vmi=rom:0Xca000 vmi=min:3.0 vmi=min:3.2 vmi=min:3.1 vmi=max:4.1 "
		 "vmi=max:3.7");
	assert_int_equal(o->rom, 0xCA000);
	assert_int_equal(o->min.minor, 2);
	assert_true(o->max.major == 3 && o->max.minor == 7);
	/* Strings in a row, as a guest leaves a line that it has cut up. */
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), "vmi=off\0vmi=json", 16);
	assert_true(o->off && o->json);
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), "vmi=offx", 7);
	assert_true(o->off);
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), NULL, 0);
	assert_false(o->off);
}

static void test_refused_words(void **state)
{
	static const struct {
		const char *text, *word, *reason;
	} rows[] = {
		{ "vmi=", "vmi=", "VMI_E_WORD" },
		{ "vmi=Off", "vmi=Off", "VMI_E_WORD" },
		{ "vmi=off:1", "vmi=off:1", "VMI_E_WORD" },
		{ "vmi=offf", "vmi=offf", "VMI_E_WORD" },
		{ "vmi=native", "vmi=native", "VMI_E_WORD" },
		{ "vmi=native:", "vmi=native:", "VMI_E_WORD" },
		{ "vmi=native:SetCR", "SetCR", "VMI_E_WORD_NAME" },
		{ "vmi=native:SetCR33", "SetCR33", "VMI_E_WORD_NAME" },
		{ "vmi=native:SetCR3,", "vmi=native:SetCR3,", "VMI_E_WORD_NAME" },
		{ "vmi=native:,SetCR3", "vmi=native:,SetCR3", "VMI_E_WORD_NAME" },
		{ "vmi=only:CPU", "CPU", "VMI_E_WORD_NAME" },
		{ "vmi=only:cpu,\x01", "vmi=only:cpu,",
		  "VMI_E_WORD_NAME" }, /* the control byte ends the word */
		{ "vmi=only:\xff\x80", "??", "VMI_E_WORD_NAME" },
		{ "vmi=rom:", "vmi=rom:", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:0x", "vmi=rom:0x", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:0xCA001", "vmi=rom:0xCA001", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:0xCA00G", "vmi=rom:0xCA00G", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:0x100000000", "vmi=rom:0x100000000", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:4294967296", "vmi=rom:4294967296", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:-2048", "vmi=rom:-2048", "VMI_E_WORD_NUMBER" },
		{ "vmi=rom:0xCA000 vmi=rom:0xCB000", "vmi=rom:0xCB000", "VMI_E_WORD_CONFLICT" },
		{ "vmi=min:3", "vmi=min:3", "VMI_E_WORD_NUMBER" },
		{ "vmi=min:3.", "vmi=min:3.", "VMI_E_WORD_NUMBER" },
		{ "vmi=min:.3", "vmi=min:.3", "VMI_E_WORD_NUMBER" },
		{ "vmi=min:3.0.1", "vmi=min:3.0.1", "VMI_E_WORD_NUMBER" },
		{ "vmi=min:3.256", "vmi=min:3.256", "VMI_E_WORD_NUMBER" },
		{ "vmi=max:256.0", "vmi=max:256.0", "VMI_E_WORD_NUMBER" },
		{ "vmi=min:3.2 vmi=max:3.1", "vmi=max:3.1", "VMI_E_WORD_CONFLICT" },
		{ "vmi=max:3.1 vmi=min:4.0", "vmi=min:4.0", "VMI_E_WORD_CONFLICT" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[128];

		parse(f, rows[i].text);
		fixture_load(f);
		fixture_report(f);
		snprintf(line, sizeof(line), "\noverride %s refused why=%s # ", rows[i].word,
			 rows[i].reason);
		if (!strstr(f->text, line))
			fail_msg("%s: no line%s in\n%.400s", rows[i].text, line, f->text);
		reason_note(rows[i].reason);
	}
}

/* A misspelt list leaves more native, not less. */
static void test_only_nothing(void **state)
{
	struct fixture *f = *state;

	for (size_t row = 0; row < f->load.slot_count; row++)
		f->slots[row].flags = 0, f->slots[row].native = 0x1000;
	parse(f, "vmi=only:nosuch");
	expect_load(f, VMI_OK);
	for (size_t row = 1; row < f->load.slot_count; row++)
		expect_row(f, row, fixture_knows(f, f->slots[row].call) ? VMI_E_OVERRIDE :
			   VMI_E_NO_CALL, 0, 0);
}

static void test_long_words_are_cut(void **state)
{
	static char text[200000];
	struct fixture *f = *state;

	memset(text, 'x', sizeof(text));
	memcpy(text, "vmi=", 4);
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), text, sizeof(text));
	fixture_load(f);
	fixture_report(f);
	assert_non_null(strstr(f->text, "xxx... refused why=VMI_E_WORD # "));
	assert_true(strlen(strstr(f->text, "\noverride ")) < 16384);
}

/* Random words out of pieces that mean something, in a buffer of exact size: ASan looks on. */
static void test_random_lines(void **state)
{
	static const char *const pieces[] = {
		"vmi=", "off", "native:", "only:", "rom:", "min:", "max:", "verbose", "json", ",",
		"0x", "CA000", "3", ".", "0", "255", "256", "SetCR3", "timer", " ", "\x80", "999999999",
	};
	struct fixture *f = *state;
	const char *seed_text = getenv("PVROM_TEST_SEED");
	unsigned int seed = seed_text ? (unsigned int)strtoul(seed_text, NULL, 0) : 20060702;
	unsigned int refused = 0;

	print_message("random command lines: PVROM_TEST_SEED=%u\n", seed);
	srandom(seed);
	for (int i = 0; i < 3000; i++) {
		char line[512], *exact;
		size_t length = 0;

		while (length < 400 && random() % 24) {
			const char *piece = pieces[(size_t)random() %
						   (sizeof(pieces) / sizeof(pieces[0]))];

			if (random() % 16 == 0)
				line[length++] = (char)random();
			memcpy(line + length, piece, strlen(piece));
			length += strlen(piece);
		}
		exact = malloc(length ? length : 1);
		assert_non_null(exact);
		memcpy(exact, line, length);
		vmi_overrides_parse(&f->load.overrides, vmi_abi_of(f->load.long_mode), exact, length);
		f->load.overrides.json = f->load.overrides.verbose = false;
		f->load.slot_count = 2;
		fixture_load(f);
		fixture_report(f);
		refused += strstr(f->text, "\noverride ") != NULL;
		free(exact);
	}
	assert_in_range(refused, 100, 2999);
}

static void test_find_call(void **state)
{
	(void)state;
	for (int call = 0; call < VMI_CALLS; call++)
		if (!vmi_calls[call].reserved)
			assert_int_equal(vmi_find_call(vmi_abi_of(false), vmi_calls[call].name,
						       strlen(vmi_calls[call].name)), call);
		else
			assert_int_equal(vmi_find_call(vmi_abi_of(false), vmi_calls[call].name,
						       strlen(vmi_calls[call].name)), -1);
	assert_int_equal(vmi_find_call(vmi_abi_of(false), "SetCR33", 6), VMI_CALL_SetCR3);
	assert_int_equal(vmi_find_call(vmi_abi_of(false), "", 0), -1);
}

static void test_verbose_lists_the_answers(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = f->slots[fixture_row(f, VMI_CALL_SetLazyMode)];
	f->slots[1] = f->slots[fixture_row(f, VMI_CALL_SetCR3)];
	f->load.slot_count = 2;
	parse(f, "vmi=verbose vmi=native:SetCR3");
	expect_load(f, VMI_OK);
	fixture_report(f);
	assert_non_null(strstr(f->text,
			       "\nanswer 17 SetCR3 native - none why=VMI_E_OVERRIDE\n"
			       "answer 73 SetLazyMode rom 0xc00e0890 call why=ok\n"));
}

static void test_json_lines(void **state)
{
	struct fixture *f = *state;

	f->slots[0] = (struct vmi_slot){ "odd\"\\\n", VMI_CALL_SetAlarm, 0, 0x1000 };
	f->slots[1] = (struct vmi_slot){ "cr3", VMI_CALL_SetCR3, VMI_SLOT_MANDATORY, 0x1000 };
	f->slots[2] = (struct vmi_slot){ "none", VMI_SLOT_NO_CALL, 0, 0x1000 };
	f->load.slot_count = 3;
	f->scripts[0].answers[VMI_CALL_GetCycleCounter].edx = 0;
	parse(f, "vmi=json vmi=\"");
	fixture_add_rom(f, &f->scripts[1], ROM_B, 3, 0);
	*fixture_at(f, ROM_B + 0x500) ^= 1;
	expect_load(f, VMI_OK);
	fixture_report(f);
	assert_non_null(strstr(f->text, "\n{"));
	assert_string_equal(strstr(f->text, "\n{") + 1,
		"{\"type\":\"census\",\"format\":1}\n"
		"{\"type\":\"override\",\"word\":\"vmi=\\\"\",\"why\":\"VMI_E_WORD\",\"code\":74,"
		"\"missing\":null,\"missing_name\":null,\"found\":null,\"expected\":null}\n"
		"{\"type\":\"candidate\",\"base\":\"0x000e0000\",\"used\":true,\"version\":\"3.0\","
		"\"length\":4096,\"license\":\"GPL v2\",\"field\":null,\"at\":null,"
		"\"directory\":null,\"why\":\"ok\","
		"\"code\":0,\"missing\":null,\"missing_name\":null,\"found\":null,"
		"\"expected\":null}\n"
		"{\"type\":\"candidate\",\"base\":\"0x000e4000\",\"used\":false,"
		"\"version\":\"3.0\",\"length\":4096,\"license\":null,\"field\":\"image.sum\","
		"\"at\":\"0x000e4000\",\"directory\":null,"
		"\"why\":\"VMI_E_CHECKSUM\",\"code\":14,\"missing\":null,"
		"\"missing_name\":null,\"found\":\"0xff\",\"expected\":\"0x0\"}\n"
		"{\"type\":\"outcome\",\"base\":\"0x000e0000\",\"version\":\"3.0\",\"bound\":1,"
		"\"nop\":0,\"native\":2,\"inline\":0,\"defer\":false,\"why\":\"ok\",\"code\":0,\"missing\":null,"
		"\"missing_name\":null,\"found\":null,\"expected\":null}\n"
		"{\"type\":\"slot\",\"slot\":\"odd\\\"\\\\?\",\"call\":68,\"name\":\"SetAlarm\","
		"\"mandatory\":false,\"kind\":\"native\",\"address\":null,\"answer\":\"none\","
		"\"why\":\"VMI_E_GROUP\",\"code\":68,\"missing\":67,"
		"\"missing_name\":\"GetCycleCounter\",\"found\":null,\"expected\":null}\n"
		"{\"type\":\"slot\",\"slot\":\"cr3\",\"call\":17,\"name\":\"SetCR3\","
		"\"mandatory\":true,\"kind\":\"rom\",\"address\":\"0xc00e0510\",\"answer\":\"call\","
		"\"why\":\"ok\",\"code\":0,\"missing\":null,\"missing_name\":null,\"found\":null,"
		"\"expected\":null}\n"
		"{\"type\":\"slot\",\"slot\":\"none\",\"call\":null,\"name\":null,"
		"\"mandatory\":false,\"kind\":\"native\",\"address\":null,\"answer\":\"none\","
		"\"why\":\"VMI_E_NO_CALL\",\"code\":66,\"missing\":null,\"missing_name\":null,"
		"\"found\":null,\"expected\":null}\n");
}

int run_override_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_good_words),
		LOADER_TEST(test_forms),
		LOADER_TEST(test_refused_words),
		LOADER_TEST(test_only_nothing),
		LOADER_TEST(test_long_words_are_cut),
		LOADER_TEST(test_random_lines),
		LOADER_TEST(test_verbose_lists_the_answers),
		LOADER_TEST(test_json_lines),
		cmocka_unit_test(test_find_call),
	};

	return cmocka_run_group_tests_name("overrides", tests, NULL, NULL);
}
