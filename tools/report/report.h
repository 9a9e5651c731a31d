/* SPDX-License-Identifier: GPL-2.0-only */
/* The report: one HTML file of what the last runs found, without network or other files. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

#include "cover/pvops.h"

/* A table of tabs, or the results of a matrix, and the command that makes the file. */
struct report_input {
	const char *id, *title, *path, *command;
};

/* Writes `text` with all that HTML gives a meaning escaped; control characters become U+FFFD. */
void report_text(FILE *out, const char *text);

#define REPORT_MAX_FILE (4u << 20)

/*
 * Reads a whole file of at most REPORT_MAX_FILE bytes. *text: to be freed, or NULL where the file
 * is not there. Result: 0; else, after a line on stderr, 1 (too large, not plain, a NUL in it) or 2.
 */
int report_load(const char *path, char **text);
/* The filter ID-rows and the begin of its table, up to the head's first row. `id`: a word. */
void report_begin_table(FILE *out, const char *id, const char *title);

/* The heat map of kernels and slots, and the share of each class by kernel. */
void report_heat(FILE *out, const struct pvops *data);
/* The calls of the ABI, an anchor each. */
void report_calls(FILE *out);
void report_share(FILE *out, const struct pvops *data);

/* A section each; a file that is not there shows as missing, with its command. Result: 0; else 1
 * or 2 after a line on stderr that names file, line and remedy. */
int report_table(FILE *out, const struct report_input *input);
int report_matrix(FILE *out, const struct report_input *input);
/* The census of each guest, and what the slots became in each redesign; path: the folder of runs,
 * in which a run is LIST/CELL.log and its commit LIST/commit. Results as above. */
int report_census(FILE *out, const struct report_input *input);
int report_beside(FILE *out, const struct report_input *input);

/* page.css and page.js, as text. */
extern const char report_css[], report_js[];

#endif
