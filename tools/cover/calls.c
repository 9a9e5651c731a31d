/* SPDX-License-Identifier: GPL-2.0-only */
/* The grammar of the column vmi_calls. */
#define _GNU_SOURCE
#include "pvops.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Where the reader is in row->calls. */
struct cursor {
	const struct pvops *data;
	struct pvops_row *row;
	const char *at;
};

static int wrong(const struct cursor *c, const char *expected)
{
	return pvops_error(c->data, c->row->line, "vmi_calls: found `%s`, expected %s", c->at,
			   expected);
}

static bool take(struct cursor *c, const char *word)
{
	if (strncmp(c->at, word, strlen(word)))
		return false;
	c->at += strlen(word);
	return true;
}

/* A number of at most three digits; where there is none, nothing is taken. */
static bool take_number(struct cursor *c, unsigned int *number)
{
	const char *from = c->at;
	*number = 0;
	while (isdigit((unsigned char)*c->at) && c->at - from < 3)
		*number = *number * 10 + (unsigned int)(*c->at++ - '0');
	if (c->at != from && !isdigit((unsigned char)*c->at))
		return true;
	c->at = from;
	return false;
}

/* Passes over `2x ` or `1-3x `, if it stands here. */
static int skip_times(struct cursor *c)
{
	const char *from = c->at;
	unsigned int low, high;
	if (!take_number(c, &low))
		return wrong(c, "the number of a call");
	high = low;
	if (take(c, "-") && (!take_number(c, &high) || high <= low))
		return wrong(c, "a higher number behind it, as in `1-3x`");
	if (take(c, "x "))
		return low ? 0 : wrong(c, "at least once");
	c->at = from;
	return 0;
}

/* NUMBER NAME, as spec/ has both. */
static int take_call(struct cursor *c, struct pvops_term *term)
{
	const char *from = c->at;
	unsigned int number;
	if (!take_number(c, &number) || !take(c, " "))
		return wrong(c, "NUMBER NAME of a call");
	size_t length = strcspn(c->at, "|+() ");
	if (number >= VMI_CALLS || vmi_calls[number].reserved) {
		c->at = from;
		return wrong(c, "a call that spec/ has");
	}
	const char *name = vmi_calls[number].name;
	if (length != strlen(name) || strncmp(c->at, name, length)) {
		c->at = from;
		return pvops_error(c->data, c->row->line,
				   "vmi_calls: found `%s`, expected the name of call %u, %s", from,
				   number, name);
	}
	c->at += length;
	if (term->count == PVOPS_ALTERNATIVES)
		return wrong(c, "no more alternatives");
	term->calls[term->count++] = (uint8_t)number;
	return 0;
}

/* One term: [TIMES] CALL ["|" CALL]... ["(" ARGUMENT ")"]. */
static int take_term(struct cursor *c)
{
	struct pvops_row *row = c->row;
	if (row->term_count == PVOPS_TERMS)
		return wrong(c, "no more terms");
	struct pvops_term *term = &row->terms[row->term_count++];
	*term = (struct pvops_term){ .count = 0 };
	if (skip_times(c))
		return 1;
	do
		if (take_call(c, term))
			return 1;
	while (take(c, "|"));
	if (take(c, "(")) {
		size_t length = strcspn(c->at, "()|+");
		if (!length || c->at[length] != ')')
			return wrong(c, "ARGUMENT)");
		c->at += length + 1;
	}
	return 0;
}

static int take_terms(struct cursor *c)
{
	do
		if (take_term(c))
			return 1;
	while (take(c, "+"));
	return 0;
}

/* `native INSTRUCTION+`, before the calls: the guest's own instruction goes first. */
static int skip_instruction(struct cursor *c)
{
	if (!take(c, "native "))
		return 0;
	size_t length = strspn(c->at, "abcdefghijklmnopqrstuvwxyz0123456789");
	c->at += length;
	return length && take(c, "+") ? 0 : wrong(c, "INSTRUCTION+CALLS behind native");
}

int pvops_read_calls(const struct pvops *data, struct pvops_row *row)
{
	struct cursor c = { data, row, row->calls };
	bool served = row->class != PVOPS_NATIVE && row->class != PVOPS_INEXPRESSIBLE;
	if (!strcmp(c.at, "none"))
		return served ? wrong(&c, "calls, as the class says that some serve the slot") : 0;
	if (!served)
		return wrong(&c, "none, as the class says that no call serves the slot");
	if (take(&c, "get_reloc(")) {
		if (take_terms(&c))
			return 1;
		if (!take(&c, ")"))
			return wrong(&c, "`)`");
	} else if (skip_instruction(&c) || take_terms(&c)) {
		return 1;
	}
	if (*c.at)
		return wrong(&c, "the end of the field");
	if (row->class != PVOPS_COMPOSE && row->term_count > 1)
		return pvops_error(data, row->line, "vmi_calls: found %zu terms, expected one with "
				   "class %s", row->term_count, pvops_class_names[row->class]);
	return 0;
}
