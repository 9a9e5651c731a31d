/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "runlist_internal.h"

#include <stdlib.h>
#include <string.h>

void runlist_path(struct words *words, const struct stanza_file *list, const char *folder,
		  const char *path)
{
	const char *slash = strrchr(list->path, '/');
	if (*path == '/')
		words_add(words, path);
	else if (!strncmp(path, "./", 2))
		words_addf(words, "%.*s%s", slash ? (int)(slash + 1 - list->path) : 0, list->path,
			   path + 2);
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

static int read_accel(const struct place *p, struct run_cell *c)
{
	run_set(&c->spec.accel, p->field->value);
	return run_allowed(run_accels, p->field->value) ? 0 : runlist_wrong(p, "tcg or kvm");
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
	if (!strcmp(p->field->value, "given")) {
		if (!p->given)
			return runlist_wrong(p, "a file: this list is read without a ROM of its own");
		words_add(&c->spec.roms, p->given->rom);
		return 0;
	}
	runlist_path(&c->spec.roms, p->file, p->folder, p->field->value);
	return 0;
}

static int read_pci(const struct place *p, struct run_cell *c)
{
	runlist_path(&c->spec.pci, p->file, p->folder, p->field->value);
	return 0;
}

static int read_module(const struct place *p, struct run_cell *c)
{
	struct words path = { 0 };
	runlist_path(&path, p->file, p->folder, p->field->value);
	run_set(&c->spec.module, path.list[0]);
	words_free(&path);
	return 0;
}

static int read_kernel(const struct place *p, struct run_cell *c)
{
	struct words path = { 0 };
	runlist_path(&path, p->file, p->folder, p->field->value);
	run_set(&c->spec.kernel, path.list[0]);
	words_free(&path);
	return 0;
}

static int read_under(const struct place *p, struct run_cell *c)
{
	struct words path = { 0 };
	runlist_path(&path, p->file, p->folder, p->field->value);
	run_set(&c->spec.under, path.list[0]);
	words_free(&path);
	return 0;
}

/* The guest of that width, in the build folder. */
static int read_width(const struct place *p, struct run_cell *c)
{
	struct words path = { 0 };
	if (strcmp(p->field->value, "32") && strcmp(p->field->value, "64"))
		return stanza_error(p->file, p->field->line, "width is `%s`, expected 32 or 64",
				    p->field->value);
	runlist_path(&path, p->file, p->folder, strcmp(p->field->value, "64") ? RUN_KERNEL : RUN_KERNEL64);
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
	{ "accel", false, read_accel },
	{ "vga", false, read_vga },
	{ "firmware", false, read_firmware },
	{ "order", false, read_order },
	{ "smp", false, read_smp },
	{ "rom", true, read_rom },
	{ "serves", false, runlist_serves },
	{ "pci", true, read_pci },
	{ "module", false, read_module },
	{ "append", false, read_append },
	{ "kernel", false, read_kernel },
	{ "under", false, read_under },
	{ "width", false, read_width },
	{ "timeout", false, read_timeout },
	{ "repeat-exactly", false, read_exact },
	{ "qemu", true, read_qemu },
	{ "expect-status", false, runlist_status },
	{ "expect-bound", false, runlist_bound },
	{ "expect-reason", false, runlist_reason },
	{ "expect-line", true, runlist_line },
	{ "expect-skipped", false, runlist_skipped },
	{ "expect-native", true, runlist_native },
	{ "rule", true, runlist_rule },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static size_t find_key(const char *key)
{
	size_t k = 0;
	while (k < KEYS && strcmp(keys[k].key, key))
		k++;
	return k;
}

enum runlist_key runlist_key(const char *key)
{
	size_t k = find_key(key);
	return k == KEYS ? KEY_UNKNOWN : keys[k].many ? KEY_MANY : KEY_ONCE;
}

int runlist_field(struct place *p, const struct stanza *s, size_t index, struct run_cell *c)
{
	p->field = &s->fields[index];
	size_t k = find_key(p->field->key);
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
