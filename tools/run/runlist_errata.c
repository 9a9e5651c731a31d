/* SPDX-License-Identifier: GPL-2.0-only */
/* Errata: which runs of a list cannot pass, and why. */
#define _GNU_SOURCE
#include "runlist_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int excuse(struct run_list *list, const struct stanza_file *file,
		  const struct stanza_field *run, const char *reason)
{
	struct run_cell *c = list->cells;
	while (c < list->cells + list->count && strcmp(c->name, run->value))
		c++;
	if (c == list->cells + list->count)
		return stanza_error(file, run->line, "there is no run `%s`: nothing is excused",
				    run->value);
	if (c->expect.excuse)
		return stanza_error(file, run->line, "run `%s` is excused already: %s", run->value,
				    c->expect.excuse);
	run_set(&c->expect.excuse, reason);
	return 0;
}

static int read_erratum(struct run_list *list, const struct stanza_file *file,
			const struct stanza *s)
{
	const struct stanza_field *reason = stanza_field(s, "reason");
	size_t runs = 0;
	if (strcmp(s->kind, "erratum") || s->word_count != 1)
		return stanza_error(file, s->line, "found `%s %s`, expected `erratum FILE`", s->kind,
				    s->rest);
	struct words path = { 0 };
	runlist_path(&path, file, ".", s->words[0]);
	bool there = !access(path.list[0], F_OK);
	words_free(&path);
	if (!there)
		return stanza_error(file, s->line, "`%s`: %s; name the golden file at fault, as "
				    "./NAME", s->words[0], strerror(errno));
	if (!reason || !*reason->value)
		return stanza_error(file, s->line, "erratum `%s` has no reason", s->words[0]);
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		bool run = !strcmp(f->key, "run");
		if (!run && f != reason)
			return stanza_error(file, f->line, "found field `%s`, expected one reason and "
					    "runs", f->key);
		if (run && excuse(list, file, f, reason->value))
			return -1;
		runs += run;
	}
	return runs ? 0 : stanza_error(file, s->line, "erratum `%s` names no run: nothing is excused",
				       s->words[0]);
}

int runlist_errata(struct run_list *list, const struct stanza_file *file)
{
	if (!file->count)
		return stanza_error(file, 0, "no erratum stands in it");
	for (size_t i = 0; i < file->count; i++)
		if (read_erratum(list, file, &file->stanzas[i]))
			return -1;
	return 0;
}
