/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "keep.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_json.h"

static int failed(const char *path)
{
	fprintf(stderr, "pvrom: error: --keep: cannot write %s: %s\n", path, strerror(errno));
	return -1;
}

static int put(const char *folder, const char *name, const char *bytes, size_t size)
{
	struct text path = { 0 };
	text_addf(&path, "%s/%s", folder, name);
	FILE *out = fopen(text_string(&path), "wb");
	bool good = out && (!size || fwrite(bytes, 1, size, out) == size);
	if (out)
		good = !fclose(out) && good;
	int result = good ? 0 : failed(text_string(&path));
	text_free(&path);
	return result;
}

static int put_text(const char *folder, const char *name, const struct text *text)
{
	return put(folder, name, text_string(text), text->size);
}

/* A copy of `path` as `number`-NAME; it may be missing, unless it `must` be there. */
static int copy(const char *folder, size_t number, const char *path, bool must)
{
	struct text bytes = { 0 }, name = { 0 };
	const char *slash = strrchr(path, '/');
	char block[4096];
	FILE *in = fopen(path, "rb");
	if (!in)
		return must ? failed(path) : 0;
	for (size_t n; (n = fread(block, 1, sizeof(block), in)) > 0;)
		text_add(&bytes, block, n);
	fclose(in);
	text_addf(&name, "%zu-%s", number, slash ? slash + 1 : path);
	int result = put_text(folder, text_string(&name), &bytes);
	text_free(&bytes);
	text_free(&name);
	return result;
}

/* The ROM, and what its build left beside it. */
static int copy_rom(const char *folder, size_t number, const char *path)
{
	static const char *const beside[] = { "map", "elf" };
	const char *dot = strrchr(path, '.');
	bool suffix = dot && !strcmp(dot, ".rom");
	int result = copy(folder, number, path, true);
	for (size_t i = 0; i < 2 && !result; i++) {
		struct text other = { 0 };
		text_addf(&other, "%.*s.%s", (int)(suffix ? dot - path : (long)strlen(path)), path,
			  beside[i]);
		result = copy(folder, number, text_string(&other), false);
		text_free(&other);
	}
	return result;
}

int keep_open(const char *folder)
{
	struct text inside = { 0 };
	text_addf(&inside, "%s/.", folder);
	bool good = (!mkdir(folder, 0777) || errno == EEXIST) && !access(text_string(&inside), W_OK);
	if (!good)
		fprintf(stderr, "pvrom: error: --keep: %s: cannot make it, or write to it: %s; name "
			"a new folder, or one of yours\n", folder, strerror(errno));
	text_free(&inside);
	return good ? 0 : -1;
}

int keep_run(const char *folder, const struct run_spec *spec, const struct cell_result *r,
	     const char *version)
{
	struct text command = { 0 }, verdict = { 0 }, roms = { 0 }, json = { 0 };
	run_command_line(spec, "/dev/stderr", &command);
	text_addf(&command, "\n");
	text_addf(&verdict, "%s: %s\n", verdict_name(r->verdict), text_string(&r->why));
	for (size_t i = 0; i < r->roms.count; i++)
		text_addf(&roms, "%s\n", r->roms.list[i]);
	run_json(spec, r, version, &json);
	int result = put_text(folder, "command", &command) | put_text(folder, "verdict", &verdict) |
		     put_text(folder, "roms.log", &roms) | put_text(folder, "guest.log", &r->serial) |
		     put_text(folder, "firmware.log", &r->log) |
		     put_text(folder, "qemu.log", &r->errors) |
		     put_text(folder, "run.json", &json);
	for (size_t i = 0; i < spec->roms.count && !result; i++)
		result = copy_rom(folder, i + 1, spec->roms.list[i]);
	for (size_t i = 0; i < spec->pci.count && !result; i++)
		result = copy_rom(folder, spec->roms.count + i + 1, spec->pci.list[i]);
	if (spec->module && !result)
		result = copy_rom(folder, spec->roms.count + spec->pci.count + 1, spec->module);
	text_free(&command);
	text_free(&verdict);
	text_free(&roms);
	text_free(&json);
	return result;
}
