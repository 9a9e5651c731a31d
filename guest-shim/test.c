// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts of in-guest tests. */
#include "test.h"
#include "console.h"
#include "coverage.h"
#include "cpu.h"
#include "memory.h"

#define DETAIL_SIZE 160

/* In order of severity. */
enum verdict { NOTHING, OK, SKIPPED, FAILED, ERROR };

static struct {
	const char *name;
	enum verdict verdict;
	char detail[DETAIL_SIZE];
	unsigned checks;
} now;
static unsigned passed, failed, skipped;
extern const struct test tests_start[], tests_end[]; /* guest.ld */

/* The first word of the highest severity stays. */
static void say(enum verdict verdict, const char *format, va_list arguments)
{
	if (verdict <= now.verdict)
		return;
	now.verdict = verdict;
	vsnprintf(now.detail, sizeof(now.detail), format, arguments);
}

bool test_check(bool condition, const char *format, ...)
{
	va_list arguments;

	now.checks++;
	if (condition)
		return true;
	va_start(arguments, format);
	say(FAILED, format, arguments);
	va_end(arguments);
	return false;
}

bool test_check_equal(const char *what, uint64_t found, uint64_t expected)
{
	return test_check(found == expected, "%s: found 0x%llx, expected 0x%llx", what,
			  (unsigned long long)found, (unsigned long long)expected);
}

#define SAY(function, verdict) \
	void function(const char *format, ...) \
	{ \
		va_list arguments; \
		va_start(arguments, format); \
		say(verdict, format, arguments); \
		va_end(arguments); \
	}
SAY(test_skip, SKIPPED)
SAY(test_error, ERROR)

void test_note(const char *format, ...)
{
	va_list arguments;

	if (now.verdict != NOTHING)
		return;
	va_start(arguments, format);
	vsnprintf(now.detail, sizeof(now.detail), format, arguments);
	va_end(arguments);
}

void test_begin(const char *name)
{
	memset(&now, 0, sizeof(now));
	now.name = name;
}

void test_end(void)
{
	static const char *const words[] = { "error", "ok", "skipped", "failed", "error" };

	if (now.verdict == NOTHING && now.checks)
		now.verdict = OK;
	if (now.verdict == NOTHING)
		snprintf(now.detail, sizeof(now.detail), "the test said nothing");
	if (now.verdict == OK)
		passed++;
	else if (now.verdict == SKIPPED)
		skipped++;
	else
		failed++;
	printf("test %s %s%s%s\n", now.name, words[now.verdict], *now.detail ? ": " : "", now.detail);
}

void test_run_all(const char *prefix)
{
	bool any = false;

	for (const struct test *t = tests_start; t < tests_end; t++) {
		if (prefix && !starts_with(t->name, prefix))
			continue;
		any = true;
		test_begin(t->name);
		t->run();
		raw_cli(); /* whatever a broken slot left behind */
		test_end();
		if (now.verdict == OK)
			coverage_test(t);
	}
	if (!any) {
		test_begin("filter");
		test_error("no test's name begins with `%s`", prefix ? prefix : "");
		test_end();
	}
}

bool test_summary(void)
{
	printf("summary %u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return passed && !failed;
}

bool test_covers(int call)
{
	for (const struct test *t = tests_start; t < tests_end; t++)
		for (const int16_t *c = t->calls; *c >= 0; c++)
			if (*c == call)
				return true;
	return false;
}
