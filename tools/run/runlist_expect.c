/* SPDX-License-Identifier: GPL-2.0-only */
/* The fields of a run list that say what must be seen. */
#define _GNU_SOURCE
#include "runlist_internal.h"

#include "rules.h"

#include <stdlib.h>
#include <string.h>

int runlist_wrong(const struct place *p, const char *what)
{
	return stanza_error(p->file, p->field->line, "%s `%s`: expected %s", p->field->key,
			    p->field->value, what);
}

int runlist_each_word(const struct place *p, struct run_cell *c, const char *what,
		     bool (*take)(struct run_cell *, char *))
{
	struct text copy = { 0 };
	size_t count;
	text_addf(&copy, "%s", p->field->value);
	char **words = stanza_words(copy.bytes, &count);
	int result = 0;
	for (size_t i = 0; i < count && !result; i++)
		if (!take(c, words[i]))
			result = runlist_wrong(p, what);
	free(words);
	text_free(&copy);
	return result;
}

int runlist_status(const struct place *p, struct run_cell *c)
{
	static const enum verdict allowed[] = { VERDICT_GOOD, VERDICT_FAILED, VERDICT_NONE };
	for (size_t i = 0; i < 3; i++)
		if (!strcmp(p->field->value, verdict_name(allowed[i]))) {
			c->expect.status = allowed[i];
			return 0;
		}
	return runlist_wrong(p, "good, failed or none");
}

/* N or N-M, each a call that exists in one width at least. */
static bool call_range(char *word, unsigned *first, unsigned *last)
{
	unsigned long long from, to;
	char *dash = strchr(word, '-');
	if (dash)
		*dash++ = 0;
	if (!stanza_number(word, VMI64_CALLS - 1, &from) ||
	    !stanza_number(dash ? dash : word, VMI64_CALLS - 1, &to) || to < from)
		return false;
	*first = (unsigned)from;
	*last = (unsigned)to;
	for (; from <= to; from++)
		if (vmi64_calls[from].reserved && (from >= VMI_CALLS || vmi_calls[from].reserved))
			return false;
	return true;
}

/* Each a call that was not named before. */
static bool take_bound(struct run_cell *c, char *word)
{
	unsigned first, last;
	if (!call_range(word, &first, &last))
		return false;
	for (; first <= last; first++) {
		if (c->expect.bound[first])
			return false;
		c->expect.bound[first] = true;
		c->expect.bound_count++;
	}
	return true;
}

static int read_numbers(const struct place *p, struct run_cell *c)
{
	return runlist_each_word(p, c, "call numbers that exist, each once, as in `0 3-25 33`, or none",
				 take_bound);
}

/* Of the calls that were named, or of all, those that the given ROM serves. */
static void keep_given(const struct run_given *given, bool named, struct run_expect *e)
{
	e->bound_count = 0;
	for (int n = 0; n < VMI64_CALLS; n++) {
		e->bound[n] = given->bound[n] && (!named || e->bound[n]);
		e->bound_count += e->bound[n];
	}
	e->more = given->more;
	if (!e->bound_count)
		words_add(&e->reasons, given->reason);
}

int runlist_bound(const struct place *p, struct run_cell *c)
{
	const size_t length = strlen("given");
	struct stanza_field numbers = *p->field;
	struct place place = *p;
	c->expect.census = true;
	if (!strcmp(numbers.value, "none"))
		return 0;
	if (strncmp(numbers.value, "given", length) ||
	    (numbers.value[length] && numbers.value[length] != ' '))
		return read_numbers(p, c);
	if (!p->given)
		return runlist_wrong(p, "numbers: this list is read without a ROM of its own");
	numbers.value += length;
	place.field = &numbers;
	if (read_numbers(&place, c))
		return -1;
	keep_given(p->given, *numbers.value, &c->expect);
	return 0;
}

static bool take_needed(struct run_cell *c, char *word)
{
	unsigned first, last;
	if (!call_range(word, &first, &last))
		return false;
	for (; first <= last; first++)
		c->needs[first] = true;
	return true;
}

int runlist_serves(const struct place *p, struct run_cell *c)
{
	if (!p->given)
		return runlist_wrong(p, "no such field: this list is read without a ROM of its own");
	return runlist_each_word(p, c, "call numbers that exist", take_needed);
}

/* The same word as spec/reasons.abi has it, or NULL. */
static const char *find_reason(const char *word)
{
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (!strcmp(word, vmi_reasons[i].name))
			return vmi_reasons[i].name;
	return NULL;
}

static bool take_reason(struct run_cell *c, char *word)
{
	if (!find_reason(word))
		return false;
	words_add(&c->expect.reasons, word);
	return true;
}

int runlist_reason(const struct place *p, struct run_cell *c)
{
	return runlist_each_word(p, c, "reasons of spec/reasons.abi", take_reason);
}

/* A reason counts for the calls before it that have none yet; each call may stand in one line. */
static bool take_native(struct run_cell *c, char *word)
{
	unsigned first, last;
	const char *reason = find_reason(word);
	if (reason && strcmp(reason, "ok")) {
		bool any = false;
		for (int n = 0; n < VMI64_CALLS; n++)
			if (c->expect.native[n] && !*c->expect.native[n]) {
				c->expect.native[n] = reason;
				any = true;
			}
		return any;
	}
	if (!call_range(word, &first, &last))
		return false;
	for (; first <= last; first++)
		if (!c->expect.native[first])
			c->expect.native[first] = "";
	return true;
}

int runlist_native(const struct place *p, struct run_cell *c)
{
	int result = runlist_each_word(p, c, "call numbers that exist, then a reason", take_native);
	for (int n = 0; n < VMI64_CALLS && !result; n++)
		if (c->expect.native[n] && !*c->expect.native[n])
			result = runlist_wrong(p, "a reason behind the call numbers");
	return result;
}

static bool take_rule(struct run_cell *c, char *word)
{
	const struct rule *rule = rule_find(word);
	if (!rule || words_contain(&c->rules, rule->name))
		return false;
	words_add(&c->rules, rule->name);
	return true;
}

int runlist_rule(const struct place *p, struct run_cell *c)
{
	return runlist_each_word(p, c,
			 "numbers of docs/negotiation.md, or DOCUMENT.NUMBER of another one with a "
			 "table of rules, each once", take_rule);
}

int runlist_line(const struct place *p, struct run_cell *c)
{
	words_add(&c->expect.lines, p->field->value);
	return 0;
}

/* A name, or a beginning with one * behind, that was not named before; none, any and default are not. */
static bool take_skipped(struct run_cell *c, char *word)
{
	const char *star = strchr(word, '*');
	for (size_t i = 0; i < c->expect.skips.count; i++)
		if (!strcmp(c->expect.skips.list[i], word))
			return false;
	words_add(&c->expect.skips, word);
	return star != word && (!star || !star[1]) && strcmp(word, "none") && strcmp(word, "any") &&
	       strcmp(word, "default");
}

int runlist_skipped(const struct place *p, struct run_cell *c)
{
	const char *text = p->field->value, *rest = text + strlen("default");
	struct stanza_field names = *p->field;
	struct place place = *p;
	if (!strcmp(text, "none"))
		return 0;
	if (!strcmp(text, "any")) {
		c->expect.any_skips = true;
		return 0;
	}
	place.field = &names;
	if (!strncmp(text, "default", strlen("default")) && (*rest == ' ' || !*rest)) {
		if (!p->skips->count)
			return runlist_wrong(p, "names: there is no default");
		for (size_t i = 0; i < p->skips->count; i++)
			words_add(&c->expect.skips, p->skips->list[i]);
		names.value += strlen("default");
	}
	return runlist_each_word(&place, c,
			 "names of tests, each once, as in `smp.flush msr.*`, default before "
			 "them, or none, or any",
			 take_skipped);
}
