/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pvrom conform as a process: each profile reaches its level, each ROM that misbehaves fails at
 * the right check and keeps the levels below it, the JSON says all that the text says, and
 * neither ROM, QEMU nor files make it hang or crash.
 */
#define _GNU_SOURCE
#include <cjson/cJSON.h>

#include "shell.h"
#include "vmi_abi.h"

#define FEW " --rounds 2"
#define OFFLINE " --no-qemu"
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* The level in the output, as text. */
static void level_is(const char *what, const char *level)
{
	char line[64];

	snprintf(line, sizeof(line), "\nlevel     %s", level);
	const char *found = strstr(shell_output, line);
	if (!found || (found[strlen(line)] != ',' && found[strlen(line)] != '\n'))
		fail_msg("%s: expected level %s, found:\n%.3000s", what, level, shell_output);
}

static void test_profiles(void **state)
{
	static const struct {
		const char *name, *level, *missed;
	} profiles[] = {
		{ "full", "full", NULL },
		{ "callflow", "full", NULL },
		{ "notime", "mmu", "; not provided: 63-64 66-71\n" },
		{ "native", "flow", "; not provided: 0-23 26-32 35 38-48 61 65 73 86 92-93\n" },
		{ "min", "flow", "; not provided: 36-37 74-76 87-89 94; a level below it is missed\n" },
		{ "empty", "none", "; not provided: 33-34\n" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(profiles); i++) {
		char command[128];

		snprintf(command, sizeof(command), "@/pvrom conform" OFFLINE " --rounds 24 @/rom/%s.rom",
			 profiles[i].name);
		if (shell(command))
			fail_msg("%s:\n%s", profiles[i].name, shell_output);
		level_is(profiles[i].name, profiles[i].level);
		shell_has(", as far as no guest was booted\n");
		shell_has(" 0 failed, ");
		if (profiles[i].missed)
			shell_has(profiles[i].missed);
	}
}

/* The first check that fails is what is wrong with it. */
static const struct row {
	const char *rom, *failed;
} rows[] = {
	{ "hostile/answer_gs", "V23 answers-segments" },
	{ "hostile/answer_halt", "V19 answers-return" },
	{ "hostile/answer_outside", "V26 answer-addresses" },
	{ "hostile/answer_smash", "V20 answers-stack" },
	{ "hostile/answer_type", "V25 answer-types" },
	{ "hostile/init_error", "V18 init-answer" },
	{ "hostile/init_gdt", "V17 init-system" },
	{ "hostile/init_hang", "V12 init-returns" },
	{ "hostile/init_smash", "V13 init-stack" },
	{ "hostile/init_ud", "V12 init-returns" },
	{ "variants/E_API_MAJOR", "V4  version" },
	{ "variants/E_LICENSE", "V7  licence" },
	{ "variants/E_NOT_VMI", "V1  signature" },
	{ "variants/E_PCIR_OFFSET", "V8  pcir" },
	{ "machines/checksum", "V3  checksum" },
};

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char command[128];

		/* With QEMU: none of them is booted. */
		snprintf(command, sizeof(command), "PVROM_QEMU=/nonexistent @/pvrom conform" FEW
			 " @/tests/%s.rom", rows[i].rom);
		assert_int_equal(shell(command), 1);
		level_is(rows[i].rom, "none");
		const char *first = strstr(shell_output, "\nfailed    ");
		assert_non_null(first);
		first += strlen("\nfailed    ");
		if (strncmp(first, rows[i].failed, strlen(rows[i].failed)))
			fail_msg("%s: expected to fail at %s, found:\n%.200s", rows[i].rom,
				 rows[i].failed, first);
		shell_has(" failed: no guest is booted on it\n");
		assert_null(strstr(shell_output, "\npassed    M"));
	}
}

/* One entry does something else: levels that do not need it are kept. */
static void test_levels_kept(void **state)
{
	(void)state;
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " @/tests/conform/wallclock.rom"), 1);
	level_is("wallclock", "mmu");
	shell_has("\nmissed    time: local APIC, clocks and alarms, too; failed: C70 GetWallclockTime\n");
	shell_has("\nfailed    V38 entries-effect: call 70 GetWallclockTime: ");
	shell_has("\nfailed    C70 GetWallclockTime: result: ");
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " @/tests/conform/cr2.rom"), 1);
	level_is("cr2", "flow");
	shell_has("; failed: C20 GetCR2\n");
	/* What is demanded counts. */
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " --level mmu @/tests/conform/wallclock.rom"), 0);
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " --level time @/tests/conform/wallclock.rom"), 1);
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " --level mmu @/rom/notime.rom"), 0);
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " --level time @/rom/notime.rom"), 1);
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " --level flow @/rom/empty.rom"), 1);
	/* A call that is newer than the ROM is not demanded of it. */
	assert_int_equal(shell("@/pvrom mutate --api 3.0 --drop guest @/rom/full.rom @/tests/conform/old.rom && "
			       "@/pvrom conform" OFFLINE FEW " @/tests/conform/old.rom"), 0);
	level_is("3.0", "full");
	/* A call that is left out is no failure, and keeps its level from being reached. */
	assert_int_equal(shell("@/pvrom mutate --drop Shutdown @/rom/full.rom @/tests/conform/less.rom && "
			       "@/pvrom conform" OFFLINE FEW " @/tests/conform/less.rom"), 0);
	level_is("without Shutdown", "time");
	/* A check that need not pass. */
	assert_int_equal(shell("@/pvrom conform" OFFLINE FEW " --skip licence @/tests/variants/E_LICENSE.rom"),
			 0);
	shell_has("\nskipped   V7  licence: left out: VMI_E_LICENSE");
}

static cJSON *parse(void)
{
	cJSON *document = cJSON_Parse(shell_output);

	if (!document)
		fail_msg("no JSON:\n%.2000s", shell_output);
	return document;
}

static const char *string(const cJSON *object, const char *key)
{
	const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	if (!value)
		fail_msg("no string `%s`", key);
	return value;
}

static double number(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

/* Every check has an id, a name, a level and a result; the sums are theirs. Result: how many. */
static int check_list(const cJSON *document, const char *kind)
{
	static const char *const results[] = { "skipped", "passed", "failed", "no verdict" };
	const cJSON *check, *other;
	double sum[ROWS(results)] = { 0 };
	int found = 0;

	cJSON_ArrayForEach(check, cJSON_GetObjectItemCaseSensitive(document, "checks")) {
		size_t r = 0;

		while (r < ROWS(results) && strcmp(string(check, "result"), results[r]))
			r++;
		assert_in_range(r, 0, ROWS(results) - 1);
		sum[r]++;
		if (r != 1)
			assert_true(*string(check, "text"));
		found += !strcmp(string(check, "kind"), kind);
		assert_true(*string(check, "name"));
		cJSON_ArrayForEach(other, cJSON_GetObjectItemCaseSensitive(document, "checks"))
			assert_true(other == check || strcmp(string(other, "id"), string(check, "id")) ||
				    strcmp(string(other, "name"), string(check, "name")));
	}
	for (size_t r = 0; r < ROWS(results); r++)
		assert_true(number(document, results[r]) == sum[r]);
	return found;
}

static void test_json(void **state)
{
	int calls = 0;

	(void)state;
	for (unsigned int n = 0; n < VMI_CALLS; n++)
		calls += !vmi_calls[n].reserved;
	assert_int_equal(shell("^ conform" OFFLINE FEW " --json --seed 7 -o @/tests/conform/s.json "
			       "@/tests/conform/wallclock.rom && echo not"), 1);
	assert_string_equal(shell_output, "");
	assert_int_equal(shell("cat @/tests/conform/s.json"), 0);
	cJSON *document = parse();
	assert_int_equal(check_list(document, "call"), calls);
	assert_true(check_list(document, "verify") >= 38);
	assert_int_equal(check_list(document, "guest"), 0);
	assert_true(check_list(document, "run") >= 8);
	assert_true(number(document, "failed") >= 2);
	assert_string_equal(string(document, "level"), "mmu");
	assert_string_equal(string(document, "version"), "3.2");
	assert_true(number(document, "seed") == 7 && number(document, "rounds") == 2);
	assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(document, "qemu")));
	char *hash = strdup(string(document, "sha256"));
	const cJSON *levels = cJSON_GetObjectItemCaseSensitive(document, "levels");
	assert_int_equal(cJSON_GetArraySize(levels), 4);
	const cJSON *time = cJSON_GetArrayItem(levels, 2);
	assert_string_equal(string(time, "name"), "time");
	assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(time, "reached")));
	assert_string_equal(cJSON_GetStringValue(cJSON_GetArrayItem(
		cJSON_GetObjectItemCaseSensitive(time, "failed"), 0)), "C70 GetWallclockTime");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(levels, 1), "reached")));
	cJSON_Delete(document);
	assert_int_equal(shell("sha256sum @/tests/conform/wallclock.rom"), 0);
	assert_memory_equal(shell_output, hash, 64);
	free(hash);
	/* The same again is the same; no level is no version and an empty list. */
	assert_int_equal(shell("^ conform" OFFLINE FEW " --json -o @/tests/conform/s.json @/tests/conform/cr2.rom; "
			       "@/pvrom conform" OFFLINE FEW " --json @/tests/conform/cr2.rom | "
			       "cmp - @/tests/conform/s.json"), 0);
	assert_int_equal(shell("^ conform" OFFLINE FEW " --json @/tests/variants/E_NOT_VMI.rom"), 1);
	document = parse();
	assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(document, "version")));
	assert_string_equal(string(document, "level"), "none");
	cJSON_Delete(document);
}

static void test_bad_input(void **state)
{
	(void)state;
	assert_int_equal(shell("^ conform"), 2);
	assert_int_equal(shell("^ conform @/rom/full.rom @/rom/min.rom"), 2);
	assert_int_equal(shell("^ conform /nonexistent.rom"), 2);
	assert_int_equal(shell("^ conform tests"), 2);
	shell_has("tests: found a directory, expected a regular file");
	assert_int_equal(shell("^ conform /dev/null"), 2);
	assert_int_equal(shell("^ conform --level fast @/rom/full.rom"), 2);
	shell_has("--level: found `fast`, expected flow, mmu, time, full\n");
	assert_int_equal(shell("^ conform --rounds 0 @/rom/full.rom"), 2);
	assert_int_equal(shell("^ conform --jobs 0 @/rom/full.rom"), 2);
	assert_int_equal(shell("^ conform --skip 99 @/rom/full.rom"), 2);
	assert_int_equal(shell("^ conform" OFFLINE FEW " -o /nonexistent/s @/rom/min.rom"), 2);
	shell_has("/nonexistent/s: cannot write it");
	assert_int_equal(shell("^ conform" OFFLINE FEW " -o /dev/full @/rom/min.rom"), 2);
	/* No ROM at all, one that ends in its header, and more than a ROM. */
	assert_int_equal(shell("^ conform README.md"), 1);
	shell_has("\nfailed    V1  signature");
	shell_has("\nversion   none\n");
	level_is("README.md", "none");
	assert_int_equal(shell("head -c 13 @/rom/min.rom > @/tests/conform/cut; ^ conform @/tests/conform/cut"),
			 1);
	level_is("cut", "none");
	assert_int_equal(shell("cp @/rom/min.rom @/tests/conform/long; truncate -s 1M @/tests/conform/long; "
			       "^ conform" FEW " @/tests/conform/long"), 0);
	shell_has("larger than an option ROM can be");
	/* An entry that breaks the emulator. */
	assert_int_equal(shell("^ conform" OFFLINE FEW " @/tests/emu/armed.rom"), 1);
	shell_has("\nbroken    C17 SetCR3: ");
}

/* A pvrom with data of its own, and a QEMU that says what a script says. */
#define OWN "d=@/tests/conform/own; rm -rf $d; mkdir -p $d/conform; cp @/pvrom $d/; " \
	    "cp @/conform/*.cfg $d/conform/; echo > $d/guest32.elf; echo > $d/guest64.elf; echo > $d/client.elf; "

static void test_levels_file(void **state)
{
	static const struct {
		const char *edit, *error;
	} bad[] = {
		{ "s/level mmu/level flow/", "level `flow` is there already" },
		{ "s/level mmu/level none/", "level `none` is there already" },
		{ "s/level mmu/level/", "expected one name behind level" },
		{ "s/    calls    apic timer/    calls    apic tmer/", "found `tmer`, expected a call or a group" },
		{ "s/    calls    apic timer/    calls    apic/", "call 66 GetCycleFrequency is named nowhere" },
		{ "s/    calls    apic timer/    calls    apic timer SetAlarm/", "call 68 SetAlarm is named already" },
		{ "s/    calls    apic timer/    call     apic timer/", "unknown field `call`" },
		{ "s/summed .*/summed 0/", "found `0`, expected numbers of checks" },
		{ "s/summed .*/summed 38-33/", "expected numbers of checks" },
		{ "s/summed .*/sumed 3/", "unknown kind `sumed`" },
		{ "s/.*//", "no level stands in it" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		char command[1024];

		snprintf(command, sizeof(command), OWN "sed -i '%s' $d/conform/levels.cfg; "
			 "$d/pvrom conform" OFFLINE " @/rom/min.rom", bad[i].edit);
		assert_int_equal(shell(command), 2);
		shell_has("levels.cfg:");
		shell_has(bad[i].error);
	}
	assert_int_equal(shell(OWN "rm $d/conform/levels.cfg; $d/pvrom conform" OFFLINE " @/rom/min.rom"), 2);
	assert_int_equal(shell(OWN "rm $d/conform/runs.cfg; $d/pvrom conform" OFFLINE FEW " @/rom/min.rom"), 2);
	/* Such a list is for a given ROM only. */
	assert_int_equal(shell("@/pvrom matrix @/conform/runs.cfg"), 2);
	shell_has("this list is read without a ROM of its own");
}

#define NATIVE "echo 'census 1'; echo \"vmi native why=$1\"; " \
	       "echo \"bind a 33 IRET native - none why=$1\"; " \
	       "echo 'test a ok'; echo 'summary 1 passed, 0 failed, 0 skipped'; exit 33"
#define FAKE OWN "cat > $d/qemu <<'END'\n#!/bin/sh\n" \
	"ok() { " NATIVE "; }\n" \
	"case $* in *given.rom*) ;; *client.elf*) ok VMI_E_NO_ROM ;; *) ok VMI_E_NO_CANDIDATE ;; esac\n"
#define CONFORM "\nEND\nchmod +x $d/qemu; PVROM_QEMU=$d/qemu $d/pvrom conform" FEW " @/rom/min.rom"

static void test_qemu_misbehaves(void **state)
{
	(void)state;
	/* It is not there: no statement. */
	assert_int_equal(shell("PVROM_QEMU=/nonexistent @/pvrom conform" FEW " @/rom/min.rom"), 2);
	shell_has("run canary-guest, without the ROM: ");
	shell_has("--no-qemu does without");
	/* The guest on the ROM never ends: one run is waited for, or two at once. */
	assert_int_equal(shell(FAKE "sleep 100" "\nEND\nchmod +x $d/qemu; "
			       "sed -i 's/timeout .*/timeout 1/' $d/conform/runs.cfg; "
			       "PVROM_QEMU=$d/qemu $d/pvrom conform --jobs 1" FEW " @/rom/min.rom"), 1);
	level_is("sleep", "none");
	shell_has("\nfailed    M3  guest/pc/smp1/2level: verdict: found none, expected good: time-out");
	shell_has("\nskipped   M4  guest/pc/smp2/pae: a run did not come to an end: guest/pc/smp1/2level\n");
	/* The ROM is not used where it should be, and a test fails. */
	assert_int_equal(shell(FAKE "ok VMI_E_INIT" CONFORM), 1);
	level_is("native", "none");
	shell_has("outcome of the loader: found VMI_E_INIT, expected ok");
	/* More tests than there are. */
	assert_int_equal(shell(FAKE "i=0; while [ $i -lt 2100 ]; do i=$((i + 1)); echo test x$i ok; done; "
			       "ok VMI_E_INIT" CONFORM " --filter guest/pc/smp1"), 1);
	shell_has("2101 test lines, expected at most 2000");
	assert_null(strstr(shell_output, "x2001"));
	/* Nothing is left behind. */
	assert_int_equal(shell("rm -rf @/tests/conform/tmp; mkdir @/tests/conform/tmp; TMPDIR=@/tests/conform/tmp PVROM_QEMU=/bin/true "
			       "@/pvrom conform" FEW " @/rom/min.rom; rmdir @/tests/conform/tmp"), 0);
	assert_int_equal(shell("TMPDIR=/nonexistent @/pvrom conform" FEW " @/rom/min.rom"), 2);
	shell_has("set TMPDIR");
}

/* The real one. */
static void test_guests(void **state)
{
	(void)state;
	assert_int_equal(shell("@/pvrom conform --json --rounds 24 --level full @/rom/full.rom"), 0);
	cJSON *document = parse();
	assert_string_equal(string(document, "level"), "full");
	assert_true(number(document, "failed") == 0 && number(document, "no verdict") == 0);
	assert_true(check_list(document, "guest") > 200);
	/* Each level has tests of its own. */
	const cJSON *check;
	size_t by_level[4] = { 0 };
	static const char *const names[] = { "flow", "mmu", "time", "full" };
	cJSON_ArrayForEach(check, cJSON_GetObjectItemCaseSensitive(document, "checks"))
		for (size_t i = 0; i < ROWS(names) && !strcmp(string(check, "kind"), "guest"); i++)
			by_level[i] += !strcmp(string(check, "level"), names[i]);
	for (size_t i = 0; i < ROWS(names); i++)
		assert_true(by_level[i] > 0);
	cJSON_Delete(document);
	assert_int_equal(shell("@/pvrom conform --rounds 24 --filter pc/smp1 @/rom/empty.rom"), 0);
	level_is("empty", "none");
	shell_has("\nlevel     none, as far as these runs show\n");
	shell_has("\npassed    M3  guest/pc/smp1/2level: ");
	shell_has("\nskipped   M4  guest/pc/smp2/pae: left out by --filter\n");
	shell_has("\nskipped   M7  end/shutdown/pc: left out by --filter\n");
	/* Only guests can see this: the cancelled alarm comes. */
	assert_int_equal(shell("@/pvrom conform --rounds 24 --filter client/pc/smp1 "
			       "@/tests/conform/cancel.rom"), 1);
	level_is("cancel", "mmu");
	shell_has("; failed: G client/clock.pic_idle");
	shell_has("\npassed    C69 CancelAlarm: ");
	shell_has("\npassed    M13 client/pc/smp1/2level: ");
	/* Calls are needed that are not there. */
	assert_int_equal(shell("@/pvrom conform --rounds 24 --filter end/ @/rom/min.rom"), 0);
	shell_has("\nskipped   M7  end/shutdown/pc: the ROM does not serve call 36 Reboot\n");
}

/* The guest in long mode, on a ROM that has an ABI for it. */
static void test_long_mode(void **state)
{
	(void)state;
	assert_int_equal(shell("@/pvrom conform --rounds 24 --json --filter guest64/ @/rom/full.rom"), 0);
	cJSON *document = parse();
	const cJSON *check;
	size_t tests = 0, runs = 0;
	cJSON_ArrayForEach(check, cJSON_GetObjectItemCaseSensitive(document, "checks")) {
		bool passed = !strcmp(string(check, "result"), "passed");
		if (!strncmp(string(check, "name"), "guest64/", 8)) {
			runs += passed && !strcmp(string(check, "kind"), "run");
			tests += passed && !strcmp(string(check, "kind"), "guest");
		}
		/* A test concerns the level that its namesake of 32 bits does. */
		if (!strcmp(string(check, "name"), "guest64/alarm.one-shot"))
			assert_string_equal(string(check, "level"), "time");
	}
	assert_int_equal(runs, 4);
	assert_true(tests > 90);
	check_list(document, "run");
	cJSON_Delete(document);
	/* What is left out of the 64-bit table is not expected there, and is in 32 bit. */
	assert_int_equal(shell("@/pvrom mutate --drop64 SetCR3,timer @/rom/full.rom @/tests/conform/drop64.rom && "
			       "@/pvrom conform --rounds 4 --filter pc/smp1 @/tests/conform/drop64.rom"), 0);
	shell_has("\npassed    M3  guest/pc/smp1/2level: ");
	shell_has("\npassed    M18 guest64/pc/smp1/near: ");
	shell_has("\nskipped   M26 exact64/pc: ");
	assert_int_equal(shell("@/pvrom conform --rounds 4 --filter exact64/pc @/tests/conform/drop64.rom"), 0);
	shell_has("\nskipped   M26 exact64/pc: the ROM does not serve call 66 GetCycleFrequency\n");
	/* Only a guest in long mode can see this: Leave does nothing. */
	assert_int_equal(shell("@/pvrom conform --rounds 24 --filter pc/smp1 @/tests/conform/leave64.rom"), 1);
	level_is("leave64", "none");
	shell_has("; failed: G guest64/leave.alarms, ");
	shell_has("\npassed    G   leave.alarms\n");
	/* A table that is refused: nothing is booted. */
	assert_int_equal(shell("@/pvrom conform" FEW " @/tests/wide/nested.rom"), 1);
	shell_has("\nskipped   M18 guest64/pc/smp1/near: V39 abis failed: no guest is booted on it\n");
	/* The same without that check: the guest refuses it, as it should. */
	assert_int_equal(shell("@/pvrom conform --rounds 4 --skip abis --filter guest64/pc/smp1 @/tests/wide/nested.rom"), 0);
	shell_has("\npassed    M18 guest64/pc/smp1/near: ");
	/* Nobody is told to boot what is not there. */
	assert_int_equal(shell("@/pvrom conform" FEW " --filter guest64/pc/smp1 tests/golden/3.0/min.rom"), 0);
	shell_has("\nskipped   M18 guest64/pc/smp1/near: the ROM has no ABI of 64 bits\n");
	assert_int_equal(shell("d=@/tests/conform/bin; rm -rf $d; mkdir $d; ln -s $(command -v qemu-system-i386) $d; "
			       "PATH=$d @/pvrom conform" FEW " --filter pc/smp1 @/rom/min.rom"), 0);
	shell_has("\npassed    M3  guest/pc/smp1/2level: ");
	shell_has("\nskipped   M18 guest64/pc/smp1/near: qemu-system-x86_64 is not installed\n");
}

/* Each pattern of levels.cfg is the beginning of some test's name. */
static void test_patterns(void **state)
{
	(void)state;
	assert_int_equal(shell("n=0; for p in $(sed -n 's/    guest  *//p' @/conform/levels.cfg | grep -v NAME); do "
			       "n=$((n + 1)); case $p in client/*) d=tests/client ;; *) d=tests/guest ;; esac; "
			       "grep -qF -r \"\\\"$(echo ${p#client/} | tr -d '*')\" $d || { echo \"no test begins as $p\"; exit 1; }; "
			       "done; echo $n patterns"), 0);
	unsigned int patterns = 0;
	assert_int_equal(sscanf(shell_output, "%u patterns", &patterns), 1);
	assert_true(patterns > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles),     cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_levels_kept),  cmocka_unit_test(test_json),
		cmocka_unit_test(test_bad_input),    cmocka_unit_test(test_levels_file),
		cmocka_unit_test(test_patterns),     cmocka_unit_test(test_qemu_misbehaves),
		cmocka_unit_test(test_guests),      cmocka_unit_test(test_long_mode),
	};

	return cmocka_run_group_tests_name("pvrom conform", tests, NULL, NULL);
}
