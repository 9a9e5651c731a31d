/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest set of calls. Each row asks for terms, each term for one of its calls: terms
 * with one call decide themselves, the few with a choice are searched exhaustively.
 */
#include "cover.h"

#include <stdio.h>
#include <string.h>

#define CHOICES 16 /* distinct terms with a choice that no forced call meets */

const char *const cover_level_names[COVER_LEVELS] = { "expressible", "served", "direct" };

struct search {
	struct cover_abi now, best;
	const struct pvops_term *choices[CHOICES];
	size_t count;
};

static bool asks(const struct pvops_row *row, enum cover_level level)
{
	return level == COVER_SERVED || (level == COVER_EXPRESSIBLE && row->needed) ||
	       (level == COVER_DIRECT && row->class == PVOPS_DIRECT);
}

static void put(struct cover_abi *abi, int call, bool in)
{
	abi->count += (size_t)in - (size_t)abi->call[call];
	abi->call[call] = in;
}

static void search(struct search *s, size_t next, const struct cover_abi *abi)
{
	while (next < s->count && cover_term(s->choices[next], &s->now))
		next++;
	if (s->now.count >= s->best.count)
		return;
	if (next == s->count) {
		s->best = s->now;
		return;
	}
	for (int i = 0; i < s->choices[next]->count; i++) {
		int call = s->choices[next]->calls[i];
		if (!abi->call[call])
			continue;
		put(&s->now, call, true);
		search(s, next + 1, abi);
		put(&s->now, call, false);
	}
}

/* Of the calls of a term, how many the ABI has; *only: one of them. */
static int available(const struct pvops_term *term, const struct cover_abi *abi, int *only)
{
	int found = 0;
	for (int i = 0; i < term->count; i++)
		if (abi->call[term->calls[i]]) {
			*only = term->calls[i];
			found++;
		}
	return found;
}

static bool same_calls(const struct pvops_term *a, const struct pvops_term *b)
{
	return a->count == b->count && !memcmp(a->calls, b->calls, a->count);
}

static int add_choice(struct search *s, const struct pvops *data, const struct pvops_row *row,
		      const struct pvops_term *term)
{
	for (size_t i = 0; i < s->count; i++)
		if (same_calls(s->choices[i], term))
			return 0;
	if (s->count == CHOICES)
		return pvops_error(data, row->line, "found more than %u different choices between "
				   "calls: the search for the minimum is too large", CHOICES);
	s->choices[s->count++] = term;
	return 0;
}

/* The row that fails when `call` is taken out of the set. */
static const struct pvops_row *witness(const struct pvops *data, size_t kernel,
				       const struct cover_abi *abi, const struct cover_abi *set,
				       enum cover_level level, int call)
{
	struct cover_abi without = *set;
	put(&without, call, false);
	for (size_t i = 0; i < data->row_count; i++) {
		const struct pvops_row *row = &data->rows[i];
		if (row->kernel == kernel && asks(row, level) && cover_slot(row, abi).missing < 0 &&
		    cover_slot(row, &without).missing >= 0)
			return row;
	}
	return NULL;
}

int cover_minimum(struct cover_minimum *m, const struct pvops *data, size_t kernel,
		  const struct cover_abi *abi, enum cover_level level)
{
	struct search s = { .best.count = COVER_CALLS + 1 };
	*m = (struct cover_minimum){ .reached = true };
	put(&s.now, VMI_CALL_IRET, true);
	put(&s.now, VMI_CALL_SYSEXIT, true);
	for (int pass = 0; pass < 2; pass++) /* forced calls first, then the choices */
		for (size_t i = 0; i < data->row_count; i++) {
			const struct pvops_row *row = &data->rows[i];
			if (row->kernel != kernel)
				continue;
			bool lost = row->class == PVOPS_INEXPRESSIBLE && level != COVER_DIRECT;
			if (asks(row, level) && cover_slot(row, abi).missing >= 0)
				lost = true;
			m->blocked += lost && !pass;
			for (size_t t = 0; t < row->term_count && asks(row, level) && !lost; t++) {
				int only = -1;
				if (available(&row->terms[t], abi, &only) == 1)
					put(&s.now, only, true);
				else if (pass && !cover_term(&row->terms[t], &s.now) &&
					 add_choice(&s, data, row, &row->terms[t]))
					return 1;
			}
		}
	search(&s, 0, abi);
	m->reached = !m->blocked && abi->call[VMI_CALL_IRET] && abi->call[VMI_CALL_SYSEXIT];
	for (int n = 0; n < COVER_CALLS; n++) {
		m->call[n] = s.best.call[n];
		m->count += m->call[n];
		if (!m->call[n] || n == VMI_CALL_IRET || n == VMI_CALL_SYSEXIT)
			continue;
		m->needs[n] = witness(data, kernel, abi, &s.best, level, n);
		if (!m->needs[n]) {
			fprintf(stderr, "pvrom: error: call %d %s is in the set, but nothing fails "
				"without it\n", n, cover_call_name(n));
			return 1;
		}
	}
	return 0;
}
