/* SPDX-License-Identifier: GPL-2.0-only */
/* What axes_parse.c reads and axes.c expands. */
#ifndef RUN_AXES_INTERNAL_H
#define RUN_AXES_INTERNAL_H

#include <stdbool.h>

#include "axes.h"
#include "text.h"

struct axis {
	const char *name;
	int line;
	struct words values;
	bool field; /* sets the field of its name */
	bool used;  /* by a field, a {name} or the condition of one */
};

/* AXIS=VALUE|VALUE or AXIS!=... */
struct axes_condition {
	size_t axis;
	bool differs;
	struct words values;
};

/* A field, `when` with its conditions, or `except`, which has no key. */
struct axes_line {
	int line;
	struct text key;   /* empty: except */
	const char *value; /* of the field; belongs to the stanza, but for when, to `text` */
	struct text text;
	struct axes_condition conditions[AXES_MAX];
	size_t condition_count;
	size_t applied; /* to how many cells */
};

struct axes {
	const struct stanza_file *file;
	const struct stanza *stanza;
	struct axis axes[AXES_MAX];
	size_t axis_count;
	size_t combinations; /* at most RUN_CELLS_MAX */
	struct axes_line *lines;
	size_t line_count;
};

/* Reads the stanza. Result: 0, or -1 after a message; axes_free() either way. */
int axes_parse(struct axes *axes, const struct stanza_file *file, const struct stanza *stanza);
void axes_free(struct axes *axes);

/* The axis that `{name}` at `text` stands for; else axis_count. *size: its characters, or 0. */
size_t axes_placeholder(const struct axes *axes, const char *text, size_t *size);

#endif
