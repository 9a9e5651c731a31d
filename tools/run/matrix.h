/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a list of cells in parallel and tells how each went. */
#ifndef RUN_MATRIX_H
#define RUN_MATRIX_H

#include <stdio.h>

#include "results.h"
#include "runlist.h"

struct matrix_options {
	unsigned jobs;      /* how many at once, at least 1 */
	const char *list;   /* the run list's path, as it is named in results */
	const char *filter; /* only cells whose name contains this, and canaries; NULL = all */
	unsigned shard, shards; /* of the cells, canaries aside, each `shards`th, from 1 */
	const char *folder; /* where results are kept, or NULL */
	bool resume;        /* spares what has a result in `folder` */
	bool only_failed;   /* makes only what failed by the results in `folder` */
	bool verbose;       /* says of each cell how to repeat it */
	const char *reports[RESULTS_FORMS]; /* files, or NULL */
	const char *logs;   /* folder for what each run leaves behind: cell_log.h; NULL = nowhere */
	const char *self;   /* how pvrom is called, for the line that repeats a run */
	FILE *out;
};

/*
 * Runs the canaries, one after the other, then the other cells; prints a line
 * for each, how long all took, and at last `N passed, N failed`, which counts
 * results of earlier runs that are kept. A run that could not be made (QEMU
 * did not start) is tried once more, a failed one never.
 *
 * Result: exit status: 0 all passed; 1 some failed; 2 the filter matches
 * nothing, a canary's environment is broken, or results cannot be written;
 * 3 interrupted, or a cell is left without a result.
 */
int matrix_run(const struct run_list *list, const struct matrix_options *options);

/* What a cell is and expects, and the line that repeats it. */
void matrix_describe(const struct run_cell *cell, const struct matrix_options *options);

#endif
