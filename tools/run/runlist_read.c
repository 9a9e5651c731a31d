/* SPDX-License-Identifier: GPL-2.0-only */
/* The stanzas of a run list, and what must hold of each run. */
#define _GNU_SOURCE
#include "runlist_internal.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "axes.h"
#include "inputs.h"

/* What expect-native names is none of expect-bound's. */
static void leave_native(struct run_cell *c)
{
	struct run_expect *e = &c->expect;
	for (int n = 0; n < VMI64_CALLS; n++)
		if (e->native[n] && e->bound[n]) {
			e->bound[n] = false;
			e->bound_count--;
		}
}

/* Fields that need or exclude each other. */
static int check_cell(const struct stanza_file *file, const struct run_cell *c)
{
	const struct run_expect *e = &c->expect;
	if (e->status == VERDICT_GOOD && !e->census)
		return stanza_error(file, c->line,
				    "run `%s` has no expect-bound: nothing would be checked",
				    c->name);
	if (e->census && !e->bound_count && !e->reasons.count)
		return stanza_error(file, c->line,
				    "run `%s` expects no bound call, but has no expect-reason",
				    c->name);
	if (e->bound_count && e->reasons.count)
		return stanza_error(file, c->line,
				    "run `%s` has expect-reason, which goes with `expect-bound "
				    "none` only",
				    c->name);
	bool native = false;
	for (int n = 0; n < VMI64_CALLS; n++)
		native |= e->native[n] != NULL;
	if (native && !e->census)
		return stanza_error(file, c->line, "run `%s` has expect-native without expect-bound",
				    c->name);
	if (!e->census && e->reasons.count)
		return stanza_error(file, c->line,
				    "run `%s` has expect-reason without expect-bound", c->name);
	return 0;
}

static bool has_default(const char *key)
{
	return !strcmp(key, "expect-skipped") || !strcmp(key, "timeout") || !strcmp(key, "qemu");
}

/* `defaults`: one, before all runs, with the fields that can have a default. */
static int read_defaults(struct run_list *list, const struct stanza_file *file,
			 const struct stanza *s)
{
	struct place place = { .file = file, .skips = &list->skips };
	struct run_cell c = { .spec = { .timeout = RUN_TIMEOUT } };
	if (list->defaults)
		return stanza_error(file, s->line, "defaults stand in line %d already",
				    list->defaults);
	if (list->count)
		return stanza_error(file, s->line, "defaults stand behind run `%s`",
				    list->cells[0].name);
	if (s->word_count)
		return stanza_error(file, s->line, "found %zu words after defaults, expected none",
				    s->word_count);
	list->defaults = s->line;
	for (size_t i = 0; i < s->field_count; i++)
		if (!has_default(s->fields[i].key))
			return stanza_error(file, s->fields[i].line,
					    "field `%s` has no default here", s->fields[i].key);
	int result = 0;
	for (size_t i = 0; i < s->field_count && !result; i++)
		result = runlist_field(&place, s, i, &c);
	list->skips = c.expect.skips;
	list->qemu = c.spec.extra;
	list->timeout = c.spec.timeout;
	return result;
}

/* A list being read. */
struct reader {
	struct run_list *list;
	const struct stanza_file *file;
	const char *folder;
	const struct run_given *given; /* or NULL */
	void *names; /* tree of the cells' names, see tsearch() */
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int check_name(struct reader *r, const struct stanza *s)
{
	struct run_list *list = r->list;
	if (s->word_count != 1)
		return stanza_error(r->file, s->line, "found %zu words after run, expected one name",
				    s->word_count);
	if (!tfind(s->words[0], &r->names, compare_names))
		return 0;
	size_t i = 0;
	while (strcmp(list->cells[i].name, s->words[0]))
		i++;
	return stanza_error(r->file, s->line, "run `%s` stands in line %d already", s->words[0],
			    list->cells[i].line);
}

static struct run_cell *add_cell(struct reader *r, const struct stanza *s)
{
	struct run_list *list = r->list;
	if (!(list->count & (list->count - 1))) /* a power of two: it is full */
		list->cells = grow(list->cells, (list->count ? list->count * 2 : 1) *
				   sizeof(*list->cells));
	struct run_cell *c = &list->cells[list->count++];
	*c = (struct run_cell){ .line = s->line };
	run_set(&c->name, s->words[0]);
	tsearch(c->name, &r->names, compare_names);
	return c;
}

static void hash_fields(struct run_cell *c, const struct stanza *s)
{
	struct text text = { 0 };
	for (size_t i = 0; i < s->field_count; i++)
		text_addf(&text, "%s %s\n", s->fields[i].key, s->fields[i].value);
	/* What defaults add. */
	for (size_t i = 0; i < c->expect.skips.count; i++)
		text_addf(&text, "%s\n", c->expect.skips.list[i]);
	for (size_t i = 0; i < c->spec.extra.count; i++)
		text_addf(&text, "%s\n", c->spec.extra.list[i]);
	text_addf(&text, "%u\n", c->spec.timeout);
	c->fields = hash_bytes(HASH_START, text.bytes, text.size);
	text_free(&text);
}

static int read_run(struct reader *r, const struct stanza *s)
{
	struct run_list *list = r->list;
	struct place place = { .file = r->file, .folder = r->folder, .skips = &list->skips,
			       .given = r->given };
	struct words kernel = { 0 };
	if (check_name(r, s))
		return -1;
	if (list->count == RUN_CELLS_MAX)
		return stanza_error(r->file, s->line, "the list has more than %d cells",
				    RUN_CELLS_MAX);
	struct run_cell *c = add_cell(r, s);
	runlist_path(&kernel, r->file, r->folder, RUN_KERNEL);
	run_spec_start(&c->spec, kernel.list[0]);
	c->spec.timeout = list->timeout;
	for (size_t i = 0; i < list->qemu.count; i++)
		words_add(&c->spec.extra, list->qemu.list[i]);
	words_free(&kernel);
	for (size_t i = 0; i < s->field_count; i++)
		if (runlist_field(&place, s, i, c))
			return -1;
	for (size_t i = 0; i < list->skips.count && !stanza_field(s, "expect-skipped"); i++)
		words_add(&c->expect.skips, list->skips.list[i]);
	leave_native(c);
	hash_fields(c, s);
	return check_cell(r->file, c);
}

static int take_cell(void *context, const struct stanza *run)
{
	struct reader *r = context;
	if (!stanza_field(run, "rule"))
		return stanza_error(r->file, run->line, "cell `%s` has no rule", run->words[0]);
	return read_run(r, run);
}

static int read_stanza(struct reader *r, const struct stanza *s)
{
	if (!strcmp(s->kind, "defaults"))
		return read_defaults(r->list, r->file, s);
	if (!strcmp(s->kind, "run"))
		return read_run(r, s);
	if (!strcmp(s->kind, "matrix"))
		return axes_expand(r->file, s, RUN_CELLS_MAX - r->list->count, take_cell, r);
	return stanza_error(r->file, s->line, "unknown kind `%s`: expected run, matrix or defaults",
			    s->kind);
}

static void keep_name(void *name)
{
	(void)name; /* its cell frees it */
}

/* NAME.errata beside NAME.cfg, if there is one. */
static int read_errata(struct run_list *list, const char *path)
{
	const char *dot = strrchr(path, '.');
	struct stanza_file file;
	struct text name = { 0 };
	int result = 0;
	if (dot && !strcmp(dot, ".cfg")) {
		text_addf(&name, "%.*s.errata", (int)(dot - path), path);
		if (!access(text_string(&name), F_OK)) {
			result = stanza_read(&file, text_string(&name));
			if (!result)
				result = runlist_errata(list, &file);
			stanza_free(&file);
		}
	}
	text_free(&name);
	return result;
}

int run_list_read(struct run_list *list, const char *path, const char *folder)
{
	return run_list_read_given(list, path, folder, NULL);
}

int run_list_read_given(struct run_list *list, const char *path, const char *folder,
			const struct run_given *given)
{
	struct stanza_file file;
	*list = (struct run_list){ .timeout = RUN_TIMEOUT };
	struct reader reader = { .list = list, .file = &file, .folder = folder, .given = given };
	int result = stanza_read(&file, path);
	for (size_t i = 0; i < file.count && !result; i++)
		result = read_stanza(&reader, &file.stanzas[i]);
	if (!result && !list->count)
		result = stanza_error(&file, 0, "no run stands in it");
	tdestroy(reader.names, keep_name);
	stanza_free(&file);
	if (!result)
		result = read_errata(list, path);
	return result ? -1 : 0; /* a list that cannot be read is as useless as a wrong one */
}

void run_list_free(struct run_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct run_cell *c = &list->cells[i];
		free(c->name);
		run_spec_free(&c->spec);
		words_free(&c->expect.reasons);
		words_free(&c->expect.lines);
		words_free(&c->expect.skips);
		words_free(&c->rules);
		free(c->expect.excuse);
	}
	words_free(&list->skips);
	words_free(&list->qemu);
	free(list->cells);
	*list = (struct run_list){ 0 };
}
