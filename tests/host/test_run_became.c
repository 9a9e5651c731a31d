// SPDX-License-Identifier: GPL-2.0-only
/* What a redesigned guest says of its slots: read, added up, compared with the loader's own lines. */
#include "test_run_scratch.h"

#include "run/report.h"

#define HEAD "census 1\nvmi rom 0x000c0000 3.0 bound=2 nop=0 native=2\n" \
	"bind a 33 IRET rom 0x000c0ffc jump why=ok\nbind b 0 CPUID rom 0x000c0100 call why=ok\n" \
	"bind c - - native - none why=VMI_E_NO_CALL\nbind d 64 APICRead native - none " \
	"why=VMI_E_CALL_NONE\n"
#define A "became a bound IRET lines=0\n"
#define B "became b adapter CPUID lines=7\n"
#define C "became c no-such-call - lines=0 # nothing has it\n"
#define D "became d native APICRead lines=0 # VMI_E_CALL_NONE\n"
#define SUM "became-sum one bound=1 native=1 adapter=1 no-such-call=1 lines=7\n"
#define END "test x ok\nsummary 1 passed, 0 failed, 0 skipped\n"

/* Expects `expected` with `reason` in its text. */
static void check(const char *log, enum verdict expected, const char *reason)
{
	struct report report = { 0 };
	struct text why = { 0 };
	char copy[4096], *rest = copy, *line;
	snprintf(copy, sizeof(copy), "%s%s%s", HEAD, log, END);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			report_line(&report, line, false);
	enum verdict found = report_verdict(&report, END_EXIT, GUEST_STATUS_GOOD, &why);
	if (found != expected || !strstr(text_string(&why), reason))
		fail_msg("found %s: %s\nexpected %s: %s", verdict_name(found), text_string(&why),
			 verdict_name(expected), reason);
	text_free(&why);
	report_free(&report);
}

static void good(void **state)
{
	(void)state;
	check("", VERDICT_GOOD, "1 passed");
	check(A B C D SUM, VERDICT_GOOD, "1 passed");
	/* A slot of the redesign's own has no bind line. */
	check(A B C D "became e no-such-call - lines=0 # port I/O\n"
	      "became-sum one bound=1 native=1 adapter=1 no-such-call=2 lines=7\n",
	      VERDICT_GOOD, "1 passed");
}

static void kept(void **state)
{
	struct report report = { 0 };
	const struct became *b = &report.became;
	char copy[] = B, *rest = copy;
	char sum[] = SUM, *sum_rest = sum;
	(void)state;
	report_line(&report, strsep(&rest, "\n"), false);
	report_line(&report, "became c no-such-call - lines=0 # nothing has it", false);
	report_line(&report, strsep(&sum_rest, "\n"), false);
	assert_int_equal(b->count, 2);
	assert_string_equal(b->slots[0].slot, "b");
	assert_string_equal(b->slots[0].call, "CPUID");
	assert_int_equal(b->slots[0].lines, 7);
	assert_string_equal(b->slots[1].why, "nothing has it");
	assert_int_equal(b->kinds[BECAME_NO_SUCH_CALL], 1);
	assert_string_equal(b->design, "one");
	report_free(&report);
}

static void contradictions(void **state)
{
	(void)state;
	check(A B C D, VERDICT_NONE, "found 0 became-sum lines");
	check(SUM, VERDICT_NONE, "contradict the became-sum");
	check(A B C D SUM SUM, VERDICT_NONE, "found 2 became-sum lines");
	check(A B C D "became-sum one bound=1 native=1 adapter=1 no-such-call=1 lines=8\n", VERDICT_NONE,
	      "7 lines");
	check(A B C "became-sum one bound=1 native=0 adapter=1 no-such-call=1 lines=7\n", VERDICT_NONE,
	      "slot d: found nothing");
	/* The loader says otherwise, or of another call. */
	check(A B C "became d bound APICRead lines=0\n"
	      "became-sum one bound=2 native=0 adapter=1 no-such-call=1 lines=7\n", VERDICT_NONE,
	      "slot d: found bound by its became line, but native (VMI_E_CALL_NONE)");
	check("became a native IRET lines=0\n" B C D
	      "became-sum one bound=0 native=2 adapter=1 no-such-call=1 lines=7\n", VERDICT_NONE,
	      "slot a: found native by its became line, but bound");
	check("became a bound CPUID lines=0\n" B C D SUM, VERDICT_NONE, "slot a: found bound");
	check(A B C "became d no-such-call APICRead lines=0\n"
	      "became-sum one bound=1 native=0 adapter=1 no-such-call=2 lines=7\n", VERDICT_NONE,
	      "slot d: found no-such-call");
}

static void unreadable(void **state)
{
	static const struct { const char *line, *reason; } bad[] = {
		{ "became\n", "not SLOT KIND CALL" },
		{ "became a bound IRET\n", "not SLOT KIND CALL" },
		{ "became a bound IRET lines=0 words\n", "not SLOT KIND CALL" },
		{ "became a better IRET lines=0\n", "not bound, native" },
		{ "became a bound Nonsense lines=0\n", "call that does not exist" },
		{ "became a bound IRET lines=x\n", "without lines=N" },
		{ "became a bound IRET lines=20000\n", "without lines=N" },
		{ "became a bound - lines=0\n", "without a call" },
		{ "became a adapter IRET lines=0\n", "do not fit its kind" },
		{ "became a bound IRET lines=1\n", "do not fit its kind" },
		{ A A, "second became line" },
		{ SUM A, "after the became-sum" },
		{ "became-sum one bound=1\n", "a became-sum that is not" },
		{ "became-sum one bound=1 native=1 adapter=1 no-such-call=1 lines=-1\n",
		  "a became-sum that is not" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(bad[i].line, VERDICT_NONE, bad[i].reason);
}

static void too_many(void **state)
{
	struct report report = { 0 };
	char line[64];
	(void)state;
	for (int i = 0; i <= REPORT_MAX_BINDS; i++) {
		snprintf(line, sizeof(line), "became s%d native - lines=0", i);
		report_line(&report, line, false);
	}
	assert_int_equal(report.became.count, REPORT_MAX_BINDS);
	assert_non_null(strstr(report.unreadable, "more became lines"));
	report_free(&report);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),		  cmocka_unit_test(kept),
		cmocka_unit_test(contradictions), cmocka_unit_test(unreadable),
		cmocka_unit_test(too_many),
	};
	return cmocka_run_group_tests_name("run became", tests, NULL, NULL);
}
