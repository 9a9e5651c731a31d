/* SPDX-License-Identifier: GPL-2.0-only */
/* The JSON object that is kept of a cell's result. Out of memory ends the program with status 2. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "cell.h"
#include "runlist.h"
#include "store.h"

#define RECORD_LOG_MAX (32u << 10) /* bytes of a failed cell's log that are kept and shown */

/* What came out of a cell. */
struct record {
	const struct run_cell *cell;
	uint64_t inputs;
	const struct cell_result *result; /* of the last try */
	enum result_status status;
	unsigned tries;
	const char *why; /* of the status, one line */
	const char *self; /* how pvrom is called, for the line that repeats the run */
};

/*
 * The object as one line: cell, inputs, status, verdict (of the run), why, rules, seconds,
 * tries, repeat (a command line) and, if it did not pass, log. free() it.
 */
char *record_make(const struct record *record);

/* The lines of the run, of a long log the end, safe to print. */
void record_log(const struct cell_result *result, struct text *log);

/* The object as one line of text; free() it. */
char *record_text(const cJSON *object);

/* Adds text of which a path may be part: what is no printable ASCII stands as \xNN in it. */
void record_add_text(cJSON *object, const char *key, const char *text);

/* The member inputs. Result of the second: false if the object has no good one. */
void record_add_hash(cJSON *object, uint64_t hash);
bool record_hash(const cJSON *object, uint64_t *hash);

/* The member status; RESULT_NONE if there is no good one. */
enum result_status record_status(const cJSON *object);

#endif
