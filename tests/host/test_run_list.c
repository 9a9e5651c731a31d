// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run lists: what they may say, each mistake with its line; and comparing a run with what is
 * expected.
 */
#include "test_run_scratch.h"

#include "run/expect.h"
#include "run/runlist.h"

#define OK "    expect-bound 33\n"

static struct run_list read_good(const char *text)
{
	struct run_list list;
	assert_int_equal(run_list_read(&list, scratch_text("list.cfg", text), "out"), 0);
	return list;
}

static void reads_all_fields(void **state)
{
	struct run_list list = read_good(
		"# a comment\n"
		"run one\n"
		"    canary yes\n    machine q35\n    accel kvm\n    vga std\n    smp 4\n    timeout 7\n"
		"    rom rom/a.rom\n    rom /b.rom\n    module m.rom\n    append vmi=off x\n    kernel k.elf\n"
		"    qemu -cpu max\n    qemu -S\n"
		"    expect-bound 0 3-5 33\n    expect-line one two\n    expect-line three\n"
		"run two\n    expect-bound none\n    expect-reason VMI_E_NO_ROM VMI_E_INIT\n"
		"run three\n    expect-status failed\n");
	(void)state;
	assert_int_equal(list.count, 3);
	struct run_cell *c = &list.cells[0];
	assert_string_equal(c->name, "one");
	assert_true(c->canary);
	assert_string_equal(c->spec.machine, "q35");
	assert_string_equal(c->spec.accel, "kvm");
	assert_string_equal(c->spec.vga, "std");
	assert_int_equal(c->spec.smp, 4);
	assert_int_equal(c->spec.timeout, 7);
	assert_int_equal(c->spec.roms.count, 2);
	assert_string_equal(c->spec.roms.list[0], "out/rom/a.rom");
	assert_string_equal(c->spec.roms.list[1], "/b.rom");
	assert_string_equal(c->spec.append, "vmi=off x");
	assert_string_equal(c->spec.kernel, "out/k.elf");
	assert_string_equal(c->spec.module, "out/m.rom");
	assert_int_equal(c->spec.extra.count, 3);
	assert_string_equal(c->spec.extra.list[2], "-S");
	assert_int_equal(c->expect.bound_count, 5);
	assert_true(c->expect.bound[0] && c->expect.bound[4] && c->expect.bound[33] &&
		    !c->expect.bound[6]);
	assert_int_equal(c->expect.lines.count, 2);
	c = &list.cells[1];
	assert_string_equal(c->spec.machine, "pc");
	assert_string_equal(c->spec.accel, "tcg");
	assert_string_equal(c->spec.vga, "none");
	assert_int_equal(c->spec.smp, 1);
	assert_int_equal(c->spec.timeout, RUN_TIMEOUT);
	assert_string_equal(c->spec.kernel, "out/guest32.elf");
	assert_true(c->expect.census && !c->expect.bound_count && !c->canary);
	assert_int_equal(c->expect.reasons.count, 2);
	assert_int_equal(list.cells[2].expect.status, VERDICT_FAILED);
	assert_false(list.cells[2].expect.census);
	assert_int_equal(list.cells[2].expect.skips.count, 0);
	run_list_free(&list);
}

static void reads_skips(void **state)
{
	struct run_list list = read_good("defaults\n    expect-skipped a b*\n"
					 "run one\n" OK "run two\n" OK "    expect-skipped c\n"
					 "run three\n" OK "    expect-skipped none\n"
					 "run four\n" OK "    expect-skipped default c\n"
					 "run five\n" OK "    expect-skipped default\n");
	static const char *const expected[][4] = { { "a", "b*" }, { "c" }, { 0 }, { "a", "b*", "c" },
						   { "a", "b*" } };
	(void)state;
	assert_int_equal(list.count, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct words *skips = &list.cells[i].expect.skips;
		for (size_t k = 0; k < skips->count; k++)
			assert_string_equal(skips->list[k], expected[i][k]);
		assert_null(expected[i][skips->count]);
	}
	run_list_free(&list);
}

static void reads_defaults(void **state)
{
	struct run_list list = read_good("defaults\n    timeout 9\n    qemu -a b\n"
					 "run one\n" OK
					 "run two\n" OK "    timeout 8\n    qemu c\n");
	(void)state;
	assert_int_equal(list.cells[0].spec.timeout, 9);
	assert_int_equal(list.cells[0].spec.extra.count, 2);
	assert_int_equal(list.cells[1].spec.timeout, 8);
	assert_int_equal(list.cells[1].spec.extra.count, 3);
	assert_string_equal(list.cells[1].spec.extra.list[2], "c");
	uint64_t before = list.cells[0].fields;
	run_list_free(&list);
	/* What a default adds is a part of the run. */
	list = read_good("defaults\n    timeout 9\nrun one\n" OK);
	assert_true(list.cells[0].fields != before);
	run_list_free(&list);
}

static void refuses_mistakes(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "", "list.cfg: error: no run stands in it" },
		{ "# nothing\n\n", "no run stands in it" },
		{ "    machine pc\n", "list.cfg:1: error: field `machine` stands before" },
		{ "walk a\n" OK, "list.cfg:1: error: unknown kind `walk`" },
		{ "defaults\n    expect-skipped a\n", "list.cfg: error: no run stands in it" },
		{ "defaults a\nrun a\n" OK, ":1: error: found 1 words after defaults" },
		{ "defaults\n    smp 2\nrun a\n" OK, ":2: error: field `smp` has no default" },
		{ "defaults\ndefaults\n", ":2: error: defaults stand in line 1" },
		{ "run a\n" OK "defaults\n", ":3: error: defaults stand behind run `a`" },
		{ "defaults\n    expect-skipped a\n    expect-skipped b\n",
		  ":3: error: field `expect-skipped` stands in line 2" },
		{ "defaults\n    expect-skipped default\n", ":2: error: expect-skipped `default`" },
		{ "run a\n" OK "    expect-skipped default b\n", "there is no default" },
		{ "run a\n" OK "    expect-skipped b b\n", ":3: error: expect-skipped `b b`" },
		{ "run a\n" OK "    expect-skipped none b\n", ":3: error: expect-skipped" },
		{ "run a\n" OK "    expect-skipped any b\n", ":3: error: expect-skipped" },
		{ "run a\n" OK "    expect-skipped b default\n", ":3: error: expect-skipped" },
		{ "run a\n" OK "    expect-skipped *\n", ":3: error: expect-skipped `*`" },
		{ "run a\n" OK "    expect-skipped a*b\n", ":3: error: expect-skipped `a*b`" },
		{ "run\n" OK, ":1: error: found 0 words after run" },
		{ "run a b\n" OK, ":1: error: found 2 words after run" },
		{ "run a\n" OK "run b\n" OK "run a\n" OK, ":5: error: run `a` stands in line 1" },
		{ "run a\n" OK "    speed 3\n", ":3: error: unknown field `speed`" },
		{ "run a\n" OK "    machine\n", ":3: error: field `machine` has no value" },
		{ "run a\n" OK "    smp 1\n    smp 2\n",
		  ":4: error: field `smp` stands in line 3" },
		{ "run a\n" OK OK, ":3: error: field `expect-bound` stands in line 2" },
		{ "run a\n" OK "    canary no\n", ":3: error: canary `no`: expected yes" },
		{ "run a\n" OK "    machine vax\n",
		  ":3: error: machine `vax`: expected pc or q35" },
		{ "run a\n" OK "    accel xen\n",
		  ":3: error: accel `xen`: expected tcg or kvm" },
		{ "run a\n" OK "    vga cirrus\n", ":3: error: vga `cirrus`" },
		{ "run a\n" OK "    smp 0\n", ":3: error: smp `0`: expected 1 to 255" },
		{ "run a\n" OK "    smp 256\n", ":3: error: smp `256`" },
		{ "run a\n" OK "    smp 2x\n", ":3: error: smp `2x`" },
		{ "run a\n" OK "    smp -1\n", ":3: error: smp `-1`" },
		{ "run a\n" OK "    timeout 0\n", ":3: error: timeout `0`" },
		{ "run a\n" OK "    timeout 99999999999999999999\n", ":3: error: timeout `9" },
		{ "run a\n" OK "    timeout 1 2\n", ":3: error: timeout `1 2`" },
		{ "run a\n    expect-bound 77\n", ":2: error: expect-bound `77`" },
		{ "run a\n    expect-bound 49\n", ":2: error: expect-bound `49`" }, /* reserved */
		{ "run a\n    expect-bound 5-3\n", ":2: error: expect-bound `5-3`" },
		{ "run a\n    expect-bound 3-5 4\n", ":2: error: expect-bound `3-5 4`" },
		{ "run a\n    expect-bound 3-\n", ":2: error: expect-bound `3-`" },
		{ "run a\n    expect-bound 3,4\n", ":2: error: expect-bound `3,4`" },
		{ "run a\n    expect-bound none 3\n", ":2: error: expect-bound `none 3`" },
		{ "run a\n    expect-bound none\n",
		  ":1: error: run `a` expects no bound call, but has no" },
		{ "run a\n    expect-bound none\n    expect-reason VMI_E_OOPS\n",
		  ":3: error: expect-reason" },
		{ "run a\n" OK "    expect-reason ok\n",
		  ":1: error: run `a` has expect-reason, which" },
		{ "run a\n    expect-status failed\n    expect-reason ok\n",
		  ":1: error: run `a` has expect-reason wi" },
		{ "run a\n    machine pc\n", ":1: error: run `a` has no expect-bound" },
		{ "run a\n" OK "    expect-status bad\n", ":3: error: expect-status `bad`" },
		{ "run a\n" OK "    expect-status environment\n",
		  ":3: error: expect-status `environment`" },
	};
	struct run_list list;
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *path = scratch_text("list.cfg", bad[i].text);
		capture_stderr();
		int result = run_list_read(&list, path, "out");
		const char *error = captured();
		run_list_free(&list);
		if (result != -1 || !strstr(error, bad[i].error))
			fail_msg("result %d, found: %s\nexpected: %s\nin:\n%s", result, error,
				 bad[i].error, bad[i].text);
	}
	capture_stderr();
	assert_int_equal(run_list_read(&list, scratch_path("missing.cfg"), "out"), -1);
	assert_contains(captured(), "missing.cfg: error: cannot open");
	run_list_free(&list);
}

/* A run as the guest showed it, and what `expect` makes of it. */
static void compare(const char *expect, const char *log, const char *why)
{
	struct text list_text = { 0 }, found = { 0 }, copy = { 0 };
	text_addf(&list_text, "run a\n%s", expect);
	struct run_list list = read_good(text_string(&list_text));
	struct cell_result result = { .verdict = VERDICT_GOOD };
	text_addf(&result.serial, "%s", log);
	text_addf(&copy, "%s", log);
	char *save = NULL;
	for (char *line = strtok_r(copy.bytes, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		report_line(&result.report, line, false);
	assert_string_equal(result.report.unreadable, "");
	firmware_line(&result.firmware, "pvrom 1.2 full at c000");
	bool met = expect_met(&list.cells[0].expect, &result, &found);
	if (met != !*why || !strstr(text_string(&found), why))
		fail_msg("found %d: %s\nexpected: %s", met, text_string(&found), why);
	cell_free(&result);
	text_free(&list_text);
	text_free(&found);
	text_free(&copy);
	run_list_free(&list);
}

#define ROM_LOG "census 1\nvmi rom 0x000ca000 3.0 bound=1 nop=1 native=2\n" \
	"bind a 33 IRET rom 0x000ca100 jump why=ok\nbind b 23 WBINVD nop - none why=ok\n" \
	"bind c 23 WBINVD %s why=ok\nbind d - - native - none why=VMI_E_NO_CALL\n"
#define NATIVE_LOG \
	"census 1\nvmi native why=VMI_E_NO_ROM\nbind a 33 IRET native - none " \
	"why=VMI_E_NO_BINDING\n"

static void compares_the_census(void **state)
{
	char both[1024], one[1024];
	(void)state;
	snprintf(both, sizeof(both), ROM_LOG, "rom 0x000ca200 call");
	snprintf(one, sizeof(one), ROM_LOG, "native - none");
	compare("    expect-bound 23 33\n", both, "");
	compare("    expect-bound 23 33\n", one,
		"slot c (call 23 WBINVD): found native (ok), expected bound");
	compare("    expect-bound 33\n", both,
		"slot b (call 23 WBINVD): found bound (ok), expected native");
	compare("    expect-bound 23 33 34\n", both, "call 34 SYSEXIT: found no slot that uses it");
	compare("    expect-bound 33\n", NATIVE_LOG, "found VMI_E_NO_ROM, expected ok");
	compare("    expect-bound none\n    expect-reason VMI_E_NO_ROM\n", both,
		"found ok, expected VMI_E_NO_ROM");
	compare("    expect-bound none\n    expect-reason ok\n", both,
		"slot a (call 33 IRET): found bound");
	compare("    expect-bound none\n    expect-reason VMI_E_NO_ROM\n", NATIVE_LOG, "");
	compare("    expect-bound none\n    expect-reason VMI_E_INIT VMI_E_NO_ROM\n", NATIVE_LOG,
		"");
	compare("    expect-bound none\n    expect-reason VMI_E_INIT\n", NATIVE_LOG,
		"expected VMI_E_INIT");
	compare("    expect-bound 33\n", "test a ok\n", "no complete census");
	compare("    expect-bound 33\n", "", "no complete census");
	compare("    expect-status failed\n", NATIVE_LOG, "verdict: found good, expected failed");
}

#define GROUP_LOG \
	"census 1\nvmi rom 0x000ca000 3.0 bound=1 nop=0 native=2\n" \
	"bind a 33 IRET rom 0x000ca100 jump why=ok\n" \
	"bind b 66 GetCycleFrequency native - none why=VMI_E_CALL_NONE\n" \
	"bind c 67 GetCycleCounter native - none why=VMI_E_GROUP missing=66\n"

static void compares_native_reasons(void **state)
{
	(void)state;
	compare("    expect-bound 33 66 67\n    expect-native 66 VMI_E_CALL_NONE\n"
		"    expect-native 67 VMI_E_GROUP\n", GROUP_LOG, "");
	compare("    expect-bound 33\n    expect-native 66-67 VMI_E_CALL_NONE\n", GROUP_LOG,
		"slot c (call 67 GetCycleCounter): found native (VMI_E_GROUP), expected native "
		"(VMI_E_CALL_NONE)");
	compare("    expect-bound 33\n    expect-native 68 VMI_E_GROUP\n", GROUP_LOG,
		"call 68 SetAlarm: found no slot that uses it, expected one that is native");
	compare("    expect-bound 33\n    expect-native 33 66 VMI_E_GROUP\n"
		"    expect-reason ok\n", GROUP_LOG, "slot a (call 33 IRET): found bound");
}

static void compares_lines(void **state)
{
#define NATIVE "    expect-bound none\n    expect-reason VMI_E_NO_ROM\n"
	(void)state;
	compare(NATIVE "    expect-line why=VMI_E_NO_ROM\n    expect-line firmware: pvrom 1.2\n",
		NATIVE_LOG, "");
	compare(NATIVE "    expect-line VMI_E_NO_ROM\n    expect-line pvrom 1.3\n", NATIVE_LOG,
		"no line contains `pvrom 1.3`");
}

#define ROM_33 "census 1\nvmi rom 0x000ca000 3.0 bound=1 nop=0 native=0\n" \
	"bind a 33 IRET rom 0x000ca100 jump why=ok\n"
#define SKIPPED ROM_33 "test a.one ok\ntest a.two skipped: x\ntest b skipped\n"
#define REBOOTED "test b skipped\nsummary 1 passed, 0 failed, 1 skipped\nend reboot\n" \
	ROM_33 "test c skipped\n"

static void compares_skips(void **state)
{
	(void)state;
	compare(OK "    expect-skipped a.two b\n", SKIPPED, "");
	compare(OK "    expect-skipped a.* b\n", SKIPPED, "");
	compare(OK "    expect-skipped none\n", ROM_33, "");
	compare(OK "    expect-skipped any\n", SKIPPED, "");
	compare(OK "    expect-skipped any\n", ROM_33, "");
	compare(OK, SKIPPED, "skipped, but not in expect-skipped: a.two b");
	compare(OK "    expect-skipped b\n", SKIPPED, "not in expect-skipped: a.two");
	compare(OK "    expect-skipped a b\n", SKIPPED, "not in expect-skipped: a.two");
	compare(OK "    expect-skipped a.two b c\n", SKIPPED,
		"expect-skipped c: found no such test skipped");
	compare(OK "    expect-skipped a.two b a.one*\n", SKIPPED,
		"expect-skipped a.one*: found no such test skipped");
	/* Two boots: what either of them skips. */
	compare(OK "    expect-skipped b c\n", REBOOTED, "");
	compare(OK "    expect-skipped c\n", REBOOTED, "not in expect-skipped: b");
	compare(OK "    expect-skipped b\n", REBOOTED, "not in expect-skipped: c");
}

/* The list with its errata beside it; `text` is read as the errata, or NULL for none. */
static int read_with_errata(struct run_list *list, const char *text)
{
	const char *path = scratch_text("list.cfg", "run a\n    rom ./a.rom\n" OK "run b\n" OK);
	if (text)
		scratch_text("list.errata", text);
	scratch_text("a.rom", "x");
	int result = run_list_read(list, path, "out");
	unlink(scratch_path("list.errata"));
	return result;
}

static void reads_errata(void **state)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "# nothing\n", "list.errata: error: no erratum stands in it" },
		{ "fault ./a.rom\n    reason r\n    run a\n", ":1: error: found `fault ./a.rom`" },
		{ "erratum\n    reason r\n    run a\n", ":1: error: found `erratum `" },
		{ "erratum ./c.rom\n    reason r\n    run a\n", ":1: error: `./c.rom`: No such file" },
		{ "erratum ./a.rom\n    run a\n", ":1: error: erratum `./a.rom` has no reason" },
		{ "erratum ./a.rom\n    reason\n    run a\n", ":1: error: erratum `./a.rom` has no" },
		{ "erratum ./a.rom\n    reason r\n", ":1: error: erratum `./a.rom` names no run" },
		{ "erratum ./a.rom\n    reason r\n    run c\n", ":3: error: there is no run `c`" },
		{ "erratum ./a.rom\n    reason r\n    run a\n    run a\n", ":4: error: run `a` is excused" },
		{ "erratum ./a.rom\n    reason r\n    reason s\n", ":3: error: found field `reason`" },
		{ "erratum ./a.rom\n    reason r\n    cell a\n", ":3: error: found field `cell`" },
	};
	struct run_list list;
	(void)state;
	assert_int_equal(read_with_errata(&list, NULL), 0);
	assert_null(list.cells[0].expect.excuse);
	/* ./ is the list's own folder. */
	assert_string_equal(list.cells[0].spec.roms.list[0], scratch_path("a.rom"));
	run_list_free(&list);
	assert_int_equal(read_with_errata(&list, "erratum ./a.rom\n    reason r s\n    run b\n"), 0);
	assert_null(list.cells[0].expect.excuse);
	assert_string_equal(list.cells[1].expect.excuse, "r s");
	run_list_free(&list);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		capture_stderr();
		int result = read_with_errata(&list, bad[i].text);
		assert_contains(captured(), bad[i].message);
		assert_int_equal(result, -1);
		run_list_free(&list);
	}
}

/* An excused run must fail; what the environment did is no such failure. */
static void inverts_what_is_excused(void **state)
{
	struct run_list list;
	struct text why = { 0 };
	struct cell_result r = { .verdict = VERDICT_FAILED };
	(void)state;
	assert_int_equal(read_with_errata(&list, "erratum ./a.rom\n    reason r\n    run a\n"), 0);
	assert_true(expect_met(&list.cells[0].expect, &r, &why));
	assert_string_equal(text_string(&why), "");
	assert_false(expect_met(&list.cells[1].expect, &r, &why));
	text_free(&why);
	r.verdict = VERDICT_ENVIRONMENT;
	assert_false(expect_met(&list.cells[0].expect, &r, &why));
	assert_contains(text_string(&why), "verdict: found environment");
	text_free(&why);
	list.cells[0].expect.status = r.verdict = VERDICT_FAILED;
	list.cells[0].expect.census = false;
	assert_false(expect_met(&list.cells[0].expect, &r, &why));
	assert_contains(text_string(&why), "its erratum excuses nothing: r");
	text_free(&why);
	run_list_free(&list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_fields),
		cmocka_unit_test(reads_skips),
		cmocka_unit_test(reads_defaults),
		cmocka_unit_test(refuses_mistakes),
		cmocka_unit_test(compares_the_census),
		cmocka_unit_test(compares_native_reasons),
		cmocka_unit_test(compares_lines),
		cmocka_unit_test(compares_skips),
		cmocka_unit_test(reads_errata),
		cmocka_unit_test(inverts_what_is_excused),
	};
	return cmocka_run_group_tests_name("run list", tests, scratch_make, scratch_remove);
}
