/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In-guest tests. A test is a function in tests/guest/ that states facts with CHECK;
 * the most severe thing that was said becomes its one verdict line:
 *
 *   test NAME ok|failed|skipped|error[: detail]
 *
 * failed: the subject is wrong. error: the test could not do its work, or said nothing.
 */
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stdint.h>

struct test {
	const char *name;
	void (*run)(void);
	const int16_t *calls; /* the VMI calls that it covers, ended by -1 */
};

/* Registers `function` as test `title` (a string without blanks), covering the calls named. */
#define TEST(function, title, ...) \
	static void function(void); \
	static const int16_t function##_calls[] = { __VA_ARGS__ __VA_OPT__(,) -1 }; \
	static const struct test function##_test \
		__attribute__((section(".tests"), used, no_reorder, aligned(4))) = \
		{ title, function, function##_calls }; \
	static void function(void)

/* States that `condition` holds; if it does not, the test has failed for the reason given. */
#define CHECK(condition, ...) test_check((condition), __VA_ARGS__)
/* States that a value is as expected; `what` names it. */
#define CHECK_EQ(what, found, expected) test_check_equal(what, (found), (expected))
/* Ends the test: what it needs does not exist on this machine. */
#define SKIP(...) do { test_skip(__VA_ARGS__); return; } while (0)

bool test_check(bool condition, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool test_check_equal(const char *what, uint64_t found, uint64_t expected);
void test_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));
void test_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A detail for the verdict line of a test that passes. */
void test_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One test by hand, where there is no function for it: begin, CHECK, end. */
void test_begin(const char *name);
void test_end(void);

/* Runs every registered test whose name starts with `prefix` (NULL = all). */
void test_run_all(const char *prefix);
/* Prints the summary; true if something passed and nothing failed. */
bool test_summary(void);
/* Whether a registered test covers `call`. */
bool test_covers(int call);

#endif
