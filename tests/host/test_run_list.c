// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run lists: what they may say, each mistake with its line; and comparing a run with what is
 * expected.
 */
#include "test_run_scratch.h"

#include "run/expect.h"
#include "run/runlist.h"

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
		"    canary yes\n    machine q35\n    vga std\n    smp 4\n    timeout 7\n"
		"    rom rom/a.rom\n    rom /b.rom\n    append vmi=off x\n    kernel k.elf\n"
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
	assert_string_equal(c->spec.vga, "std");
	assert_int_equal(c->spec.smp, 4);
	assert_int_equal(c->spec.timeout, 7);
	assert_int_equal(c->spec.roms.count, 2);
	assert_string_equal(c->spec.roms.list[0], "out/rom/a.rom");
	assert_string_equal(c->spec.roms.list[1], "/b.rom");
	assert_string_equal(c->spec.append, "vmi=off x");
	assert_string_equal(c->spec.kernel, "out/k.elf");
	assert_int_equal(c->spec.extra.count, 3);
	assert_string_equal(c->spec.extra.list[2], "-S");
	assert_int_equal(c->expect.bound_count, 5);
	assert_true(c->expect.bound[0] && c->expect.bound[4] && c->expect.bound[33] &&
		    !c->expect.bound[6]);
	assert_int_equal(c->expect.lines.count, 2);
	c = &list.cells[1];
	assert_string_equal(c->spec.machine, "pc");
	assert_string_equal(c->spec.vga, "none");
	assert_int_equal(c->spec.smp, 1);
	assert_int_equal(c->spec.timeout, RUN_TIMEOUT);
	assert_string_equal(c->spec.kernel, "out/guest32.elf");
	assert_true(c->expect.census && !c->expect.bound_count && !c->canary);
	assert_int_equal(c->expect.reasons.count, 2);
	assert_int_equal(list.cells[2].expect.status, VERDICT_FAILED);
	assert_false(list.cells[2].expect.census);
	run_list_free(&list);
}

#define OK "    expect-bound 33\n"

static void refuses_mistakes(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "", "list.cfg: error: no run stands in it" },
		{ "# nothing\n\n", "no run stands in it" },
		{ "    machine pc\n", "list.cfg:1: error: field `machine` stands before" },
		{ "walk a\n" OK, "list.cfg:1: error: unknown kind `walk`" },
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
		{ "run a\n" OK "    vga cirrus\n", ":3: error: vga `cirrus`" },
		{ "run a\n" OK "    smp 0\n", ":3: error: smp `0`: expected 1 to 255" },
		{ "run a\n" OK "    smp 256\n", ":3: error: smp `256`" },
		{ "run a\n" OK "    smp 2x\n", ":3: error: smp `2x`" },
		{ "run a\n" OK "    smp -1\n", ":3: error: smp `-1`" },
		{ "run a\n" OK "    timeout 0\n", ":3: error: timeout `0`" },
		{ "run a\n" OK "    timeout 99999999999999999999\n", ":3: error: timeout `9" },
		{ "run a\n" OK "    timeout 1 2\n", ":3: error: timeout `1 2`" },
		{ "run a\n    expect-bound 74\n", ":2: error: expect-bound `74`" },
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

static void compares_lines(void **state)
{
#define NATIVE "    expect-bound none\n    expect-reason VMI_E_NO_ROM\n"
	(void)state;
	compare(NATIVE "    expect-line why=VMI_E_NO_ROM\n    expect-line firmware: pvrom 1.2\n",
		NATIVE_LOG, "");
	compare(NATIVE "    expect-line VMI_E_NO_ROM\n    expect-line pvrom 1.3\n", NATIVE_LOG,
		"no line contains `pvrom 1.3`");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_fields),
		cmocka_unit_test(refuses_mistakes),
		cmocka_unit_test(compares_the_census),
		cmocka_unit_test(compares_lines),
	};
	return cmocka_run_group_tests_name("run list", tests, scratch_make, scratch_remove);
}
