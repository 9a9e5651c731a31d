/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts and shares, by call and by caller. */
#include <stdlib.h>
#include <string.h>

#include "run/text.h" /* grow */
#include "trace.h"

struct row {
	uint8_t slot;
	bool wide;
	uint64_t caller;
	size_t count;
	uint64_t ticks;
};

static int by_place(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->wide != y->wide)
		return x->wide < y->wide ? -1 : 1;
	return x->caller < y->caller ? -1 : x->caller > y->caller;
}

static int by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return by_place(a, b);
}

/* Joins equal rows, the most frequent first. Result: how many are left. */
static size_t join(struct row *rows, size_t count)
{
	size_t kept = 0;
	if (count)
		qsort(rows, count, sizeof(*rows), by_place);
	for (size_t i = 0; i < count; i++) {
		if (kept && !by_place(&rows[kept - 1], &rows[i])) {
			rows[kept - 1].count += rows[i].count;
			rows[kept - 1].ticks += rows[i].ticks;
		} else {
			rows[kept++] = rows[i];
		}
	}
	if (kept)
		qsort(rows, kept, sizeof(*rows), by_count);
	return kept;
}

static size_t collect(const struct trace *t, struct row *rows, bool callers)
{
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (e->kind != VMI_TRACE_ENTER)
			continue;
		uint64_t end = e->mate != TRACE_NONE ? t->events[e->mate].tsc : e->tsc;
		rows[count++] = (struct row){ e->slot, e->wide, callers ? trace_caller(e) : 0, 1,
					      end > e->tsc ? end - e->tsc : 0 };
	}
	return join(rows, count);
}

static void print_row(FILE *out, const char *what, const struct row *r, size_t calls,
		      uint64_t ticks)
{
	fprintf(out, "%s %s count=%zu share=%.2f%% ticks=%llu of-ticks=%.2f%%", what,
		trace_name(r->slot, r->wide), r->count, calls ? 100.0 * (double)r->count / (double)calls : 0,
		(unsigned long long)r->ticks, ticks ? 100.0 * (double)r->ticks / (double)ticks : 0);
}

void trace_print_stat(const struct trace *t, const struct trace_style *style, FILE *out)
{
	struct row *rows = grow(NULL, t->count * sizeof(*rows));
	size_t calls = 0, open = 0, cpus = 0;
	bool seen[TRACE_CPUS] = { false };
	uint64_t ticks = 0;
	char symbol[128];
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		cpus += !seen[e->cpu];
		seen[e->cpu] = true;
		calls += e->kind == VMI_TRACE_ENTER;
		open += e->kind == VMI_TRACE_ENTER && e->mate == TRACE_NONE && trace_returns(e->slot, e->wide);
	}
	size_t count = collect(t, rows, false);
	for (size_t i = 0; i < count; i++)
		ticks += rows[i].ticks;
	fprintf(out, "trace records=%zu calls=%zu cpus=%zu boots=%u lost=%zu unordered=%zu "
		     "not-returned=%zu user-mode=%zu problems=%zu\n", t->count, calls, cpus, t->boots,
		t->lost, t->unordered, t->executed ? 0 : open, t->user, t->problems);
	for (size_t i = 0; i < count; i++) {
		print_row(out, "call", &rows[i], calls, ticks);
		fprintf(out, "%s\n", rows[i].wide ? " width=64" : "");
	}
	count = collect(t, rows, true);
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].caller)
			continue;
		print_row(out, "caller", &rows[i], calls, ticks);
		fprintf(out, " from=0x%llx %s\n", (unsigned long long)rows[i].caller,
			trace_symbol(style, rows[i].caller, symbol, sizeof(symbol)));
	}
	free(rows);
}
