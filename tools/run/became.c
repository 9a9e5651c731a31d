/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "became.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "stanza/stanza.h" /* stanza_number */
#include "vmi64_abi.h"

#define MAX_LINES 10000 /* of glue, for one slot */

const char *const became_names[BECAME_KINDS] = { "bound", "native", "adapter", "no-such-call" };

/* The number of KEY=NUMBER. */
static bool number_of(const char *word, const char *key, unsigned long long max,
		      unsigned long long *number)
{
	size_t length = strlen(key);
	return !strncmp(word, key, length) && word[length] == '=' &&
	       stanza_number(word + length + 1, max, number);
}

static bool is_call(const char *name)
{
	for (int n = 0; n < VMI64_CALLS; n++)
		if (vmi64_calls[n].name && !strcmp(vmi64_calls[n].name, name))
			return true;
	return false;
}

static const struct became_slot *find(const struct became *b, const char *slot)
{
	for (size_t i = 0; i < b->count; i++)
		if (!strcmp(b->slots[i].slot, slot))
			return &b->slots[i];
	return NULL;
}

const char *became_line(struct became *b, const char *line, char **w, size_t count)
{
	struct became_slot s = { 0 };
	unsigned long long lines;
	const char *why = strstr(line, " # ");
	size_t kind = 0;
	if (count < 5 || (count > 5 && strcmp(w[5], "#")))
		return "a became line that is not SLOT KIND CALL lines=N [# WORDS]";
	while (kind < BECAME_KINDS && strcmp(w[2], became_names[kind]))
		kind++;
	if (kind == BECAME_KINDS)
		return "a became line that is not bound, native, adapter or no-such-call";
	if (strcmp(w[3], "-") && !is_call(w[3]))
		return "a became line with a call that does not exist";
	if (!number_of(w[4], "lines", MAX_LINES, &lines))
		return "a became line without lines=N";
	s.kind = (enum became_kind)kind;
	if ((s.kind == BECAME_BOUND || s.kind == BECAME_ADAPTER) && !strcmp(w[3], "-"))
		return "a slot that became bound or adapter without a call";
	if ((s.kind == BECAME_ADAPTER) != (lines > 0))
		return "a became line whose lines of glue do not fit its kind: an adapter has some, "
		       "and nothing else has";
	if (find(b, w[1]))
		return "a second became line for the same slot";
	if (b->sums)
		return "a became line after the became-sum";
	if (b->count == REPORT_MAX_BINDS)
		return "more became lines than a guest can have slots";
	s.lines = (unsigned)lines;
	snprintf(s.slot, sizeof(s.slot), "%s", w[1]);
	snprintf(s.call, sizeof(s.call), "%s", w[3]);
	snprintf(s.why, sizeof(s.why), "%s", why ? why + 3 : "");
	if (!b->slots)
		b->slots = grow(NULL, REPORT_MAX_BINDS * sizeof(*b->slots));
	b->slots[b->count++] = s;
	b->kinds[kind]++;
	b->lines += s.lines;
	return NULL;
}

const char *became_sum_line(struct became *b, char **w, size_t count)
{
	bool good = count == 3 + BECAME_KINDS;
	for (size_t kind = 0; good && kind < BECAME_KINDS; kind++)
		good = number_of(w[2 + kind], became_names[kind], REPORT_MAX_BINDS, &b->said[kind]);
	good = good && number_of(w[2 + BECAME_KINDS], "lines", REPORT_MAX_BINDS * MAX_LINES,
				 &b->said_lines);
	b->sums++;
	if (!good)
		return "a became-sum that is not DESIGN bound=N native=N adapter=N no-such-call=N "
		       "lines=N";
	snprintf(b->design, sizeof(b->design), "%s", w[1]);
	return NULL;
}

static bool adds_up(const struct became *b)
{
	bool same = b->lines == b->said_lines;
	for (size_t kind = 0; kind < BECAME_KINDS; kind++)
		same &= b->kinds[kind] == b->said[kind];
	return same;
}

/* Is the ROM in the slot, by the loader, if and only if it is by the guest? */
static bool agrees(const struct bind_line *bind, const struct became_slot *s)
{
	bool served = s->kind == BECAME_BOUND || s->kind == BECAME_ADAPTER;
	bool no_call = !strcmp(bind->reason, "VMI_E_NO_CALL");
	if (s->kind == BECAME_NO_SUCH_CALL)
		return bind->kind == BIND_NATIVE && (no_call || bind->number < 0);
	return served == (bind->kind != BIND_NATIVE) && (!served || !strcmp(bind->name, s->call));
}

bool became_agrees(const struct report *r, struct text *why)
{
	const struct became *b = &r->became;
	if (!b->count && !b->sums)
		return true;
	if (b->sums != 1) {
		text_addf(why, "found %zu became-sum lines, expected 1", b->sums);
		return false;
	}
	if (!adds_up(b)) {
		text_addf(why, "the became lines contradict the became-sum: found %zu bound, %zu "
			  "native, %zu adapter, %zu no-such-call, %zu lines", b->kinds[BECAME_BOUND],
			  b->kinds[BECAME_NATIVE], b->kinds[BECAME_ADAPTER],
			  b->kinds[BECAME_NO_SUCH_CALL], b->lines);
		return false;
	}
	for (size_t i = 0; i < r->bind_count; i++) {
		const struct became_slot *s = find(b, r->binds[i].slot);
		if (s && agrees(&r->binds[i], s))
			continue;
		text_addf(why, "slot %s: found %s by its became line, but %s (%s) by its bind line",
			  r->binds[i].slot, s ? became_names[s->kind] : "nothing",
			  r->binds[i].kind == BIND_NATIVE ? "native" : "bound", r->binds[i].reason);
		return false;
	}
	return true;
}

void became_free(struct became *b)
{
	free(b->slots);
	*b = (struct became){ 0 };
}
