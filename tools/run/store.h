/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of a matrix in a file, one line a cell, so that a run that was killed can go on.
 *
 * Each line is the hash of its rest, a blank, and a JSON object:
 *   {"format":1,"list":FILE,"shard":I,"shards":N,"cells":COUNT}   first; then, in the list's order,
 *   {"plan":CELL,"inputs":HASH,"shard":I}    each cell of all shards; 0: a canary, which each has
 *   {"cell":CELL,"inputs":HASH,"status":...}   the result of one, see record.h; in any order
 * The plan appears as a whole; each result is written behind it at once and waits for the disk. A
 * line that is cut off or damaged has no right hash and counts for nothing.
 */
#ifndef RUN_STORE_H
#define RUN_STORE_H

#include <stdint.h>
#include <stdio.h>

#include "text.h"

#define STORE_FORMAT 1
#define STORE_LINE_MAX (512u << 10)
#define STORE_FILE "cells.log" /* in a folder of results */

enum result_status { RESULT_NONE, RESULT_PASSED, RESULT_FAILED, RESULT_ENVIRONMENT };

struct store_entry {
	char *cell;
	uint64_t inputs; /* see inputs.h */
	unsigned shard;  /* 0: a canary */
	enum result_status status;
	double seconds;  /* of the result */
	long at;         /* where its object begins in the file */
	size_t size;
};

struct store {
	FILE *file;
	char *path, *list;
	unsigned shard, shards;
	struct store_entry *entries; /* the plan */
	size_t count;
	bool published; /* each result waits for the disk */
	bool good;      /* all that was to be written is */
};

/* "passed", "failed", "environment"; "none" for RESULT_NONE. */
const char *result_status_name(enum result_status status);

/* Begins a plan of `count` cells; the caller fills the entries in, with no result yet. */
void store_start(struct store *store, const char *list, unsigned shard, unsigned shards,
		 size_t count);

/*
 * Writes the plan to a file that becomes `path` with store_publish(), or to one
 * without a name if that is NULL. Result: 0, or -1 after a message.
 */
int store_create(struct store *store, const char *path);
int store_publish(struct store *store);

/* Appends the result of an entry, a JSON object. A fault of the disk is said, and noted in good. */
void store_add(struct store *store, size_t entry, enum result_status status, double seconds,
	       const char *object);

/* The JSON object of an entry's result; free() it. NULL if there is none, or the file changed. */
char *store_get(const struct store *store, size_t entry);

/*
 * Reads a store. Lines that are not whole, results of cells that are not in
 * the plan or that had one already are counted and else ignored.
 *
 * Result: 0, or -1 after a message that names the file, and the line if there is one.
 */
struct store_faults {
	size_t torn, foreign, twice; /* lines */
	int line;                    /* the last one of them */
};
int store_read(struct store *store, const char *path, struct store_faults *faults);
void store_free(struct store *store);

#endif
