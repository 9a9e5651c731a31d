/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "runlist_internal.h"

#include <stdlib.h>
#include <string.h>

static void add_path(struct words *words, const char *folder, const char *path)
{
	if (*path == '/')
		words_add(words, path);
	else
		words_addf(words, "%s/%s", folder, path);
}

static int read_canary(const struct place *p, struct run_cell *c)
{
	c->canary = !strcmp(p->field->value, "yes");
	return c->canary ? 0 : runlist_wrong(p, "yes");
}

static int read_exact(const struct place *p, struct run_cell *c)
{
	c->spec.exact = !strcmp(p->field->value, "yes");
	return c->spec.exact ? 0 : runlist_wrong(p, "yes");
}

static int read_machine(const struct place *p, struct run_cell *c)
{
	run_set(&c->spec.machine, p->field->value);
	return run_allowed(run_machines, p->field->value) ?
		       0 : runlist_wrong(p, "pc or q35, isapc, microvm");
}

static int read_vga(const struct place *p, struct run_cell *c)
{
	run_set(&c->spec.vga, p->field->value);
	return run_allowed(run_vgas, p->field->value) ? 0 : runlist_wrong(p, "none or std");
}

static int read_firmware(const struct place *p, struct run_cell *c)
{
	run_set(&c->spec.firmware, p->field->value);
	return run_allowed(run_firmwares, p->field->value) ? 0 :
							     runlist_wrong(p, "seabios or ovmf");
}

static int read_order(const struct place *p, struct run_cell *c)
{
	run_set(&c->spec.order, p->field->value);
	return run_allowed(run_orders, p->field->value) ? 0 :
							  runlist_wrong(p, "name, first or last");
}

static int read_smp(const struct place *p, struct run_cell *c)
{
	unsigned long long n;
	if (!stanza_number(p->field->value, RUN_SMP_MAX, &n) || !n)
		return runlist_wrong(p, "1 to 255");
	c->spec.smp = (unsigned)n;
	return 0;
}

static int read_timeout(const struct place *p, struct run_cell *c)
{
	unsigned long long n;
	if (!stanza_number(p->field->value, RUN_TIMEOUT_MAX, &n) || !n)
		return runlist_wrong(p, "1 to 86400 seconds");
	c->spec.timeout = (unsigned)n;
	return 0;
}

static int read_rom(const struct place *p, struct run_cell *c)
{
	add_path(&c->spec.roms, p->folder, p->field->value);
	return 0;
}

static int read_pci(const struct place *p, struct run_cell *c)
{
	add_path(&c->spec.pci, p->folder, p->field->value);
	return 0;
}

static int read_kernel(const struct place *p, struct run_cell *c)
{
	struct words path = { 0 };
	add_path(&path, p->folder, p->field->value);
	run_set(&c->spec.kernel, path.list[0]);
	words_free(&path);
	return 0;
}

static int read_append(const struct place *p, struct run_cell *c)
{
	run_set(&c->spec.append, p->field->value);
	return 0;
}

static bool take_qemu(struct run_cell *c, char *word)
{
	words_add(&c->spec.extra, word);
	return true;
}

static int read_qemu(const struct place *p, struct run_cell *c)
{
	return runlist_each_word(p, c, "QEMU arguments", take_qemu);
}

static const struct {
	const char *key;
	bool many; /* may stand more than once */
	int (*read)(const struct place *place, struct run_cell *cell);
} keys[] = {
	{ "canary", false, read_canary },
	{ "machine", false, read_machine },
	{ "vga", false, read_vga },
	{ "firmware", false, read_firmware },
	{ "order", false, read_order },
	{ "smp", false, read_smp },
	{ "rom", true, read_rom },
	{ "pci", true, read_pci },
	{ "append", false, read_append },
	{ "kernel", false, read_kernel },
	{ "timeout", false, read_timeout },
	{ "repeat-exactly", false, read_exact },
	{ "qemu", true, read_qemu },
	{ "expect-status", false, runlist_status },
	{ "expect-bound", false, runlist_bound },
	{ "expect-reason", false, runlist_reason },
	{ "expect-line", true, runlist_line },
	{ "expect-skipped", false, runlist_skipped },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static int read_field(struct place *p, const struct stanza *s, size_t index, struct run_cell *c)
{
	size_t k = 0;
	p->field = &s->fields[index];
	while (k < KEYS && strcmp(keys[k].key, p->field->key))
		k++;
	if (k == KEYS)
		return stanza_error(p->file, p->field->line, "unknown field `%s`", p->field->key);
	if (!*p->field->value)
		return stanza_error(p->file, p->field->line, "field `%s` has no value",
				    p->field->key);
	const struct stanza_field *first = stanza_field(s, p->field->key);
	if (!keys[k].many && first != p->field)
		return stanza_error(p->file, p->field->line, "field `%s` stands in line %d already",
				    p->field->key, first->line);
	return keys[k].read(p, c);
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
	if (!e->census && e->reasons.count)
		return stanza_error(file, c->line,
				    "run `%s` has expect-reason without expect-bound", c->name);
	return 0;
}

/* `defaults`: one, before all runs, with the one field that can have a default here. */
static int read_defaults(struct run_list *list, const struct stanza_file *file,
			 const struct stanza *s)
{
	struct place place = { .file = file, .skips = &list->skips };
	struct run_cell c = { 0 };
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
		if (strcmp(s->fields[i].key, "expect-skipped"))
			return stanza_error(file, s->fields[i].line,
					    "field `%s` has no default here", s->fields[i].key);
	int result = 0;
	for (size_t i = 0; i < s->field_count && !result; i++)
		result = read_field(&place, s, i, &c);
	list->skips = c.expect.skips;
	return result;
}

static int read_cell(struct run_list *list, const struct stanza_file *file, const struct stanza *s,
		     const char *folder)
{
	if (!strcmp(s->kind, "defaults"))
		return read_defaults(list, file, s);
	if (strcmp(s->kind, "run"))
		return stanza_error(file, s->line, "unknown kind `%s`: expected run or defaults",
				    s->kind);
	if (s->word_count != 1)
		return stanza_error(file, s->line, "found %zu words after run, expected one name",
				    s->word_count);
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->cells[i].name, s->words[0]))
			return stanza_error(file, s->line, "run `%s` stands in line %d already",
					    s->words[0], list->cells[i].line);
	struct run_cell *c = &list->cells[list->count++];
	struct place place = { .file = file, .folder = folder, .skips = &list->skips };
	struct words kernel = { 0 };
	*c = (struct run_cell){ .line = s->line };
	run_set(&c->name, s->words[0]);
	add_path(&kernel, folder, RUN_KERNEL);
	run_spec_start(&c->spec, kernel.list[0]);
	words_free(&kernel);
	for (size_t i = 0; i < s->field_count; i++)
		if (read_field(&place, s, i, c))
			return -1;
	for (size_t i = 0; i < list->skips.count && !stanza_field(s, "expect-skipped"); i++)
		words_add(&c->expect.skips, list->skips.list[i]);
	return check_cell(file, c);
}

int run_list_read(struct run_list *list, const char *path, const char *folder)
{
	struct stanza_file file;
	*list = (struct run_list){ 0 };
	int result = stanza_read(&file, path);
	if (!result)
		list->cells = grow(NULL, file.count * sizeof(*list->cells));
	for (size_t i = 0; i < file.count && !result; i++)
		result = read_cell(list, &file, &file.stanzas[i], folder);
	if (!result && !list->count)
		result = stanza_error(&file, 0, "no run stands in it");
	stanza_free(&file);
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
	}
	words_free(&list->skips);
	free(list->cells);
	*list = (struct run_list){ 0 };
}
