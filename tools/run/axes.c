/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "axes.h"

#include <stdlib.h>
#include <string.h>

#include "axes_internal.h"
#include "runlist_internal.h"

/* The run stanza of one cell as it comes to be. */
struct cell {
	const struct axes *axes;
	size_t at[AXES_MAX]; /* which value of each axis */
	struct stanza_field *fields;
	size_t field_count;
};

static const char *value_of(const struct cell *c, size_t axis)
{
	return c->axes->axes[axis].values.list[c->at[axis]];
}

static bool applies(const struct cell *c, const struct axes_line *line)
{
	for (size_t i = 0; i < line->condition_count; i++) {
		const struct axes_condition *condition = &line->conditions[i];
		if (words_contain(&condition->values, value_of(c, condition->axis)) ==
		    condition->differs)
			return false;
	}
	return true;
}

/* `text` with the values of this cell for each {axis}. */
static void fill(const struct cell *c, const char *text, struct text *out)
{
	while (*text) {
		size_t size, axis = axes_placeholder(c->axes, text, &size);
		if (size)
			text_addf(out, "%s", value_of(c, axis));
		else
			text_add(out, text, 1);
		text += size ? size : 1;
	}
}

/* Fields whose lines add up to one list of words. */
static bool joins(const char *key)
{
	static const char *const keys[] = { "append", "expect-bound", "expect-reason",
					    "expect-skipped" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

/*
 * Adds a field. The last one that has a condition replaces those before it; two without one are
 * both kept, so that the reader of runs refuses them as it does in a run.
 */
static void put(struct cell *c, const char *key, const struct text *value, int line,
		bool conditional)
{
	struct stanza_field *old = NULL;
	struct text copy = { 0 };
	for (size_t i = 0; i < c->field_count; i++)
		if (!strcmp(c->fields[i].key, key))
			old = &c->fields[i];
	if (old && joins(key)) {
		text_addf(&copy, "%s %s", old->value, text_string(value));
	} else if (old && conditional && runlist_key(key) != KEY_MANY) {
		text_addf(&copy, "%s", text_string(value));
	} else {
		struct text name = { 0 };
		text_addf(&name, "%s", key);
		old = &c->fields[c->field_count++];
		*old = (struct stanza_field){ .key = name.bytes };
		text_addf(&copy, "%s", text_string(value));
	}
	free(old->value);
	old->value = copy.bytes;
	old->line = line;
}

static void put_line(struct cell *c, struct axes_line *line)
{
	struct text value = { 0 };
	line->applied++;
	fill(c, line->value, &value);
	put(c, text_string(&line->key), &value, line->line, line->condition_count);
	text_free(&value);
}

/* NAME/value/...; a bare number says what it is the number of. */
static void cell_name(const struct cell *c, struct text *name)
{
	text_addf(name, "%s", c->axes->stanza->words[0]);
	for (size_t i = 0; i < c->axes->axis_count; i++) {
		const char *value = value_of(c, i);
		bool number = !value[strspn(value, "0123456789")];
		text_addf(name, "/%s%s", number ? c->axes->axes[i].name : "", value);
	}
}

static bool excepted(const struct cell *c, struct axes *a)
{
	bool out = false;
	for (size_t i = 0; i < a->line_count; i++)
		if (!a->lines[i].key.size && applies(c, &a->lines[i])) {
			a->lines[i].applied++;
			out = true;
		}
	return out;
}

static int take_cell(struct cell *c, struct axes *a, axes_take *take, void *context)
{
	struct text name = { 0 };
	c->fields = grow(NULL, (a->axis_count + a->line_count) * sizeof(*c->fields));
	c->field_count = 0;
	for (size_t i = 0; i < a->axis_count; i++) {
		struct text value = { 0 };
		text_addf(&value, "%s", value_of(c, i));
		if (a->axes[i].field)
			put(c, a->axes[i].name, &value, a->axes[i].line, false);
		text_free(&value);
	}
	for (size_t i = 0; i < a->line_count; i++)
		if (a->lines[i].key.size && applies(c, &a->lines[i]))
			put_line(c, &a->lines[i]);
	cell_name(c, &name);
	const struct stanza run = { .line = a->stanza->line, .kind = "run", .words = &name.bytes,
				    .word_count = 1, .fields = c->fields,
				    .field_count = c->field_count };
	int result = take(context, &run);
	text_free(&name);
	for (size_t i = 0; i < c->field_count; i++) {
		free(c->fields[i].key);
		free(c->fields[i].value);
	}
	free(c->fields);
	return result;
}

/* The next combination, the last axis first. Result: false if that was the last one. */
static bool turn(struct cell *c)
{
	for (size_t i = c->axes->axis_count; i--;) {
		if (++c->at[i] < c->axes->axes[i].values.count)
			return true;
		c->at[i] = 0;
	}
	return false;
}

static int expand(struct axes *a, size_t room, axes_take *take, void *context)
{
	struct cell c = { .axes = a };
	size_t taken = 0;
	do {
		if (excepted(&c, a))
			continue;
		if (taken++ == room)
			return stanza_error(a->file, a->stanza->line,
					    "the list has more than %d cells", RUN_CELLS_MAX);
		if (take_cell(&c, a, take, context))
			return -1;
	} while (turn(&c));
	if (!taken)
		return stanza_error(a->file, a->stanza->line, "every cell is left out");
	for (size_t i = 0; i < a->line_count; i++)
		if (!a->lines[i].applied)
			return stanza_error(a->file, a->lines[i].line,
					    a->lines[i].key.size ? "this applies to no cell" :
					    "this leaves no further cell out");
	return 0;
}

int axes_expand(const struct stanza_file *file, const struct stanza *matrix, size_t room,
		axes_take *take, void *context)
{
	struct axes axes;
	int result = axes_parse(&axes, file, matrix);
	if (!result)
		result = expand(&axes, room, take, context);
	axes_free(&axes);
	return result;
}
