/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a ROM keeps of the ABI, as a statement that others can repeat: every check of verify,
 * every call in the emulated processor, every test of the guests in QEMU, and the level that
 * all that adds up to. `pvrom conform` prints it.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <stdbool.h>
#include <stdio.h>

#include "run/text.h"
#include "verify/verify.h"

/* Beside the guests: pvrom_folder(). */
#define CONFORM_LEVELS "conform/levels.cfg"
#define CONFORM_RUNS   "conform/runs.cfg"
#define CONFORM_RUNS64 "conform/runs64.cfg"
#define CONFORM_LEVELS_MAX 16

struct conform_level {
	char *name, *summary;
	struct words guest;      /* tests that concern it and higher levels only */
	/* Judged: */
	bool reached;
	bool missing[VMI_CALLS]; /* calls that it needs */
	struct words failed;     /* checks that concern it and no lower level: `C17 SetCR3` */
};

struct conform_levels {
	struct conform_level level[CONFORM_LEVELS_MAX]; /* the lowest first */
	size_t count;
	size_t of_call[VMI_CALLS]; /* an index, or CONFORM_OPTIONAL */
	bool summed[VERIFY_CHECKS + 1];
};
#define CONFORM_OPTIONAL CONFORM_LEVELS_MAX

/*
 * Reads the levels. Result: 0, or -1 after `path:line: error: ...` on stderr. Free with
 * conform_levels_free() either way.
 */
int conform_levels_read(struct conform_levels *levels, const char *path);
void conform_levels_free(struct conform_levels *levels);
/* Index of the level, or levels->count. */
size_t conform_find_level(const struct conform_levels *levels, const char *name);

enum conform_kind {
	CONFORM_VERIFY, /* V: a check of verify, by its number */
	CONFORM_CALL,   /* C: a call in the emulated processor, by its number */
	CONFORM_GUEST,  /* G: a test inside a guest, over all runs */
	CONFORM_RUN,    /* M: a run: boot, what is bound, end; numbered through both run lists */
};

struct conform_check {
	enum conform_kind kind;
	unsigned int number; /* 0 for a test of a guest */
	char *name;
	enum verify_result result;
	struct text text;    /* as verify_finding.text */
	size_t level;        /* the lowest that it concerns; CONFORM_OPTIONAL: none */
};

struct conform_request {
	const char *path;     /* of the ROM, for people */
	const uint8_t *bytes; /* the file's */
	size_t size;          /* at least 1 */
	uint64_t seed;        /* of the inputs of entries */
	uint32_t rounds;      /* calls of each entry; at least 1 */
	bool leave_out[VERIFY_CHECKS + 1]; /* checks of verify that may fail, by number */
	bool qemu;            /* without it no guest is booted */
	const char *filter;   /* only runs whose name contains this; NULL = all */
	unsigned int jobs;    /* runs at once, at least 1 */
	const char *folder;   /* of guests and run list */
	const char *version;  /* of pvrom */
};

struct conform_statement {
	const struct conform_request *request;
	struct conform_levels *levels;
	struct conform_check *checks;
	size_t count;
	unsigned int major, minor;      /* the ROM's version; 0.0 if it has none */
	bool provided[VMI_CALLS];
	size_t level;                   /* levels reached: 0 = none */
};

/*
 * Makes every check and judges. Whatever the ROM does is done in a process of its own or in
 * QEMU, each with a limit. Result: 0, or the exit status 2 or 3 after a line on
 * stderr where there is no statement. Free with conform_free() either way.
 */
int conform_run(const struct conform_request *request, struct conform_levels *levels,
		struct conform_statement *statement);
void conform_free(struct conform_statement *statement);

/* Letter and number, as C17; a test of a guest has the letter alone. */
void conform_id(const struct conform_check *check, struct text *id);
size_t conform_tally(const struct conform_statement *statement, enum verify_result result);

/* As lines, or as one JSON object. Result: 0, or -1 where memory is out. */
int conform_print_text(const struct conform_statement *statement, FILE *out);
int conform_print_json(const struct conform_statement *statement, FILE *out);

#endif
