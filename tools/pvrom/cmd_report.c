/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom report: what the last runs found, as one HTML page. */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cover/pvops.h"
#include "pvrom.h"
#include "report/report.h"
#include "run/text.h"

struct options {
	const char *results, *output, *commit;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	switch (key) {
	case 'r': o->results = arg; return 0;
	case 'o': o->output = arg; return 0;
	case 'c': o->commit = arg; return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument `%s`", arg);
		return 0;
	case ARGP_KEY_END:
		if (!o->results || !o->output)
			argp_error(state, "--results and --output are needed");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "results", 'r', "DIR", 0, "the folder of what runs left behind, such as build/report", 0 },
	{ "output", 'o', "FILE", 0, "the page", 0 },
	{ "commit", 'c', "TEXT", 0, "the state of the tree, to be shown", 0 },
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.help_filter = pvrom_help,
	.doc = "Writes one HTML page, without network or other files: the coverage of pv_ops slots, and the results "
	       "of the last runs, each with the command that repeats it. A run that is not there shows as missing.",
};

/* The files of DIR that have a section; a matrix is JSON, runs are logs, the others are tables of tabs. */
static const struct {
	const char *id, *title, *file, *command;
	int (*section)(FILE *out, const struct report_input *in);
} sections[] = {
	{ "census", "The census of each guest", "cells", "", report_census },
	{ "beside", "Redesigns side by side", "cells", "", report_beside },
	{ "redesigns", "Redesigns: what each slot became", "redesigns.tsv", "make test", report_table },
	{ "matrix", "The matrix", "matrix.json",
	  "make matrix", report_matrix },
	{ "slots", "Instructions of each slot", "slots.tsv", "make slots-table", report_table },
	{ "slots64", "Instructions of each slot in long mode", "slots64.tsv", "make slots-table", report_table },
	{ "bench", "Exits and instructions of the benchmark", "bench.tsv", "make bench", report_table },
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static void begin(FILE *out, const struct options *o)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
		"<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
		"<link rel=icon href=\"data:,\">\n<title>pvrom: report</title>\n<style>\n%s</style></head>\n"
		"<body><header><h1>pvrom: what the last runs found</h1>\n<p class=soft>Tree at ", report_css);
	report_text(out, o->commit);
	fputs(" when this page was made; to make it again: <code>make report</code></p>\n<nav aria-label=sections>"
	      "<ul><li><a href=#coverage>Coverage of pv_ops slots</a></li><li><a href=#share>Share of direct "
	      "fits</a></li>", out);
	for (size_t i = 0; i < SECTIONS; i++)
		fprintf(out, "<li><a href=#%s>%s</a></li>", sections[i].id, sections[i].title);
	fputs("<li><a href=#calls>The calls</a></li></ul></nav></header>\n<main>\n", out);
}

static int page(FILE *out, const struct options *o, const struct pvops *data)
{
	int result = 0;
	begin(out, o);
	fputs("<section><h2 id=coverage>Coverage of pv_ops slots over VMI 3.0</h2>\n<p class=soft>To repeat it: "
	      "<code>build/pvrom cover --abi 3.0 --kernel all</code></p>\n", out);
	report_heat(out, data);
	fputs("</section>\n<section><h2 id=share>Share of direct fits</h2>\n<p class=soft>Slots that a call of VMI "
	      "3.0 serves as they are, of all slots of the kernel.</p>\n", out);
	report_share(out, data);
	fputs("</section>\n", out);
	for (size_t i = 0; i < SECTIONS && !result; i++) {
		struct words path = { 0 };
		words_addf(&path, "%s/%s", o->results, sections[i].file);
		result = sections[i].section(out, &(struct report_input){ sections[i].id, sections[i].title,
									  path.list[0], sections[i].command });
		words_free(&path);
	}
	report_calls(out);
	fprintf(out, "</main>\n<script>\n%s</script></body></html>\n", report_js);
	return result;
}

/* The page is written only once all of it is known. */
static int write_page(const char *path, const char *text, size_t size)
{
	FILE *out = fopen(path, "w");
	bool good = out && fwrite(text, 1, size, out) == size;
	if (out && fclose(out))
		good = false;
	if (!good)
		fprintf(stderr, "pvrom: error: %s: %s\n", path, strerror(errno));
	else
		printf("%s: %zu bytes\n", path, size);
	return good ? 0 : 2;
}

int pvrom_report(int argc, char **argv)
{
	struct options o = { .commit = "unknown" };
	struct pvops data;
	struct words path = { 0 };
	char *text = NULL;
	size_t size;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	words_addf(&path, "%s/pvops/pvops.tsv", pvrom_folder());
	int result = pvops_read(&data, path.list[0]);
	if (!result) {
		FILE *out = open_memstream(&text, &size);
		if (!out) {
			perror("pvrom: error");
			result = 2;
		} else {
			result = page(out, &o, &data);
			if (fclose(out) && !result) {
				perror("pvrom: error");
				result = 2;
			}
		}
	}
	if (!result)
		result = write_page(o.output, text, size);
	free(text);
	pvops_free(&data);
	words_free(&path);
	return result;
}
