/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest says that its slots became (docs/redesigns.md):
 *
 *   became SLOT bound|native|adapter|no-such-call CALL|- lines=N [# WORDS]
 *   became-sum DESIGN bound=N native=N adapter=N no-such-call=N lines=N
 *
 * bound and adapter: the ROM serves it, directly or through `lines` of the guest's glue.
 */
#ifndef RUN_BECAME_H
#define RUN_BECAME_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum became_kind { BECAME_BOUND, BECAME_NATIVE, BECAME_ADAPTER, BECAME_NO_SUCH_CALL, BECAME_KINDS };
extern const char *const became_names[BECAME_KINDS];

struct became_slot {
	char slot[64];
	char call[32]; /* or - */
	char why[96];  /* or empty */
	enum became_kind kind;
	unsigned lines;
};

/* All zero: the guest says nothing of it. */
struct became {
	struct became_slot *slots;
	size_t count;
	char design[32];
	size_t kinds[BECAME_KINDS], lines; /* by the slots' lines */
	unsigned long long said[BECAME_KINDS], said_lines; /* by the sum's */
	size_t sums;
};

/*
 * Takes a line whose words are `w`, without its comment's. `line` is the whole of it. Result: NULL,
 * or what is wrong with it.
 */
const char *became_line(struct became *b, const char *line, char **w, size_t count);
const char *became_sum_line(struct became *b, char **w, size_t count);

struct report;
/*
 * Does what it says add up, and agree with the bind lines, each slot of which must be there?
 * A guest that says nothing is good. Result: false, with the reason added to `why`.
 */
bool became_agrees(const struct report *report, struct text *why);
void became_free(struct became *b);

#endif
