/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a list of cells in parallel and tells how each went. */
#ifndef RUN_MATRIX_H
#define RUN_MATRIX_H

#include <stdio.h>

#include "runlist.h"

struct matrix_options {
	unsigned jobs;      /* how many at once, at least 1 */
	const char *filter; /* only cells whose name contains this, and canaries; NULL = all */
	const char *logs;   /* folder for what each run leaves behind: cell_log.h; NULL = nowhere */
	const char *self;   /* how pvrom is called, for the line that repeats a run */
	FILE *out;
};

/*
 * Runs the canaries, one after the other, then the other cells; prints a line
 * for each and at last `N passed, N failed`.
 *
 * Result: exit status: 0 all passed; 1 some failed; 2 the filter matches
 * nothing, or a canary's environment is broken; 3 interrupted.
 */
int matrix_run(const struct run_list *list, const struct matrix_options *options);

#endif
