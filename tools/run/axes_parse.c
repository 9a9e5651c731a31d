/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a matrix stanza: its axes, what is left out, and its fields with their conditions. */
#define _GNU_SOURCE
#include "axes_internal.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "runlist_internal.h"

#define NAME_FIRST "abcdefghijklmnopqrstuvwxyz"
#define NAME NAME_FIRST "0123456789-"

static bool is_name(const char *text, size_t size)
{
	return size && strchr(NAME_FIRST, *text) && strspn(text, NAME) >= size;
}

static size_t find_axis(const struct axes *a, const char *name, size_t size)
{
	size_t i = 0;
	while (i < a->axis_count && (strlen(a->axes[i].name) != size ||
				     strncmp(a->axes[i].name, name, size)))
		i++;
	return i;
}

size_t axes_placeholder(const struct axes *a, const char *text, size_t *size)
{
	const char *end = *text == '{' ? strchr(text, '}') : NULL;
	*size = 0;
	if (!end || !is_name(text + 1, (size_t)(end - text - 1)))
		return a->axis_count;
	*size = (size_t)(end - text + 1);
	return find_axis(a, text + 1, *size - 2);
}

/* FIRST..LAST stands for the numbers from one to the other, any other word for itself. */
static int add_value(const struct axes *a, int line, const char *word, struct words *values)
{
	unsigned long long first, last;
	const char *dots = strstr(word, "..");
	struct text from = { 0 };
	text_add(&from, word, dots ? (size_t)(dots - word) : 0);
	bool range = dots && stanza_number(text_string(&from), ~0ull, &first) &&
		     stanza_number(dots + 2, ~0ull, &last);
	text_free(&from);
	if (!range) {
		words_add(values, word);
		return 0;
	}
	if (last < first || last - first >= RUN_CELLS_MAX)
		return stanza_error(a->file, line, "range `%s`: expected 1 to %d numbers", word,
				    RUN_CELLS_MAX);
	for (unsigned long long n = first; n <= last; n++)
		words_addf(values, "%llu", n);
	return 0;
}

static int compare_values(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_value(void *value)
{
	(void)value;
}

static int add_axis_values(struct axes *a, struct axis *axis, char **words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i][strcspn(words[i], "|{}")])
			return stanza_error(a->file, axis->line,
					    "axis `%s`: a value `%s` cannot contain | { or }",
					    axis->name, words[i]);
		if (add_value(a, axis->line, words[i], &axis->values))
			return -1;
		if (axis->values.count > RUN_CELLS_MAX)
			return stanza_error(a->file, axis->line,
					    "axis `%s` has more than %d values", axis->name,
					    RUN_CELLS_MAX);
	}
	void *seen = NULL; /* see tsearch() */
	const char *twice = NULL;
	for (size_t i = 0; i < axis->values.count && !twice; i++) {
		char **first = tsearch(axis->values.list[i], &seen, compare_values);
		twice = *first == axis->values.list[i] ? NULL : *first;
	}
	tdestroy(seen, keep_value);
	return twice ? stanza_error(a->file, axis->line, "axis `%s` has the value `%s` twice",
				    axis->name, twice) : 0;
}

static int parse_axis(struct axes *a, const struct stanza_field *f)
{
	struct text copy = { 0 };
	size_t count, size = strcspn(f->value, " \t");
	if (!is_name(f->value, size))
		return stanza_error(a->file, f->line,
				    "axis `%s`: expected a name of a-z, 0-9 and -, and values",
				    f->value);
	if (a->axis_count == AXES_MAX)
		return stanza_error(a->file, f->line, "found more than %d axes", AXES_MAX);
	size_t old = find_axis(a, f->value, size);
	if (old < a->axis_count)
		return stanza_error(a->file, f->line, "axis `%s` stands in line %d already",
				    a->axes[old].name, a->axes[old].line);
	struct axis *axis = &a->axes[a->axis_count++];
	text_add(&copy, f->value, strlen(f->value));
	copy.bytes[size] = 0;
	*axis = (struct axis){ .name = copy.bytes, .line = f->line };
	if (!f->value[size])
		return stanza_error(a->file, f->line, "axis `%s` has no value", axis->name);
	char **words = stanza_words(copy.bytes + size + 1, &count);
	int result = add_axis_values(a, axis, words, count);
	free(words);
	a->combinations *= axis->values.count; /* both are at most RUN_CELLS_MAX */
	if (!result && a->combinations > RUN_CELLS_MAX)
		result = stanza_error(a->file, f->line, "matrix `%s` has more than %d combinations",
				      a->stanza->words[0], RUN_CELLS_MAX);
	return result;
}

static int parse_condition(struct axes *a, struct axes_line *line, char *word)
{
	char *value = strchr(word, '=');
	bool differs = value > word && value[-1] == '!';
	size_t size = (size_t)(value - word) - differs, axis = find_axis(a, word, size);
	if (axis == a->axis_count)
		return stanza_error(a->file, line->line,
				    "condition `%s`: no axis of that name stands above it", word);
	if (line->condition_count == AXES_MAX)
		return stanza_error(a->file, line->line, "found more than %d conditions", AXES_MAX);
	struct axes_condition *c = &line->conditions[line->condition_count++];
	*c = (struct axes_condition){ .axis = axis, .differs = differs };
	a->axes[axis].used |= line->key.size;
	for (char *one, *rest = value + 1; (one = strsep(&rest, "|"));)
		if (add_value(a, line->line, one, &c->values))
			return -1;
	for (size_t i = 0; i < c->values.count; i++)
		if (!words_contain(&a->axes[axis].values, c->values.list[i]))
			return stanza_error(a->file, line->line, "axis `%s` has no value `%s`",
					    a->axes[axis].name, c->values.list[i]);
	return 0;
}

/* Conditions: words with = in them. *field: what follows them. */
static int parse_conditions(struct axes *a, struct axes_line *line, char *text, char **field)
{
	for (;;) {
		text += strspn(text, " \t");
		size_t size = strcspn(text, " \t");
		char *next = text + size + (text[size] != 0);
		*field = text;
		if (!size || !memchr(text, '=', size))
			break;
		text[size] = 0;
		if (parse_condition(a, line, text))
			return -1;
		text = next;
	}
	return line->condition_count ?
		       0 :
		       stanza_error(a->file, line->line, "expected a condition AXIS=VALUE");
}

static int parse_line(struct axes *a, const struct stanza_field *f)
{
	struct axes_line *line = &a->lines[a->line_count++];
	bool when = !strcmp(f->key, "when"), except = !strcmp(f->key, "except");
	char *field;
	*line = (struct axes_line){ .line = f->line, .value = f->value };
	if (!except)
		text_addf(&line->key, "%s", f->key);
	if (when || except) {
		text_addf(&line->text, "%s", f->value);
		if (parse_conditions(a, line, line->text.bytes, &field))
			return -1;
		if (except != !*field)
			return stanza_error(a->file, f->line, except ?
					    "except `%s`: expected conditions alone" :
					    "when `%s`: expected a field behind the conditions",
					    f->value);
		size_t size = strcspn(field, " \t");
		line->value = field + size + strspn(field + size, " \t");
		text_free(&line->key);
		text_add(&line->key, field, size);
	}
	for (const char *c = line->value; *c; c++) {
		size_t size, axis = axes_placeholder(a, c, &size);
		if (size && axis == a->axis_count)
			return stanza_error(a->file, f->line,
					    "%.*s: no axis of that name stands above it", (int)size,
					    c);
		if (size)
			a->axes[axis].used = true;
	}
	return 0;
}

/* An axis sets the field of its name, unless the stanza does so itself. */
static int check_axes(struct axes *a)
{
	if (!a->axis_count)
		return stanza_error(a->file, a->stanza->line, "matrix `%s` has no axis",
				    a->stanza->words[0]);
	for (size_t i = 0; i < a->axis_count; i++) {
		struct axis *axis = &a->axes[i];
		axis->field = runlist_key(axis->name) != KEY_UNKNOWN;
		for (size_t k = 0; k < a->line_count; k++)
			axis->field &= strcmp(text_string(&a->lines[k].key), axis->name) != 0;
		if (!axis->used && !axis->field)
			return stanza_error(a->file, axis->line,
					    "axis `%s` changes nothing: it is no field, and no {%s} "
					    "and no `when` names it",
					    axis->name, axis->name);
	}
	return 0;
}

int axes_parse(struct axes *a, const struct stanza_file *file, const struct stanza *stanza)
{
	*a = (struct axes){ .file = file, .stanza = stanza, .combinations = 1 };
	if (stanza->word_count != 1)
		return stanza_error(file, stanza->line,
				    "found %zu words after matrix, expected one name",
				    stanza->word_count);
	a->lines = grow(NULL, stanza->field_count * sizeof(*a->lines));
	for (size_t i = 0; i < stanza->field_count; i++) {
		const struct stanza_field *f = &stanza->fields[i];
		if (strcmp(f->key, "axis") ? parse_line(a, f) : parse_axis(a, f))
			return -1;
	}
	return check_axes(a);
}

void axes_free(struct axes *a)
{
	for (size_t i = 0; i < a->axis_count; i++) {
		free((char *)a->axes[i].name);
		words_free(&a->axes[i].values);
	}
	for (size_t i = 0; i < a->line_count; i++) {
		for (size_t k = 0; k < a->lines[i].condition_count; k++)
			words_free(&a->lines[i].conditions[k].values);
		text_free(&a->lines[i].key);
		text_free(&a->lines[i].text);
	}
	free(a->lines);
}
