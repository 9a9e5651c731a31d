/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "stanza/stanza.h" /* stanza_words, stanza_number */
#include "vmi64_abi.h" /* VMI64_CALLS: it has every number of the 32-bit ABI, and its name */

#define CENSUS_VERSION "1"

static void keep(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

/* Notes the first line that breaks the form; one is enough to take the run's word away. */
static void unreadable(struct report *r, const char *what)
{
	if (!*r->unreadable)
		snprintf(r->unreadable, sizeof(r->unreadable), "line %zu of the guest's log: %s",
			 r->lines, what);
}

/* The value of KEY=VALUE if `word` has that key, else NULL. */
static const char *value_of(const char *word, const char *key)
{
	size_t length = strlen(key);
	return !strncmp(word, key, length) && word[length] == '=' ? word + length + 1 : NULL;
}

static bool is_reason(const char *word)
{
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (!strcmp(word, vmi_reasons[i].name))
			return true;
	return false;
}

/* bind SLOT NUMBER NAME rom|nop|native|inline ADDRESS|- call|jump|none why=REASON ... */
static const char *read_bind(struct bind_line *b, char **w, size_t count)
{
	static const char *const kinds[BIND_KINDS] = { "rom", "nop", "native", "inline" };
	unsigned long long number;
	if (count < 8)
		return "a bind line with fewer than 8 words";
	*b = (struct bind_line){ .number = -1 };
	keep(b->slot, sizeof(b->slot), w[1]);
	keep(b->name, sizeof(b->name), w[3]);
	if (strcmp(w[2], "-")) {
		if (!stanza_number(w[2], VMI64_CALLS - 1, &number))
			return "a bind line whose call number does not exist";
		b->number = (int)number;
		if (!vmi64_calls[number].name || strcmp(w[3], vmi64_calls[number].name))
			return "a bind line whose call number and name disagree";
	}
	size_t kind = 0;
	while (kind < BIND_KINDS && strcmp(w[4], kinds[kind]))
		kind++;
	if (kind == BIND_KINDS)
		return "a bind line that is not rom, nop, native or inline";
	b->kind = (enum bind_kind)kind;
	if (strcmp(w[5], "-")) {
		if (!stanza_number(w[5], UINT64_MAX, &number))
			return "a bind line whose address is no number";
		b->address = number;
	}
	bool moves = !strcmp(w[6], "call") || !strcmp(w[6], "jump");
	if (!moves && strcmp(w[6], "none"))
		return "a bind line that is not call, jump or none";
	keep(b->how, sizeof(b->how), w[6]);
	const char *why = value_of(w[7], "why");
	if (!why || !is_reason(why))
		return "a bind line without a known reason (why=)";
	keep(b->reason, sizeof(b->reason), why);
	if (b->kind == BIND_ROM && (!b->address || !moves || b->number < 0))
		return "a slot bound to the ROM without a call, an address or a way to reach it";
	if ((b->kind == BIND_NOP || b->kind == BIND_INLINE) && b->number < 0)
		return "a slot bound to nothing without a call";
	return NULL;
}

static void bind_line(struct report *r, char **words, size_t count)
{
	struct bind_line b;
	const char *wrong = read_bind(&b, words, count);
	if (wrong) {
		unreadable(r, wrong);
		return;
	}
	if (r->bind_count == REPORT_MAX_BINDS) {
		unreadable(r, "more bind lines than a guest can have slots");
		return;
	}
	for (size_t i = 0; i < r->bind_count; i++)
		if (!strcmp(r->binds[i].slot, b.slot)) {
			unreadable(r, "a second bind line for the same slot");
			return;
		}
	if (!r->binds)
		r->binds = grow(NULL, REPORT_MAX_BINDS * sizeof(*r->binds));
	r->binds[r->bind_count++] = b;
	r->kinds[b.kind]++;
}

/* vmi rom ADDRESS VERSION bound=N nop=N native=N [inline=N] | vmi native why=REASON ... */
static void outcome_line(struct report *r, char **w, size_t count)
{
	static const char *const keys[BIND_KINDS] = { "bound", "nop", "native", "inline" };
	r->outcome_count++;
	const char *why = count >= 3 ? value_of(w[2], "why") : NULL;
	if (why && !strcmp(w[1], "native") && is_reason(why) && strcmp(why, "ok")) {
		keep(r->outcome, sizeof(r->outcome), why);
		return;
	}
	bool good = (count == 7 || count == 8) && !strcmp(w[1], "rom");
	for (size_t i = 0; i < count - 4 && good; i++) {
		const char *value = value_of(w[4 + i], keys[i]);
		good = value && stanza_number(value, REPORT_MAX_BINDS, &r->said_binds[i]);
	}
	if (good)
		keep(r->outcome, sizeof(r->outcome), "ok");
	else
		unreadable(r, "a vmi line that is neither `rom ADDRESS VERSION bound=N nop=N "
			      "native=N` nor `native why=REASON`");
}

/* test NAME ok|failed|skipped|error[: detail] */
static void test_line(struct report *r, const char *line, char **w, size_t count)
{
	size_t length = count >= 3 ? strcspn(w[2], ":") : 0;
	bool bare = length && (w[2][length] == ':' || count == 3);
	words_add(&r->tests, line);
	if (r->summary_count)
		unreadable(r, "a test line after the summary");
	if (bare && !strncmp(w[2], "ok", length) && length == 2) {
		r->passed++;
	} else if (bare && !strncmp(w[2], "skipped", length) && length == 7) {
		r->skipped++;
		words_add(&r->skips, w[1]);
	} else if (bare && (!strncmp(w[2], "failed", length) || !strncmp(w[2], "error", length)) &&
		   length == (w[2][0] == 'f' ? 6u : 5u)) {
		r->failed++;
		if (!*r->first_failure)
			keep(r->first_failure, sizeof(r->first_failure), line);
	} else {
		unreadable(r, "a test line that is not NAME ok|failed|skipped|error");
	}
}

/* summary N passed, N failed, N skipped */
static void summary_line(struct report *r, char **w, size_t count)
{
	bool good = count == 7 && stanza_number(w[1], UINT32_MAX, &r->said_passed) &&
		    !strcmp(w[2], "passed,") && stanza_number(w[3], UINT32_MAX, &r->said_failed) &&
		    !strcmp(w[4], "failed,") && stanza_number(w[5], UINT32_MAX, &r->said_skipped) &&
		    !strcmp(w[6], "skipped");
	if (!good)
		unreadable(r, "a summary that is not `N passed, N failed, N skipped`");
	r->summary_count++;
}

/* end shutdown|reboot: the last line of a boot. */
static void end_line(struct report *r, char **w, size_t count)
{
	if (count != 2 || (strcmp(w[1], "shutdown") && strcmp(w[1], "reboot")))
		unreadable(r, "an end that is not `end shutdown` or `end reboot`");
	else if (!r->summary_count)
		unreadable(r, "an end before the summary");
	else
		keep(r->end, sizeof(r->end), w[1]);
}

/* The guest speaks again after its last word: another boot, and no more than one. */
static void next_boot(struct report *r)
{
	if (r->before) {
		unreadable(r, "a third boot");
		return;
	}
	struct report *before = grow(NULL, sizeof(*before));
	*before = *r;
	*r = (struct report){ .lines = before->lines, .before = before };
}

void report_line(struct report *r, const char *line, bool cut)
{
	static const char *const words_we_read[] = { "census",	"vmi",	     "bind", "test",
						     "summary", "exception", "end", "became",
						     "became-sum", "calling" };
	const size_t kinds = sizeof(words_we_read) / sizeof(words_we_read[0]);
	r->lines++;
	*r->calling = 0;
	size_t kind = 0, count, first = strcspn(line, " ");
	if (!strncmp(line, "note ", 5))
		words_add(&r->notes, line + 5);
	while (kind < kinds && (strlen(words_we_read[kind]) != first ||
			    strncmp(words_we_read[kind], line, first)))
		kind++;
	if (kind == kinds)
		return; /* talk */
	if (*r->end)
		next_boot(r);
	if (cut) {
		unreadable(r, "longer than a line may be");
		return;
	}
	char copy[LINE_MAX_CHARS + 1];
	snprintf(copy, sizeof(copy), "%s", line);
	char **w = stanza_words(copy, &count);
	switch (kind) {
	case 0:
		r->census_count++;
		if (count != 2 || strcmp(w[1], CENSUS_VERSION))
			unreadable(r, "a census of another format than " CENSUS_VERSION);
		break;
	case 1:
		outcome_line(r, w, count);
		break;
	case 2:
		bind_line(r, w, count);
		break;
	case 3:
		test_line(r, line, w, count);
		break;
	case 4:
		summary_line(r, w, count);
		break;
	case 5:
		r->crashed = true;
		keep(r->first_failure, sizeof(r->first_failure), line);
		break;
	case 6:
		end_line(r, w, count);
		break;
	case 7:
	case 8: {
		const char *wrong = kind == 7 ? became_line(&r->became, line, w, count) :
						became_sum_line(&r->became, w, count);
		if (wrong)
			unreadable(r, wrong);
		break;
	}
	default: /* calling NAME at ADDRESS: the guest's last words if it does not come back */
		keep(r->calling, sizeof(r->calling), line + first + (line[first] == ' '));
	}
	free(w);
}

void report_free(struct report *report)
{
	if (report->before)
		report_free(report->before);
	free(report->before);
	free(report->binds);
	became_free(&report->became);
	words_free(&report->skips);
	words_free(&report->tests);
	words_free(&report->notes);
	*report = (struct report){ 0 };
}
