/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests that run tools through the shell: exit status, and what they wrote. */
#ifndef SHELL_H
#define SHELL_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static char shell_output[1 << 18]; /* stdout and stderr of the last command */

/*
 * Runs `command`, then `more`, one line in which @ stands for the build folder and ^ for
 * `@/asan/pvrom`. Result: the exit status.
 */
static inline int shell_more(const char *start, const char *more)
{
	const char *build = getenv("PVROM_BUILD");
	char text[2048], command[8192];
	size_t used = 0;

	assert_in_range(snprintf(text, sizeof(text), "%s%s", start, more), 1, sizeof(text) - 1);
	used += (size_t)snprintf(command, sizeof(command), "{ ");
	for (const char *c = text; *c; c++) {
		assert_true(used < sizeof(command) - 300);
		if (*c == '@' || *c == '^')
			used += (size_t)snprintf(command + used, 256, "%s%s",
						 build ? build : "build",
						 *c == '^' ? "/asan/pvrom" : "");
		else
			command[used++] = *c;
	}
	snprintf(command + used, sizeof(command) - used, "; } 2>&1");
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	shell_output[fread(shell_output, 1, sizeof(shell_output) - 1, pipe)] = 0;
	int status = pclose(pipe);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline int shell(const char *command)
{
	return shell_more(command, "");
}

static inline void shell_has(const char *text)
{
	if (!strstr(shell_output, text))
		fail_msg("expected `%s`, found:\n%.4000s", text, shell_output);
}

#endif
