// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvrom abidiff as a process: every pair of tests/abidiff/pairs.cfg, what it refuses, its JSON
 * and its suppressions.
 */
#include "shell.h"

#include <cjson/cJSON.h>

#include "abidiff/differ.h" /* RULES_END */
#include "run/rules.h"
#include "stanza/stanza.h"

#define PAIRS "tests/abidiff/pairs.cfg"
/* abigen's readers free nothing on purpose, as model.h says; all else is still looked for. */
#define WORK "w=@/asan/abidiff.d; mkdir -p $w; export ASAN_OPTIONS=detect_leaks=0; "
#define FEWER "sed '/call 17 S/,/clobber32/s/clobber32 .*/clobber32 flags/' spec/vmi.abi"
/* $w/b: the specification with fewer clobbers of SetCR3, which breaks by rule 10. */
#define BROKEN WORK "rm -rf $w/b; cp -r spec $w/b; " FEWER " > $w/b/vmi.abi; "

static struct stanza_file pairs;

static const char *value(const struct stanza *s, const char *key)
{
	const struct stanza_field *f = stanza_field(s, key);
	return f ? f->value : "";
}

/* $w/NAME becomes the ROM or the copy of a folder that a side names. */
static void make_side(const char *name, const char *side)
{
	setenv("NAME", name, 1);
	setenv("SIDE", side, 1);
	if (shell(WORK "rm -rf $w/$NAME; case $SIDE in "
		  "sample) cp -r tests/abigen/sample $w/$NAME;; "
		  "spec) cp -r spec $w/$NAME;; "
		  "'rom '*) set -f; set -- ${SIDE#rom }; rom=$1; shift; "
		  "@/pvrom mutate @/rom/$rom.rom $w/$NAME $*;; "
		  "*) exit 9;; esac"))
		fail_msg("cannot make `%s`: %s", side, shell_output);
}

/* FILE SED. An expression that fits nothing is an error. */
static void edit(const char *text)
{
	size_t file = strcspn(text, " ");
	char name[64];
	snprintf(name, sizeof(name), "%.*s", (int)file, text);
	setenv("FILE", name, 1);
	setenv("EDIT", text + file + 1, 1); /* shell() has marks of its own */
	if (shell(WORK "cp $w/b/$FILE $w/old && sed -i \"$EDIT\" $w/b/$FILE && ! cmp -s $w/old $w/b/$FILE"))
		fail_msg("`%s` changes nothing: %s", text, shell_output);
}

/* How many lines of the last command begin with `text`. */
static unsigned lines(const char *text)
{
	unsigned count = 0;
	for (const char *line = shell_output; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		count += !strncmp(line, text, strlen(text));
	}
	return count;
}

static void test_pair(void **state)
{
	const struct stanza *s = *state;
	const char *a = value(s, "a"), *b = value(s, "b");
	unsigned long long breaks;
	unsigned said = 0;

	assert_string_equal(s->kind, "pair");
	assert_true(stanza_number(value(s, "breaks"), 1000, &breaks));
	make_side("a", a);
	make_side("b", *b ? b : a);
	setenv("FILE", value(s, "without"), 1);
	assert_int_equal(shell(WORK "[ ! \"$FILE\" ] || { for s in $w/a $w/b; do [ ! -d $s ] || rm $s/$FILE; done; }"), 0);
	for (size_t i = 0; i < s->field_count; i++)
		if (!strcmp(s->fields[i].key, "edit"))
			edit(s->fields[i].value);
	int status = shell(WORK "^ abidiff $w/a $w/b");
	if (status != !!breaks || lines("breaking, rule ") != breaks)
		fail_msg("status %d and %u that break, expected %d and %llu:\n%.3000s", status,
			 lines("breaking, rule "), !!breaks, breaks, shell_output);
	for (size_t i = 0; i < s->field_count; i++)
		if (!strcmp(s->fields[i].key, "says")) {
			shell_has(s->fields[i].value);
			said++;
		}
	assert_int_not_equal(said, 0);
}

/* Whatever the engine names has a text in the policy. */
static void test_rules(void **state)
{
	static const int none[] = { 2, 17, 18, 19, 20 }; /* what no comparison can see */
	size_t missing = 0;
	(void)state;
	for (int rule = 1; rule < RULES_END; rule++) {
		char name[32];
		snprintf(name, sizeof(name), "abi-policy.%d", rule);
		if (!rule_find(name))
			fail_msg("docs/abi-policy.md has no rule %d", rule);
		/* Each other one is broken, or kept, by some pair. */
		bool seen = false;
		char text[32];
		snprintf(text, sizeof(text), ", rule %d: ", rule);
		for (size_t i = 0; i < pairs.count; i++)
			for (size_t k = 0; k < pairs.stanzas[i].field_count; k++)
				seen = seen || strstr(pairs.stanzas[i].fields[k].value, text);
		bool wanted = true;
		for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
			wanted = wanted && none[i] != rule;
		if (wanted != seen)
			fail_msg("rule %d: %s", rule, seen ? "seen" : "no pair for it");
		missing += !seen;
	}
	assert_int_equal(missing, sizeof(none) / sizeof(none[0]));
}

struct refusal {
	const char *name, *arguments, *says;
};
static const struct refusal refusals[] = {
	{ "none", "", "found 0 arguments, expected A and B" },
	{ "one", "spec", "found 1 arguments, expected A and B" },
	{ "three", "spec spec spec", "found a third argument `spec`" },
	{ "missing", "spec $w/none", "/none: No such file" },
	{ "no-version", "2.9 spec", "2.9: found no such file, and no such version in" },
	{ "empty-folder", "$w/empty spec", "/empty/vmi.abi: found No such file or directory, expected a regular file" },
	{ "folder-for-file", "$w/folders spec", "/folders/vmi.abi: found another kind of file" },
	{ "syntax", "$w/syntax spec", "/syntax/vmi.abi:1: error: unknown stanza `call-17`" },
	{ "binary", "$w/binary spec", "/binary/vmi.abi:1: error: byte 0x" },
	{ "wide", "spec $w/wide", "/wide/vmi64.abi: error: `abi` must stand first" },
	{ "wide-folder", "spec $w/wider", "/wider/vmi64.abi: found another kind of file" },
	{ "swapped", "spec $w/swapped", "/swapped/vmi.abi:" },
	{ "spec-file", "spec spec/vmi.abi", "spec/vmi.abi: offset 0x08: found no VMI ROM" },
	{ "empty-file", "spec $w/nothing", "/nothing: " },
	{ "device", "spec /dev/null", "/dev/null: " },
	{ "no-vmi", "spec $w/any.rom", "found no VMI ROM" },
	{ "cut", "spec $w/cut.rom", "offset 0x02: found an image of 0x4800 bytes" },
	{ "unread-suppress", "--suppress $w/none spec spec", "/none: found No such file" },
	{ "folder-suppress", "--suppress spec spec spec", "spec: found another kind of file" },
	{ "two-suppress", "--suppress $w/none --suppress $w/none spec spec", "found a second file" },
};
#define REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

static void test_refusal(void **state)
{
	const struct refusal *r = *state;
	int status = shell_more(WORK
		"mkdir -p $w/empty $w/folders/vmi.abi; "
		"for f in syntax binary swapped wide wider; do rm -rf $w/$f; cp -r spec $w/$f; done; "
		"echo 'call-17 x' > $w/syntax/vmi.abi; echo 'call-17 x' > $w/wide/vmi64.abi; "
		"rm $w/wider/vmi64.abi; mkdir $w/wider/vmi64.abi; head -c 64 @/rom/full.rom > $w/binary/vmi.abi; "
		"cp spec/image.abi $w/swapped/vmi.abi; cp spec/vmi.abi $w/swapped/image.abi; "
		": > $w/nothing; @/pvrom mutate @/rom/full.rom $w/any.rom --flip 8:0; "
		"@/pvrom mutate @/rom/full.rom $w/cut.rom --truncate 1024; ^ abidiff ", r->arguments);
	if (status != 2)
		fail_msg("status %d, expected 2:\n%.2000s", status, shell_output);
	shell_has(r->says);
}

static void test_versions(void **state)
{
	(void)state;
	assert_int_equal(shell("v=$(sed -n 's/abi vmi //p' spec/vmi.abi); @/pvrom abidiff $v spec"), 0);
	shell_has(" -> spec (");
	assert_int_equal(shell(BROKEN "v=$(sed -n 's/abi vmi //p' spec/vmi.abi); @/pvrom abidiff $v $w/b"),
			 1);
	assert_int_equal(shell("for v in spec/released/*/; do [ ! -d $v ] || "
			       "@/pvrom abidiff $(basename $v) $v || exit; done"), 0);
}

/* Long mode begins or ends with its file. */
static void test_wide_file(void **state)
{
	(void)state;
	assert_int_equal(shell(WORK "rm -rf $w/b; cp -r spec $w/b; rm $w/b/vmi64.abi; ^ abidiff $w/b spec"), 0);
	shell_has("harmless, rule 1: long mode: abi\n");
	shell_has("spec/vmi64.abi:");
	assert_int_equal(shell(WORK "^ abidiff spec $w/b"), 1);
	shell_has("breaking, rule 1: long mode: abi\n");
	shell_has("remedy: keep vmi64.abi");
	/* What this pvrom was built with has it. */
	assert_int_equal(shell("v=$(sed -n 's/abi vmi //p' spec/vmi.abi); @/pvrom abidiff $v spec"), 0);
	shell_has(": same: 0 breaking, 0 harmless");
}

static void test_quiet(void **state)
{
	(void)state;
	assert_int_equal(shell(BROKEN "echo '# x' >> $w/b/image.abi; "
			       "sed -i 's/summary  Tell once/summary  Say once/' $w/b/vmi.abi; "
			       "^ abidiff --quiet spec $w/b"), 1);
	assert_int_equal(lines("breaking, "), 1);
	assert_int_equal(lines("harmless, "), 0);
	shell_has("1 breaking, 1 harmless, 0 suppressed");
	shell_has("\nrule 10: Of a call: ");
}

static const char *text_of(const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
	if (!text)
		fail_msg("no text `%s`", key);
	return text;
}

static int number_of(const cJSON *object, const char *key)
{
	const cJSON *number = cJSON_GetObjectItem(object, key);
	if (!cJSON_IsNumber(number))
		fail_msg("no number `%s`", key);
	return number->valueint;
}

static void test_json(void **state)
{
	(void)state;
	assert_int_equal(shell(BROKEN "^ abidiff --json spec $w/b"), 1);
	cJSON *document = cJSON_Parse(shell_output);
	assert_non_null(document);
	const cJSON *items = cJSON_GetObjectItem(document, "differences");
	const cJSON *one = cJSON_GetArrayItem(items, 0), *a = cJSON_GetObjectItem(one, "a");
	assert_int_equal(cJSON_GetArraySize(items), 1);
	assert_string_equal(text_of(document, "verdict"), "breaking");
	assert_int_equal(number_of(document, "breaking"), 1);
	assert_string_equal(text_of(cJSON_GetObjectItem(document, "a"), "kind"), "spec");
	assert_string_equal(text_of(one, "subject"), "call 17 SetCR3: clobber32");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(one, "harmful")));
	assert_int_equal(number_of(one, "rule"), RULE_CALL);
	assert_non_null(strstr(text_of(one, "rule_text"), "clobbers"));
	assert_string_equal(text_of(a, "file"), "spec/vmi.abi");
	assert_string_equal(text_of(a, "text"), "eax ecx edx flags");
	assert_string_equal(text_of(cJSON_GetObjectItem(one, "b"), "text"), "flags");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(one, "suppressed")));
	int line = number_of(a, "line");
	cJSON_Delete(document);
	char command[128];
	snprintf(command, sizeof(command), "sed -n '%dp' spec/vmi.abi", line);
	assert_int_equal(shell(command), 0);
	shell_has("    clobber32 standard");
}

static void test_json_rom(void **state)
{
	(void)state;
	make_side("a", "rom full");
	make_side("b", "rom full --api 3.0");
	assert_int_equal(shell(WORK "^ abidiff --json $w/a $w/b"), 1);
	cJSON *document = cJSON_Parse(shell_output);
	assert_non_null(document);
	const cJSON *one = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "differences"), 0);
	assert_string_equal(text_of(cJSON_GetObjectItem(document, "b"), "kind"), "rom");
	assert_string_equal(text_of(cJSON_GetObjectItem(document, "b"), "version"), "3.0");
	assert_string_equal(text_of(one, "subject"), "header: version");
	assert_int_equal(number_of(cJSON_GetObjectItem(one, "b"), "offset"), 0x0C);
	cJSON_Delete(document);
}

/* A table that contradicts: GetRelocationInfo gives NONE for whatever it is asked. */
static void test_table(void **state)
{
	(void)state;
	assert_int_equal(shell(WORK
		"printf '\\061\\300\\061\\322\\303' > $w/none.bin; " /* xor eax, eax; xor edx, edx; ret */
		"@/pvrom mutate @/rom/full.rom $w/table --answer $w/none.bin && "
		"^ abidiff @/rom/full.rom $w/table"), 1);
	assert_int_equal(lines("breaking, rule 24: call 17 SetCR3: capability"), 1);
	assert_int_equal(lines("breaking, rule 24: call 62 "), 0); /* never provided */
	assert_int_equal(shell(WORK "^ abidiff $w/table spec"), 1);
	assert_int_equal(lines("breaking, rule 24: call 17 SetCR3: capability"), 1);
	assert_int_equal(shell(WORK "^ abidiff @/rom/full.rom spec"), 0);
}

/* The first number of the first atomic group becomes 17, and both sums are mended. */
static void test_groups(void **state)
{
	(void)state;
	assert_int_equal(shell(WORK
		"byte() { od -An -tu1 -j $1 -N 1 @/rom/full.rom; }; "
		"hex() { printf '%d:%02x' $1 $((($(byte $1) + $2) & 255)); }; "
		"at=$(($(byte 44) + 256 * $(byte 45) + 1)); by=$((17 - $(byte $at))); "
		"@/pvrom mutate @/rom/full.rom $w/groups --bytes $(hex $at $by) "
		"--bytes $(hex 62 $((-by))) --bytes $(hex 38 $by) && "
		"^ abidiff @/rom/full.rom $w/groups"), 1);
	assert_int_equal(lines("breaking, rule 12: directory: atomic groups"), 1);
	assert_int_equal(lines("breaking, "), 1);
	assert_int_equal(shell(WORK "^ abidiff spec $w/groups"), 1);
	assert_int_equal(lines("breaking, rule 12: directory: atomic groups"), 1);
}

struct suppression {
	const char *name, *text;
	int status;
	const char *says;
};
#define GOOD "suppress call 17 SetCR3: clobber32\\n    rule 10\\n    reason agreed\\n"
static const struct suppression suppressions[] = {
	{ "good", GOOD, 0, "0 breaking, 0 harmless, 1 suppressed" },
	{ "good-reason", GOOD, 0, "    suppressed: agreed" },
	{ "twice", GOOD GOOD, 2, ":4: error: `call 17 SetCR3: clobber32` by rule 10 excuses nothing" },
	{ "other-rule", "suppress call 17 SetCR3: clobber32\\n    rule 11\\n    reason r\\n", 2,
	  ":1: error: `call 17 SetCR3: clobber32` by rule 11 excuses nothing" },
	{ "other-subject", GOOD "suppress call 18 X\\n    rule 10\\n    reason r\\n", 2,
	  ":4: error: `call 18 X` by rule 10 excuses nothing" },
	{ "no-reason", "suppress call 17 SetCR3: clobber32\\n    rule 10\\n", 2, "has no `reason`" },
	{ "no-rule", "suppress call 17 SetCR3: clobber32\\n    reason r\\n", 2, "has no `rule`" },
	{ "no-such-rule", "suppress call 17 SetCR3: clobber32\\n    rule 0\\n    reason r\\n", 2,
	  ":2: error: `0` is no rule of docs/abi-policy.md" },
	{ "no-number", "suppress call 17 SetCR3: clobber32\\n    rule ten\\n    reason r\\n", 2,
	  ":2: error: `ten` is no rule" },
	{ "unknown-field", GOOD "    until 4.0\\n", 2, ":4: error: unknown field `until`" },
	{ "unknown-kind", "excuse x\\n    rule 10\\n    reason r\\n", 2,
	  ":1: error: found `excuse x`, expected `suppress SUBJECT`" },
	{ "no-subject", "suppress\\n    rule 10\\n    reason r\\n", 2, "expected `suppress SUBJECT`" },
};
#define SUPPRESSIONS (sizeof(suppressions) / sizeof(suppressions[0]))

static void test_suppression(void **state)
{
	const struct suppression *s = *state;
	setenv("TEXT", s->text, 1);
	int status = shell(BROKEN "printf \"$TEXT\" > $w/suppress; "
			   "^ abidiff --suppress $w/suppress spec $w/b");
	if (status != s->status)
		fail_msg("status %d, expected %d:\n%.2000s", status, s->status, shell_output);
	shell_has(s->says);
}

/* What is harmless needs no excuse. */
static void test_suppress_harmless(void **state)
{
	(void)state;
	assert_int_equal(shell(WORK "rm -rf $w/b; cp -r spec $w/b; "
			       "sed -i 's/summary  Tell once/summary  Say once/' $w/b/vmi.abi; "
			       "printf 'suppress call 71 WallclockUpdated: summary\\n rule 9\\n reason r\\n' "
			       "> $w/suppress; ^ abidiff --suppress $w/suppress spec $w/b"), 2);
	shell_has("by rule 9 excuses nothing");
}

static void add(struct CMUnitTest *tests, size_t *count, const char *name, CMUnitTestFunction test,
		const void *state)
{
	tests[(*count)++] = (struct CMUnitTest){ name, test, NULL, NULL, (void *)state };
}

int main(void)
{
	static struct CMUnitTest tests[400];
	size_t count = 0;

	if (stanza_read(&pairs, PAIRS) || pairs.count < 24 || pairs.count > 300)
		return 1;
	for (size_t i = 0; i < pairs.count; i++)
		add(tests, &count, pairs.stanzas[i].rest, test_pair, &pairs.stanzas[i]);
	for (size_t i = 0; i < REFUSALS; i++)
		add(tests, &count, refusals[i].name, test_refusal, &refusals[i]);
	for (size_t i = 0; i < SUPPRESSIONS; i++)
		add(tests, &count, suppressions[i].name, test_suppression, &suppressions[i]);
	add(tests, &count, "rules", test_rules, NULL);
	add(tests, &count, "versions", test_versions, NULL);
	add(tests, &count, "wide-file", test_wide_file, NULL);
	add(tests, &count, "quiet", test_quiet, NULL);
	add(tests, &count, "json", test_json, NULL);
	add(tests, &count, "json-rom", test_json_rom, NULL);
	add(tests, &count, "table", test_table, NULL);
	add(tests, &count, "groups", test_groups, NULL);
	add(tests, &count, "suppress-harmless", test_suppress_harmless, NULL);
	int failed = _cmocka_run_group_tests("abidiff", tests, count, NULL, NULL);
	stanza_free(&pairs);
	return failed;
}
