/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "expect.h"

#include <string.h>

static bool census_met(const struct run_expect *e, const struct report *r, struct text *why)
{
	bool seen[VMI64_CALLS] = { false };
	if (r->census_count != 1 || r->outcome_count != 1 || !r->bind_count) {
		text_addf(why, "no complete census: found %zu census, %zu vmi and %zu bind lines",
			  r->census_count, r->outcome_count, r->bind_count);
		return false;
	}
	bool reason = e->bound_count && !strcmp(r->outcome, "ok");
	for (size_t i = 0; i < e->reasons.count; i++)
		reason |= !strcmp(r->outcome, e->reasons.list[i]);
	if (!reason) {
		text_addf(why, "outcome of the loader: found %s, expected %s", r->outcome,
			  e->bound_count ? "ok (a ROM in use)" : e->reasons.list[0]);
		return false;
	}
	for (size_t i = 0; i < r->bind_count; i++) {
		const struct bind_line *b = &r->binds[i];
		bool want = b->number >= 0 && e->bound[b->number];
		if (want != (b->kind != BIND_NATIVE) && (want || !e->more)) {
			text_addf(why, "slot %s (call %d %s): found %s (%s), expected %s", b->slot,
				  b->number, b->name, b->kind == BIND_NATIVE ? "native" : "bound",
				  b->reason, want ? "bound" : "native");
			return false;
		}
		const char *because = b->number >= 0 ? e->native[b->number] : NULL;
		if (because && strcmp(b->reason, because)) {
			text_addf(why, "slot %s (call %d %s): found native (%s), expected native (%s)",
				  b->slot, b->number, b->name, b->reason, because);
			return false;
		}
		if (b->number >= 0)
			seen[b->number] = true;
	}
	for (int n = 0; n < VMI64_CALLS; n++)
		if ((e->bound[n] || e->native[n]) && !seen[n]) {
			text_addf(why,
				  "call %d %s: found no slot that uses it, expected one that is %s",
				  n, vmi64_calls[n].name, e->bound[n] ? "bound" : "native");
			return false;
		}
	return true;
}

bool expect_name_matches(const char *pattern, const char *name)
{
	size_t length = strcspn(pattern, "*");
	return pattern[length] ? !strncmp(pattern, name, length) : !strcmp(pattern, name);
}

/* Was a test of `pattern` skipped, in this boot or in one before it? */
static bool skipped(const struct report *r, const char *pattern)
{
	for (; r; r = r->before)
		for (size_t i = 0; i < r->skips.count; i++)
			if (expect_name_matches(pattern, r->skips.list[i]))
				return true;
	return false;
}

/* A test that is not run proves nothing: every skip is declared, and nothing else. */
static bool skips_met(const struct run_expect *e, const struct report *report, struct text *why)
{
	size_t unexpected = 0;
	if (e->any_skips)
		return true;
	for (const struct report *r = report; r; r = r->before)
		for (size_t i = 0; i < r->skips.count; i++) {
			size_t k = 0;
			while (k < e->skips.count &&
			       !expect_name_matches(e->skips.list[k], r->skips.list[i]))
				k++;
			if (k == e->skips.count)
				text_addf(why, "%s%s", unexpected++ ? " " : "skipped, but not in "
					  "expect-skipped: ", r->skips.list[i]);
		}
	if (unexpected)
		return false;
	for (size_t i = 0; i < e->skips.count && e->status == VERDICT_GOOD; i++)
		if (!skipped(report, e->skips.list[i])) {
			text_addf(why, "expect-skipped %s: found no such test skipped",
				  e->skips.list[i]);
			return false;
		}
	return true;
}

static bool among(const struct words *lines, const char *prefix, const char *wanted)
{
	struct text line = { 0 };
	bool found = false;
	for (size_t i = 0; i < lines->count && !found; i++) {
		text_free(&line);
		text_addf(&line, "%s%s", prefix, lines->list[i]);
		found = strstr(text_string(&line), wanted);
	}
	text_free(&line);
	return found;
}

static bool in_verdict(const struct cell_result *r, const char *wanted)
{
	struct text line = { 0 };
	text_addf(&line, "verdict: %s: %s", verdict_name(r->verdict), text_string(&r->why));
	bool found = strstr(text_string(&line), wanted);
	text_free(&line);
	return found;
}

/* `wanted` holds no line end, so it cannot match across two lines. */
static bool line_shown(const struct cell_result *r, const char *wanted)
{
	return in_verdict(r, wanted) || strstr(text_string(&r->serial), wanted) || strstr(text_string(&r->errors), wanted) ||
	       among(&r->firmware.notes, "firmware: ", wanted) || among(&r->roms, "rom: ", wanted);
}

static bool all_met(const struct run_expect *e, const struct cell_result *r, struct text *why)
{
	if (r->verdict != e->status) {
		text_addf(why, "verdict: found %s, expected %s: %s", verdict_name(r->verdict),
			  verdict_name(e->status), text_string(&r->why));
		return false;
	}
	if (e->census && !census_met(e, &r->report, why))
		return false;
	for (size_t i = 0; i < e->lines.count; i++)
		if (!line_shown(r, e->lines.list[i])) {
			text_addf(why, "no line contains `%s`", e->lines.list[i]);
			return false;
		}
	return skips_met(e, &r->report, why);
}

bool expect_met(const struct run_expect *e, const struct cell_result *r, struct text *why)
{
	bool met = all_met(e, r, why);
	if (!e->excuse || r->verdict == VERDICT_ENVIRONMENT)
		return met;
	if (met)
		text_addf(why, "it passes, so its erratum excuses nothing: %s", e->excuse);
	else
		text_free(why);
	return !met;
}
