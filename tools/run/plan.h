/* SPDX-License-Identifier: GPL-2.0-only */
/* Which cells a run of a matrix makes, and the store of their results. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include "matrix.h"
#include "store.h"

struct plan {
	const struct run_cell **cells; /* as the store's entries: of all shards, canaries first */
	size_t *todo;                  /* which of them are to be made here, canaries first */
	size_t todo_count, canaries;   /* canaries among them */
	size_t kept;                   /* results of an earlier run that still count */
	struct store store;
	int lock; /* of the folder of results, or -1 */
};

/*
 * Chooses the cells, takes over what counts of an earlier run, and begins the
 * store. Result: 0, or -1 after a message; plan_free() either way.
 */
int plan_make(struct plan *plan, const struct run_list *list,
	      const struct matrix_options *options);
void plan_free(struct plan *plan);

#endif
