/* SPDX-License-Identifier: GPL-2.0-only */
/* Puts the results of a matrix' shards together. */
#ifndef RUN_MERGE_H
#define RUN_MERGE_H

#include <stddef.h>

/*
 * Merges the stores in the folders `from` into folder `to`, which is made if it
 * is missing, with all forms of results.h. Everything is checked before
 * anything is written: each store whole, all of one plan, each cell with one
 * result, none that is foreign.
 *
 * Result: exit status: 0 all passed; 1 some failed; 2 the stores do not make one
 * whole, with a message for each fault.
 */
int merge_results(char *const from[], size_t count, const char *to);

#endif
