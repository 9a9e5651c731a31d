/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spec/pvops/pvops.tsv: every pv_ops slot of many kernels, with its class against VMI 3.0 and
 * the calls that serve it. spec/pvops/README.md describes the columns and the grammar.
 */
#ifndef COVER_PVOPS_H
#define COVER_PVOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi_abi.h"

#define PVOPS_TERMS 8        /* at most so many joined by + */
#define PVOPS_ALTERNATIVES 4 /* at most so many joined by | */

enum pvops_class {
	PVOPS_DIRECT,        /* the call fits as it is */
	PVOPS_ADAPT,         /* one call and a wrapper */
	PVOPS_COMPOSE,       /* a sequence of calls */
	PVOPS_NATIVE,        /* no call: the native instructions are right */
	PVOPS_INEXPRESSIBLE,
	PVOPS_CLASSES,
};
extern const char *const pvops_class_names[PVOPS_CLASSES];

/* What has to be there, as one of a slot's parts: any of these calls. */
struct pvops_term {
	uint8_t calls[PVOPS_ALTERNATIVES];
	uint8_t count;
};

struct pvops_row {
	int line;
	size_t kernel; /* index into pvops.kernels */
	const char *structure, *slot, *signature, *convention, *condition, *calls, *note;
	const char *wants; /* a call or flag that VMI 3.0 lacks and the hook's purpose needs, or NULL */
	enum pvops_class class;
	bool needed; /* inexpressible without its calls: native code will not do */
	bool wide; /* a slot of 64-bit kernels alone */
	struct pvops_term terms[PVOPS_TERMS];
	size_t term_count;
};

struct pvops {
	char *path, *text;
	struct pvops_row *rows; /* a kernel's rows stand together */
	size_t row_count;
	char **made;   /* texts that rows point to, which are not in `text` */
	size_t made_count;
	const char **kernels; /* in the file's order: by age */
	size_t kernel_count;
	size_t left_out; /* rows that were taken away: see cover_keep_wide() */
};

/*
 * Reads `path`. Result: 0; else, after a line `path:line: error: ...` on stderr, 2 if the file
 * cannot be read and 1 if something in it is wrong: a number, class, call or column that does
 * not exist, a slot that stands twice. Free with pvops_free() in every case.
 */
int pvops_read(struct pvops *data, const char *path);
void pvops_free(struct pvops *data);

/* Prints `path:line: error: ` and the message. Result: 1. */
int pvops_error(const struct pvops *data, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Reads row->calls into row->terms. Result: 0, or 1 after a line on stderr. */
int pvops_read_calls(const struct pvops *data, struct pvops_row *row);

/* Index of a kernel by its name, or kernel_count. */
size_t pvops_kernel(const struct pvops *data, const char *name);

/*
 * Reads `path`, what the historic client bound (spec/pvops/vmi_bindings.tsv), and checks that each
 * kernel, slot and call in it exists. Result: as pvops_read(); *rows: how many it has.
 */
int pvops_check_bindings(const struct pvops *data, const char *path, size_t *rows);

#endif
