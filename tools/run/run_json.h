/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as one JSON document; docs/run-json.md lists the keys. */
#ifndef RUN_JSON_H
#define RUN_JSON_H

#include "cell.h"

#define RUN_JSON_FORMAT 1 /* raised when a key changes its meaning or goes */

/*
 * Adds the document of a run, and a line end, to `to`. `version`: of pvrom. `result` may be
 * NULL: a run that was not made, of which only the command is told. Numbers of addresses are
 * strings of hex digits; bytes that are no UTF-8 stand as \xNN. Equal runs with
 * --repeat-exactly give equal documents.
 */
void run_json(const struct run_spec *spec, const struct cell_result *result, const char *version,
	      struct text *to);

#endif
