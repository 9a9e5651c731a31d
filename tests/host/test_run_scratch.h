/* SPDX-License-Identifier: GPL-2.0-only */
/* For the tests of tools/run: a folder to write in, files in it, and captured stderr. */
#ifndef TEST_RUN_SCRATCH_H
#define TEST_RUN_SCRATCH_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[256]; /* absolute, below build/; made by scratch_make() */

static inline int scratch_make(void **state)
{
	const char *build = getenv("PVROM_BUILD");
	char below[256], base[4096];
	(void)state;
	snprintf(below, sizeof(below), "%s/asan", build ? build : "build");
	if (!realpath(below, base) || strlen(base) > 200)
		return -1;
	snprintf(scratch, sizeof(scratch), "%.200s/scratch.XXXXXX", base);
	return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
	char command[300];
	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", scratch);
	return system(command);
}

/* The path of file `name` in the scratch folder; good until the eighth call after it. */
static inline const char *scratch_path(const char *name)
{
	static char paths[8][512];
	static unsigned next;
	char *path = paths[next++ % 8];
	snprintf(path, 512, "%s/%s", scratch, name);
	return path;
}

static inline const char *scratch_file(const char *name, const void *bytes, size_t size,
				       mode_t mode)
{
	const char *path = scratch_path(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
	return path;
}

static inline const char *scratch_text(const char *name, const char *text)
{
	return scratch_file(name, text, strlen(text), 0600);
}

static inline const char *scratch_script(const char *name, const char *text)
{
	return scratch_file(name, text, strlen(text), 0700);
}

/* Everything written to stderr between these two; the result is good until the next capture. */
static int captured_stderr = -1;

static inline void capture_stderr(void)
{
	int fd = open(scratch_path("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	fflush(stderr);
	captured_stderr = dup(2);
	dup2(fd, 2);
	close(fd);
}

static inline const char *captured(void)
{
	static char text[4096];
	fflush(stderr);
	dup2(captured_stderr, 2);
	close(captured_stderr);
	int fd = open(scratch_path("stderr"), O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	return text;
}

#define assert_contains(text, part) \
	do { \
		if (!strstr(text, part)) \
			fail_msg("found: %s\nexpected in it: %s", text, part); \
	} while (0)

#endif
