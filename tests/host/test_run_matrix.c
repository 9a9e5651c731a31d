// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvrom matrix as a process, with a shell script in QEMU's place: results and their forms,
 * shards, merging, going on after a kill.
 */
#include "test_run_scratch.h"

#include "shell.h"

#include <cjson/cJSON.h>
#include <signal.h>

/* Notes each start in `starts`; what it does depends on the guest's command line. */
static const char fake_qemu[] =
	"#!/bin/sh\n"
	"mode=${*##*mode=}; mode=${mode%% *}\n"
	"echo \"$mode\" >> \"$SCRATCH/starts\"\n"
	"census() { echo 'census 1'; echo 'vmi native why=VMI_E_NO_ROM'\n"
	"  echo 'bind a 33 IRET native - none why=VMI_E_NO_BINDING'; }\n"
	"good() { census; echo 'test a ok'; echo 'summary 1 passed, 0 failed, 0 skipped'; exit 33; }\n"
	"case $mode in\n"
	"good*) good;;\n"
	"failed*) census; echo 'test a failed: <\"&]]>'; \n"
	"  echo 'summary 0 passed, 1 failed, 0 skipped'; exit 35;;\n"
	/* Does not start the first time. */
	"flaky*) [ \"$(grep -c \"^$mode\\$\" \"$SCRATCH/starts\")\" -gt 1 ] && good; exit 1;;\n"
	"never*) echo 'qemu: no' >&2; exit 1;;\n"
	"mended*) [ -e \"$SCRATCH/mended\" ] && good; exit 37;;\n"
	"slow*) sleep 0.3; good;;\n"
	"esac\n"
	"exit 99\n";

static int make_fake(void **state)
{
	if (scratch_make(state))
		return -1;
	setenv("SCRATCH", scratch, 1);
	setenv("PVROM_QEMU", scratch_script("qemu", fake_qemu), 1);
	scratch_text("kernel", "x");
	scratch_text("a.rom", "x");
	return 0;
}

#define MATRIX(modes) \
	"matrix m\n    axis mode " modes "\n    rule 5 18\n    append mode={mode}\n" \
	"    kernel %1$s/kernel\n    rom %1$s/a.rom\n    timeout 9\n" \
	"    expect-bound none\n    expect-reason VMI_E_NO_ROM\n"
#define CANARY(mode) \
	"run canary\n    canary yes\n    append mode=" mode "\n    kernel %1$s/kernel\n" \
	"    expect-bound none\n    expect-reason VMI_E_NO_ROM\n"

static void list_is(const char *text)
{
	char all[4096];
	snprintf(all, sizeof(all), text, scratch);
	scratch_text("m.cfg", all);
}

/* Runs `pvrom matrix OPTIONS` in the scratch folder, and expects its exit status. */
static void matrix(const char *options, int status)
{
	int found = shell_more("p=$(realpath ^); cd \"$SCRATCH\"; $p matrix ", options);
	if (found != status)
		fail_msg("%s: exit status %d, expected %d:\n%.3000s", options, found, status,
			 shell_output);
}

/* How often the fake was started since the last time. */
static int starts(void)
{
	char line[64];
	int count = 0;
	FILE *in = fopen(scratch_path("starts"), "r");
	while (in && fgets(line, sizeof(line), in))
		count++;
	if (in)
		fclose(in);
	unlink(scratch_path("starts"));
	return count;
}

static char *read_all(const char *name)
{
	static char text[1 << 18];
	int fd = open(scratch_path(name), O_RDONLY);
	if (fd < 0)
		fail_msg("%s was not written", name);
	ssize_t size = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[size] = 0;
	return text;
}

static cJSON *read_json(const char *name)
{
	cJSON *json = cJSON_Parse(read_all(name));
	if (!json)
		fail_msg("%s is no JSON: %s", name, read_all(name));
	return json;
}

static const char *member(const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
	if (!text)
		fail_msg("no text `%s`", key);
	return text;
}

static void tries_again(void **state)
{
	(void)state;
	starts();
	list_is(MATRIX("flaky1 flaky2 good"));
	matrix("m.cfg", 0);
	shell_has("ok m/flaky1 (");
	shell_has("s) [rule negotiation.5 negotiation.18], second try\n");
	shell_has("\n3 passed, 0 failed\n");
	assert_int_equal(starts(), 5);
	/* A failure is one at once; what never starts fails after two tries. */
	list_is(MATRIX("failed never"));
	matrix("m.cfg --jobs=1", 1);
	shell_has("0 passed, 2 failed\n");
	shell_has("not ok m/never: verdict: found environment");
	assert_int_equal(starts(), 3);
	/* How to repeat it, and what it broke. */
	shell_has("    repeat it: /");
	shell_has("    rule negotiation.5: A major for which the guest has no range is refused.\n");
}

static void writes_reports(void **state)
{
	(void)state;
	list_is(CANARY("good") MATRIX("good failed never"));
	matrix("m.cfg --tap t --junit j --json o", 1);
	shell_has("\n2 passed, 2 failed\n");
	assert_contains(read_all("t"), "TAP version 13\n1..4\nok 1 - canary\n");
	assert_contains(read_all("t"), "\nnot ok 3 - m/failed\n  ---\n"
			"  rules: 'negotiation.5 negotiation.18'\n");
	assert_contains(read_all("t"), "  status: environment\n");
	assert_contains(read_all("j"), " tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"0\">");
	assert_contains(read_all("j"), "test a failed: &lt;&quot;&amp;]]&gt;\n");
	assert_contains(read_all("j"), "<error message=\"verdict: found environment");
	assert_contains(read_all("j"), "</testcase>\n</testsuite></testsuites>\n");
	cJSON *json = read_json("o");
	const cJSON *cells = cJSON_GetObjectItem(json, "cells");
	assert_int_equal(cJSON_GetObjectItem(json, "passed")->valueint, 2);
	assert_int_equal(cJSON_GetObjectItem(json, "failed")->valueint, 2);
	assert_int_equal(cJSON_GetArraySize(cells), 4);
	const cJSON *failed = cJSON_GetArrayItem(cells, 2);
	assert_string_equal(member(failed, "cell"), "m/failed");
	assert_string_equal(member(failed, "status"), "failed");
	assert_contains(member(failed, "log"), "test a failed: <\"&]]>\n");
	assert_contains(member(failed, "repeat"), " run --rom ");
	assert_contains(member(failed, "repeat"), "--append mode=failed");
	assert_string_equal(member(cJSON_GetArrayItem(cells, 3), "status"), "environment");
	cJSON_Delete(json);
	matrix("m.cfg --json none/o", 2);
	shell_has("none/o: cannot write the results: No such file");
}

/* Two files of results, but for what differs from run to run. */
static void same_results(const char *one, const char *other)
{
	char *text[2];
	const char *const names[] = { one, other };
	for (int i = 0; i < 2; i++) {
		cJSON *json = read_json(names[i]), *cell;
		cJSON_ArrayForEach(cell, cJSON_GetObjectItem(json, "cells"))
			cJSON_DeleteItemFromObject(cell, "seconds");
		text[i] = cJSON_Print(json);
		cJSON_Delete(json);
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

static void merges_shards(void **state)
{
	(void)state;
	list_is(CANARY("good") MATRIX("good1 good2 good3 good4 good5 good failed1 good6 failed2"));
	matrix("m.cfg --results whole", 1);
	matrix("m.cfg --results one --shard 1/2", 1);
	shell_has("\n4 passed, 2 failed\n");
	matrix("m.cfg --results two --shard 2/2", 0);
	matrix("merge one two -o all", 1);
	shell_has("8 passed, 2 failed\n");
	same_results("whole/results.json", "all/results.json");
	matrix("merge two one -o back", 1);
	same_results("whole/results.json", "back/results.json");
	/* What was merged can be gone on with. */
	starts();
	matrix("m.cfg --results all --resume", 1);
	assert_int_equal(starts(), 0);
}

static void merge_refuses(void **state)
{
	(void)state;
	list_is(MATRIX("good1 good2 good3 good4"));
	matrix("m.cfg --results s1 --shard 1/2", 0);
	matrix("m.cfg --results s2 --shard 2/2", 0);
	matrix("m.cfg --results f1 --shard 1/2 --filter good", 0);
	matrix("merge s1 -o no", 2);
	shell_has("s1/cells.log: no store has a result of cell m/good2\n");
	shell_has("no store has a result of cell m/good4\n");
	matrix("merge s1 s2 s1 -o no", 2);
	shell_has("s1/cells.log: a second result of cell m/good1\n");
	matrix("merge s1 s3 -o no", 2);
	shell_has("s3/cells.log: cannot open the results: No such file");
	matrix("m.cfg --results t2 --shard 2/3", 0);
	matrix("merge s1 t2 -o no", 2);
	shell_has("t2/cells.log: it is of another number of shards than s1/cells.log");
	/* Cut off, rubbish, empty. */
	shell("cd \"$SCRATCH\"; mkdir cut rubbish empty; head -c -9 s2/cells.log > cut/cells.log; "
	      "head -c 3000 /dev/urandom > rubbish/cells.log; : > empty/cells.log");
	matrix("merge s1 cut -o no", 2);
	shell_has("cut/cells.log: it is not whole: resume that run; found at line 7");
	matrix("merge s1 rubbish -o no", 2);
	shell_has("rubbish/cells.log:1: expected the head of a store");
	matrix("merge s1 empty -o no", 2);
	shell_has("empty/cells.log:0: expected the head of a store");
	/* A result that belongs elsewhere, with a good hash. */
	shell("cd \"$SCRATCH\"; mkdir grafted; { cat s2/cells.log; grep good1 s1/cells.log | tail -n 1; "
	      "} > grafted/cells.log");
	matrix("merge grafted s1 -o no", 2);
	shell_has("a result of another shard's cell: m/good1");
	/* Another list, another kernel. */
	list_is(MATRIX("good1 good2 good3 good4 good5"));
	matrix("m.cfg --results l2 --shard 2/2", 0);
	matrix("merge s1 l2 -o no", 2);
	shell_has("l2/cells.log: it is of another list, ROM or kernel than the first, from cell "
		  "m/good5");
	list_is(MATRIX("good1 good2 good3 good4"));
	scratch_text("kernel", "y");
	matrix("m.cfg --results k2 --shard 2/2", 0);
	matrix("merge s1 k2 -o no", 2);
	shell_has("another list, ROM or kernel than the first, from cell m/good1");
	scratch_text("kernel", "x");
	assert_int_equal(access(scratch_path("no"), F_OK), -1);
	matrix("merge s1 s2", 2);
	matrix("merge -o no", 2);
	matrix("merge s1 s2 -o kernel", 2);
}

static void goes_on_after_a_kill(void **state)
{
	(void)state;
	list_is(CANARY("good") MATRIX("slow1 slow2 slow3 slow4 slow5 slow6"));
	unlink(scratch_path("starts"));
	shell("p=$(realpath ^); cd \"$SCRATCH\"; $p matrix -j1 m.cfg --results k & pid=$!; "
	      "until [ \"$(grep -c '\"cell\"' k/cells.log 2> /dev/null)\" -ge 3 ] 2> /dev/null; "
	      "do sleep 0.02; done; kill -9 $pid; wait $pid");
	int before = starts();
	assert_in_range(before, 3, 6);
	assert_int_equal(access(scratch_path("k/results.json"), F_OK), -1);
	/* Half a line at the end, as of a disk that was full. */
	shell("cd \"$SCRATCH\"; n=$(grep -c '\"cell\"' k/cells.log); echo have $n; "
	      "printf '0123456789abcdef {\"cell\":\"m/slow6\",\"inp' >> k/cells.log");
	int have = atoi(strstr(shell_output, "have ") + 5);
	matrix("m.cfg --results k --resume", 0);
	shell_has("k/cells.log: 1 lines are not whole or out of place");
	shell_has("\n7 passed, 0 failed\n");
	assert_int_equal(starts(), 7 - have);
	matrix("m.cfg --results whole7", 0);
	same_results("whole7/results.json", "k/results.json");
	starts();
	matrix("m.cfg --results k --resume", 0);
	shell_has("7 results of an earlier run are kept, 0 runs are to be made\n");
	assert_int_equal(starts(), 0);
	/* A folder without results: all is missing. */
	matrix("m.cfg --results fresh --resume", 0);
	assert_int_equal(starts(), 7);
}

static void forgets_what_changed(void **state)
{
	(void)state;
	list_is(MATRIX("good1 good2 failed1"));
	matrix("m.cfg --results v", 1);
	starts();
	matrix("m.cfg --results v --resume", 1);
	assert_int_equal(starts(), 0); /* a failure is a result */
	scratch_text("a.rom", "y");
	matrix("m.cfg --results v --resume", 1);
	shell_has("3 results are void: their runs, ROMs or kernels changed\n");
	assert_int_equal(starts(), 3);
	scratch_text("kernel", "z");
	matrix("m.cfg --results v --resume", 1);
	assert_int_equal(starts(), 3);
	scratch_text("kernel", "x");
	list_is(MATRIX("good1 good2 failed1") "    when mode=good2 expect-line test a ok\n");
	matrix("m.cfg --results v --resume", 1);
	starts();
	list_is(MATRIX("good1 good2 failed1") "    when mode=good2 expect-line test b ok\n");
	matrix("m.cfg --results v --resume", 1);
	shell_has("1 results are void");
	shell_has("not ok m/good2: no line contains `test b ok`");
	assert_int_equal(starts(), 1);
	scratch_text("a.rom", "x");
}

static void repeats_failures(void **state)
{
	(void)state;
	unlink(scratch_path("mended"));
	list_is(CANARY("good") MATRIX("good1 mended never"));
	matrix("m.cfg --results f", 1);
	starts();
	scratch_text("mended", "");
	matrix("m.cfg --results f --only-failed", 1);
	shell_has("ok m/mended (");
	shell_has("\n3 passed, 1 failed\n");
	assert_int_equal(starts(), 3); /* mended once, never twice */
	matrix("m.cfg --results g --only-failed", 2);
	shell_has("g/cells.log: cannot open the results");
	/* A result that changed is not made up for. */
	list_is(CANARY("good") MATRIX("good1 good9 mended never"));
	starts();
	matrix("m.cfg --results f --only-failed --filter good", 3);
	shell_has("1 cells have no result; --resume makes their runs\n");
	assert_int_equal(starts(), 0);
}

static void refuses_usage(void **state)
{
	static const char *const shards[] = { "0/1", "3/2", "1/0", "1", "/", "1/", "/2", "a/b",
					      "1/2/3", "-1/2", "1/99999999999" };
	(void)state;
	list_is(CANARY("good") MATRIX("good"));
	starts();
	for (size_t i = 0; i < sizeof(shards) / sizeof(shards[0]); i++) {
		char options[64];
		snprintf(options, sizeof(options), "m.cfg --shard=%s", shards[i]);
		matrix(options, 2);
		shell_has("--shard: found `");
		shell_has(shards[i]);
	}
	matrix("m.cfg --resume", 2);
	matrix("m.cfg --only-failed", 2);
	matrix("m.cfg --resume --only-failed --results u", 2);
	matrix("m.cfg --results kernel", 2);
	shell_has("kernel: cannot use the folder: Not a directory");
	assert_int_equal(starts(), 0);
	/* More shards than cells: this one has none but the canary. */
	matrix("m.cfg --shard 7/9", 0);
	shell_has("\n1 passed, 0 failed\n");
	assert_int_equal(starts(), 1);
	matrix("m.cfg --list -v", 0);
	shell_has("m/good\n    rule negotiation.5: ");
	shell_has("    expects: good, native boot by VMI_E_NO_ROM\n    repeat it: /");
	assert_int_equal(starts(), 0);
	/* Two at once in one folder. */
	shell("cd \"$SCRATCH\"; mkdir -p two");
	assert_int_equal(shell("p=$(realpath ^); cd \"$SCRATCH\"; "
			       "flock two $p matrix m.cfg --results two"), 2);
	shell_has("two: cannot use the folder: another run writes its results there");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tries_again),
		cmocka_unit_test(writes_reports),
		cmocka_unit_test(merges_shards),
		cmocka_unit_test(merge_refuses),
		cmocka_unit_test(goes_on_after_a_kill),
		cmocka_unit_test(forgets_what_changed),
		cmocka_unit_test(repeats_failures),
		cmocka_unit_test(refuses_usage),
	};
	return cmocka_run_group_tests_name("matrix", tests, make_fake, scratch_remove);
}
