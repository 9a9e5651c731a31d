// SPDX-License-Identifier: GPL-2.0-only
/* The JSON document of a run: parsed back, with what guests and file names may hold. */
#define _GNU_SOURCE
#include "test_run_scratch.h"

#include <cjson/cJSON.h>

#include "run/run_json.h"

static struct run_spec spec;
static struct cell_result result;
static cJSON *document;

static int begin(void **state)
{
	(void)state;
	result = (struct cell_result){ 0 };
	run_spec_start(&spec, "kernel");
	return 0;
}

static int end(void **state)
{
	(void)state;
	cJSON_Delete(document);
	document = NULL;
	cell_free(&result);
	run_spec_free(&spec);
	return 0;
}

static void make(bool made)
{
	struct text text = { 0 };
	cJSON_Delete(document);
	run_json(&spec, made ? &result : NULL, "9.8.7", &text);
	document = cJSON_Parse(text_string(&text));
	assert_non_null(document);
	assert_int_equal(text_string(&text)[text.size - 1], '\n');
	text_free(&text);
}

/* The item at a path like `roms.0.text`. */
static cJSON *at(const char *path)
{
	char copy[128], *rest = copy, *word;
	cJSON *item = document;
	snprintf(copy, sizeof(copy), "%s", path);
	while ((word = strsep(&rest, ".")))
		item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, atoi(word)) :
					     cJSON_GetObjectItemCaseSensitive(item, word);
	if (!item)
		fail_msg("no %s", path);
	return item;
}

static void is(const char *path, const char *value)
{
	const char *found = cJSON_GetStringValue(at(path));
	if (!found || strcmp(found, value))
		fail_msg("%s: found %s, expected %s", path, found ? found : "no string", value);
}

static void counts(const char *path, int value)
{
	cJSON *item = at(path);
	int found = cJSON_IsArray(item) ? cJSON_GetArraySize(item) : item->valueint;
	if (found != value)
		fail_msg("%s: found %d, expected %d", path, found, value);
}

static void lines(const char *text)
{
	char copy[4096], *rest = copy, *line;
	snprintf(copy, sizeof(copy), "%s", text);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			report_line(&result.report, line, false);
}

static void says_all(void **state)
{
	(void)state;
	lines("note paging off\ncensus 1\nvmi rom 0x000c0000 3.0 bound=1 nop=1 native=1\n"
	      "bind a 33 IRET rom 0x000c0ffc jump why=ok\nbind b 65 IODelay nop - none why=ok\n"
	      "bind c - - native - none why=VMI_E_NO_CALL\nbind d 0 CPUID inline - none why=ok\n"
	      "became a adapter IRET lines=3\nbecame c no-such-call - lines=0 # no \\ call\n"
	      "became-sum new bound=0 native=0 adapter=1 no-such-call=1 lines=3\n"
	      "test x.y ok\ntest x.z failed: found 1: expected 2\ntest x.s skipped: no TSC\n"
	      "summary 1 passed, 1 failed, 1 skipped\n");
	result.verdict = VERDICT_FAILED;
	text_addf(&result.why, "because");
	text_addf(&result.errors, "one\ntwo\n");
	make(true);
	counts("format", 1);
	is("pvrom", "9.8.7");
	is("abi", "3.2");
	is("command.1", "-machine");
	is("verdict", "failed");
	counts("status", 1);
	is("why", "because");
	counts("boots", 1);
	is("boots.0.outcome", "ok");
	counts("boots.0.slots", 4);
	is("boots.0.slots.3.kind", "inline");
	is("boots.0.slots.0.slot", "a");
	counts("boots.0.slots.0.number", 33);
	is("boots.0.slots.0.call", "IRET");
	is("boots.0.slots.0.kind", "rom");
	is("boots.0.slots.0.address", "0x000c0ffc");
	is("boots.0.slots.0.how", "jump");
	is("boots.0.slots.1.kind", "nop");
	assert_true(cJSON_IsNull(at("boots.0.slots.2.number")));
	assert_true(cJSON_IsNull(at("boots.0.slots.2.call")));
	assert_true(cJSON_IsNull(at("boots.0.slots.2.address")));
	is("boots.0.slots.2.why", "VMI_E_NO_CALL");
	is("boots.0.became.design", "new");
	counts("boots.0.became.adapter", 1);
	counts("boots.0.became.bound", 0);
	counts("boots.0.became.lines", 3);
	counts("boots.0.became.slots", 2);
	is("boots.0.became.slots.0.became", "adapter");
	is("boots.0.became.slots.0.call", "IRET");
	assert_true(cJSON_IsNull(at("boots.0.became.slots.1.call")));
	is("boots.0.became.slots.1.why", "no \\ call");
	counts("boots.0.tests", 3);
	assert_true(cJSON_IsNull(at("boots.0.tests.0.detail")));
	is("boots.0.tests.1.name", "x.z");
	is("boots.0.tests.1.verdict", "failed");
	is("boots.0.tests.1.detail", "found 1: expected 2");
	is("boots.0.tests.2.verdict", "skipped");
	counts("boots.0.failed", 1);
	is("boots.0.notes.0", "paging off");
	assert_true(cJSON_IsFalse(at("boots.0.crashed")));
	assert_true(cJSON_IsNull(at("boots.0.end")));
	assert_true(cJSON_IsNull(at("client")));
	counts("qemu", 2);
	is("qemu.1", "two");
	counts("roms", 0);
}

static void two_boots(void **state)
{
	(void)state;
	lines("census 1\ntest a ok\nsummary 1 passed, 0 failed, 0 skipped\nend reboot\n"
	      "census 1\ntest b ok\nexception 13\n");
	make(true);
	counts("boots", 2);
	assert_true(cJSON_IsNull(at("boots.0.became")));
	is("boots.0.tests.0.name", "a");
	is("boots.0.end", "reboot");
	is("boots.1.tests.0.name", "b");
	assert_true(cJSON_IsTrue(at("boots.1.crashed")));
	assert_true(cJSON_IsNull(at("boots.1.outcome")));
}

static void tells_roms(void **state)
{
	struct firmware firmware = { 0 };
	(void)state;
	words_add(&spec.roms, scratch_text("a.rom", "xx"));
	why_explain(&spec, &firmware, "", NULL, &result.whys);
	make(true);
	counts("roms", 1);
	is("roms.0.via", "option-rom");
	is("roms.0.fate", "no-signature");
	assert_true(cJSON_IsNull(at("roms.0.address")));
	counts("roms.0.file_bytes", 2);
	assert_true(cJSON_IsNull(at("roms.0.shadow")));
	counts("roms.0.sources", 1);
	is("roms.0.sources.0", "file");
	assert_contains(cJSON_GetStringValue(at("roms.0.text")), "does not begin with 55 AA");
}

static void tells_a_client(void **state)
{
	(void)state;
	spec.own = true;
	client_log_read(&result.client,
			"VMI: Found a\nBooting paravirtualized kernel on vmi\nOops: 1\n");
	make(true);
	counts("boots", 0);
	is("client.rom", "a");
	assert_true(cJSON_IsTrue(at("client.uses_rom")));
	is("client.oops", "Oops: 1");
	assert_true(cJSON_IsNull(at("client.kernel")));
}

/* Any byte may stand in a path, a command line, and in lines that look like test lines. */
static void hostile_bytes(void **state)
{
	(void)state;
	run_set(&spec.append, "\xff\xc3\xa9 \xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82 \x01\"\\");
	lines("test\ntest \ntest a\ntest  a  ok\ntest a ok:\ntest a okay\nbind\n");
	make(false);
	char last[32];
	snprintf(last, sizeof(last), "command.%d", cJSON_GetArraySize(at("command")) - 1);
	is(last, "\\xff\xc3\xa9 \\xc0\\x80 \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82 "
			 "\x01\"\\");
	assert_null(cJSON_GetObjectItem(document, "verdict"));
	make(true);
	is("verdict", "good");
	counts("boots.0.tests", 6);
	is("boots.0.tests.0.name", "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(says_all), TEST(two_boots), TEST(tells_roms), TEST(tells_a_client),
		TEST(hostile_bytes),
	};
	return cmocka_run_group_tests_name("run JSON", tests, scratch_make, scratch_remove);
}
