// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts. */
#include "check.h"
#include "console.h"
#include "exit.h"

static uint32_t passed, failed, skipped;

void check(const char *name, bool good, const char *format, ...)
{
	char detail[256];
	va_list arguments;

	if (good) {
		passed++;
		printf("test %s ok\n", name);
		return;
	}
	failed++;
	va_start(arguments, format);
	vsnprintf(detail, sizeof(detail), format, arguments);
	va_end(arguments);
	printf("test %s failed: %s\n", name, detail);
}

void check_equal(const char *name, uint32_t found, uint32_t expected)
{
	check(name, found == expected, "found 0x%x, expected 0x%x", found, expected);
}

void check_skip(const char *name, const char *why)
{
	skipped++;
	printf("test %s skipped: %s\n", name, why);
}

void check_abort(const char *name, const char *why)
{
	failed++;
	printf("test %s error: %s\n", name, why);
	check_end();
}

void check_end(void)
{
	printf("summary %u passed, %u failed, %u skipped\n", passed, failed, skipped);
	guest_exit(passed && !failed ? GUEST_EXIT_GOOD : GUEST_EXIT_FAILED);
}
