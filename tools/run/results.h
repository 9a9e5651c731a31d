/* SPDX-License-Identifier: GPL-2.0-only */
/* A store in the forms that CI systems read. */
#ifndef RUN_RESULTS_H
#define RUN_RESULTS_H

#include "store.h"

enum results_form { RESULTS_TAP, RESULTS_JUNIT, RESULTS_JSON, RESULTS_FORMS };

/* Their files in a folder of results. */

/*
 * Writes the cells of this shard, in the list's order, to a file that appears as
 * a whole. TAP has no line for a cell without a result, so that its count
 * does not meet its plan. Result: 0, or -1 after a message.
 */
int results_write(const struct store *store, enum results_form form, const char *path);

/* The same for a folder: all forms. */
int results_write_all(const struct store *store, const char *folder);

/* Is entry `i` one that this shard runs? */
bool results_mine(const struct store *store, size_t i);

struct results_count {
	size_t passed, failed, missing; /* failed: the environment's errors, too */
};
struct results_count results_count(const struct store *store);

#endif
