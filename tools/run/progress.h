/* SPDX-License-Identifier: GPL-2.0-only */
/* On a terminal: how far a matrix is, in one line below the others. */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

struct progress {
	FILE *out;
	bool terminal;
	double begin; /* seconds of the monotonic clock */
	size_t all, done, failed;
};

double progress_now(void);
/* `all`: how many runs are to be made. */
void progress_start(struct progress *progress, FILE *out, size_t all);
void progress_wipe(const struct progress *progress);
void progress_show(const struct progress *progress);
/* The line that progress_show() would print, into `line` of `size`. */
void progress_line(const struct progress *progress, double now, char *line, size_t size);

#endif
