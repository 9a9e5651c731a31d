/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbered checks of a VMI ROM, for those who write one: `pvrom verify` prints what is found. */
#ifndef VERIFY_H
#define VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "emu/lane.h"

enum verify_check {
	VERIFY_NONE = 0,
#define CHECK(number, name, function, what) VERIFY_##function = (number),
#include "verify/checks.h"
#undef CHECK
	VERIFY_END
};
#define VERIFY_CHECKS (VERIFY_END - 1)

enum verify_result {
	VERIFY_SKIPPED, /* does not apply, or another check failed before it */
	VERIFY_PASSED,
	VERIFY_FAILED,
	VERIFY_BROKEN,  /* the emulator gave no verdict */
};

struct verify_finding {
	enum verify_result result;
	char text[384]; /* why it is not passed; of a passed one a remark, or "" */
};

struct verify_request {
	const uint8_t *bytes; /* the file's */
	size_t size;
	bool emulate;         /* without it the checks that call the ROM are skipped */
	uint64_t seed;        /* of the inputs of entries */
	uint32_t rounds;      /* calls of each entry; at least 1 */
	bool leave_out[VERIFY_CHECKS + 1]; /* by number */
};
#define VERIFY_ROUNDS 240

struct verify_report {
	struct verify_finding check[VERIFY_CHECKS + 1]; /* by number; 0 is unused */
	/* What the checks of entries sum up. Not laned: no entry was called. */
	bool laned;
	struct lane_call call[VMI_CALLS];
};

/* Result: 0, or -1 where memory is out. */
int verify_run(const struct verify_request *request, struct verify_report *report);

/* By number, 1 to VERIFY_CHECKS. */
const char *verify_name(unsigned int number);
const char *verify_what(unsigned int number);
/* The check's number by its number or name, or 0. */
unsigned int verify_find(const char *word);

/* As TAP, or as one JSON object. Result: the exit status that it means: 0, 1 or 3. */
int verify_print_tap(const struct verify_report *report, const char *path, FILE *out);
int verify_print_json(const struct verify_report *report, const char *path, FILE *out);
/* Names come from outside: what does not print stands as ?. */
void verify_print_plain(FILE *out, const char *text);
/* The list of checks as a table of Markdown. */
void verify_print_list(FILE *out);

#endif
