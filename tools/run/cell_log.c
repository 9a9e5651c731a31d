/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "cell_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes every folder on the way to `path`. What fails here fails again at the file. */
static void make_folders(const char *path)
{
	struct text part = { 0 };
	for (const char *slash = path; (slash = strchr(slash + 1, '/'));) {
		text_free(&part);
		text_add(&part, path, (size_t)(slash - path));
		mkdir(text_string(&part), 0777);
	}
	text_free(&part);
}

static void head(struct text *to, const char *key, const struct words *values)
{
	for (size_t i = 0; i < values->count; i++)
		text_addf(to, "# %s %s\n", key, values->list[i]);
}

void cell_log(const char *folder, const struct run_cell *cell, const struct cell_result *r,
	      bool met)
{
	const struct run_spec *spec = &cell->spec;
	struct text path = { 0 }, all = { 0 };
	if (!folder)
		return;
	text_addf(&path, "%s/", folder);
	for (const char *c = cell->name; *c; c++)
		text_addf(&path, "%c", *c == '/' ? '_' : *c);
	text_addf(&path, ".log");
	if (!met) {
		unlink(text_string(&path));
		text_free(&path);
		return;
	}
	text_addf(&all, "# kernel %s\n# machine %s\n# smp %u\n", spec->kernel, spec->machine,
		  spec->smp);
	if (strcmp(spec->order, "name"))
		text_addf(&all, "# order %s\n", spec->order);
	head(&all, "rom", &spec->roms);
	head(&all, "pci", &spec->pci);
	head(&all, "qemu", &spec->extra);
	if (spec->append)
		text_addf(&all, "# append %s\n", spec->append);
	text_add(&all, text_string(&r->serial), r->serial.size);
	make_folders(text_string(&path));
	FILE *out = fopen(text_string(&path), "wb");
	bool good = out && fwrite(all.bytes, 1, all.size, out) == all.size;
	if (out)
		good = !fclose(out) && good;
	if (!good)
		fprintf(stderr, "pvrom: warning: cannot write %s: %s\n", text_string(&path),
			strerror(errno));
	text_free(&path);
	text_free(&all);
}
