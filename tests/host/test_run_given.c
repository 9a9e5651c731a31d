// SPDX-License-Identifier: GPL-2.0-only
/* Run lists that are read for a given ROM: what `given` and `serves` stand for, and nowhere else. */
#include "test_run_scratch.h"

#include "run/expect.h"
#include "run/runlist.h"

static const char list_text[] =
	"run all\n    rom given\n    expect-bound given\n"
	"run some\n    rom given\n    rom other.rom\n    expect-bound given 0 33-35\n    serves 33 36-37\n"
	"run none\n    rom given\n    expect-bound given 0-2\n"
	"run fixed\n    expect-bound 33\n";

static void takes_what_is_given(void **state)
{
	struct run_given given = { .rom = "x/y.rom", .reason = "VMI_E_INIT" };
	struct run_list list;

	(void)state;
	given.bound[33] = given.bound[34] = given.bound[36] = true;
	assert_int_equal(run_list_read_given(&list, scratch_text("list.cfg", list_text), "out", &given), 0);
	const struct run_cell *c = list.cells;
	assert_string_equal(c[0].spec.roms.list[0], "x/y.rom");
	assert_int_equal(c[0].expect.bound_count, 3);
	assert_true(c[0].expect.bound[36] && c[0].expect.census && !c[0].expect.more);
	assert_int_equal(c[0].expect.reasons.count, 0);
	assert_string_equal(c[1].spec.roms.list[1], "out/other.rom");
	assert_int_equal(c[1].expect.bound_count, 2);
	assert_true(c[1].expect.bound[33] && c[1].expect.bound[34] && !c[1].expect.bound[35] &&
		    !c[1].expect.bound[36] && !c[1].expect.bound[0]);
	assert_true(c[1].needs[33] && !c[1].needs[34] && c[1].needs[36] && c[1].needs[37]);
	/* Nothing is left: a native boot. */
	assert_int_equal(c[2].expect.bound_count, 0);
	assert_string_equal(c[2].expect.reasons.list[0], "VMI_E_INIT");
	assert_int_equal(c[3].expect.bound_count, 1);
	run_list_free(&list);
}

/* The other slots' lines: 34 is bound, too. */
static bool met(struct run_list *list, bool both, struct text *why)
{
	struct bind_line binds[] = {
		{ .slot = "a", .number = 33, .kind = BIND_ROM, .reason = "ok" },
		{ .slot = "b", .number = 34, .kind = both ? BIND_ROM : BIND_NATIVE, .reason = "ok" },
	};
	struct cell_result result = { .verdict = VERDICT_GOOD };

	result.report.census_count = result.report.outcome_count = 1;
	strcpy(result.report.outcome, "ok");
	result.report.binds = binds;
	result.report.bind_count = 2;
	text_free(why);
	return expect_met(&list->cells[0].expect, &result, why);
}

static void more_may_be_bound(void **state)
{
	struct run_given given = { .rom = "y.rom", .more = true, .reason = "ok" };
	struct run_list list;
	struct text why = { 0 };

	(void)state;
	given.bound[33] = true;
	const char *path = scratch_text("list.cfg", list_text);
	assert_int_equal(run_list_read_given(&list, path, "out", &given), 0);
	assert_true(met(&list, true, &why) && met(&list, false, &why));
	run_list_free(&list);
	/* But what is given must be. */
	given.bound[34] = true;
	assert_int_equal(run_list_read_given(&list, path, "out", &given), 0);
	assert_true(met(&list, true, &why) && !met(&list, false, &why));
	assert_contains(text_string(&why), "found native (ok), expected bound");
	run_list_free(&list);
	given.bound[34] = given.more = false;
	assert_int_equal(run_list_read_given(&list, path, "out", &given), 0);
	assert_true(!met(&list, true, &why) && met(&list, false, &why));
	run_list_free(&list);
	text_free(&why);
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *error;
		bool given;
	} bad[] = {
		{ "run a\n    rom given\n", ":2: error: rom `given`: expected a file", false },
		{ "run a\n    expect-bound given\n", ":2: error: expect-bound `given`: expected numbers", false },
		{ "run a\n    serves 33\n    expect-bound 33\n", ":2: error: serves `33`: expected no such", false },
		{ "run a\n    serves 49\n    expect-bound 33\n", ":2: error: serves `49`", true },
		{ "run a\n    expect-bound given 49\n", ":2: error: expect-bound ` 49`", true },
		{ "run a\n    expect-bound given none\n", ":2: error: expect-bound ` none`", true },
		{ "run a\n    expect-bound givens\n", ":2: error: expect-bound `givens`", true },
	};
	struct run_given given = { .rom = "y.rom", .reason = "ok" };
	struct run_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *path = scratch_text("list.cfg", bad[i].text);
		capture_stderr();
		int result = run_list_read_given(&list, path, "out", bad[i].given ? &given : NULL);
		const char *error = captured();
		run_list_free(&list);
		if (result != -1 || !strstr(error, bad[i].error))
			fail_msg("result %d, found: %s\nexpected: %s", result, error, bad[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_given),
		cmocka_unit_test(more_may_be_bound),
		cmocka_unit_test(refuses),
	};
	return cmocka_run_group_tests_name("run lists for a given ROM", tests, scratch_make, scratch_remove);
}
