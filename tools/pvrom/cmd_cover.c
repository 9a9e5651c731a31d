/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom cover: what an ABI version, or a ROM, can carry of each kernel's pv_ops slots. */
#define _GNU_SOURCE
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cover/cover.h"
#include "pvrom.h"
#include "run/text.h"

struct options {
	const char *abi, *kernel, *data, *minimum;
	bool json, tsv, check;
};

enum { KEY_ABI = 0x100, KEY_KERNEL, KEY_JSON, KEY_TSV, KEY_DATA, KEY_CHECK, KEY_MINIMUM };

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	switch (key) {
	case KEY_ABI: o->abi = arg; return 0;
	case KEY_KERNEL: o->kernel = arg; return 0;
	case KEY_DATA: o->data = arg; return 0;
	case KEY_JSON: o->json = true; return 0;
	case KEY_TSV: o->tsv = true; return 0;
	case KEY_CHECK: o->check = true; return 0;
	case KEY_MINIMUM: o->minimum = arg; return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument `%s`", arg);
		return 0;
	case ARGP_KEY_END:
		if (o->json && o->tsv)
			argp_error(state, "--json and --tsv exclude each other");
		if (o->minimum && !strcmp(o->kernel, "all"))
			argp_error(state, "--minimum needs --kernel");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "abi", KEY_ABI, "ABI", 0,
	  "a version such as 3.0 (the default) or 4.0, the 64-bit one; `empty`; or the file of a ROM, "
	  "which is asked", 0 },
	{ "kernel", KEY_KERNEL, "NAME", 0, "one kernel of the data, such as 2.6.32.9, or `guest`, our own; default: all", 0 },
	{ "minimum", KEY_MINIMUM, "LEVEL", 0, "only the calls of the smallest set, one a line: number, "
	  "name, and a slot that fails without it or -", 0 },
	{ "json", KEY_JSON, NULL, 0, "one JSON document", 0 },
	{ "tsv", KEY_TSV, NULL, 0, "one row per slot, separated by tabs", 0 },
	{ "data", KEY_DATA, "FILE", 0, "another table in the form of spec/pvops/README.md", 0 },
	{ "check", KEY_CHECK, NULL, 0, "read the data and what the historic client bound, and count", 0 },
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.help_filter = pvrom_help,
	.doc = "Shows what each pv_ops slot of Linux kernels becomes over an ABI: direct, adapt, compose, "
	       "native or inexpressible.\vWith one kernel: its slots, and the smallest set of calls "
	       "for each level: expressible (nothing is inexpressible), served (every slot by its "
	       "calls, unless native code is right), direct (every direct fit is direct).",
};

static int show_minimum(const struct options *o, const struct pvops *data,
			const struct cover_abi *abi, size_t kernel)
{
	for (int level = 0; level < COVER_LEVELS; level++)
		if (!strcmp(o->minimum, cover_level_names[level]))
			return cover_print_minimum(data, abi, kernel, (enum cover_level)level);
	fprintf(stderr, "pvrom: error: --minimum %s: expected", o->minimum);
	for (int level = 0; level < COVER_LEVELS; level++)
		fprintf(stderr, " %s", cover_level_names[level]);
	fputc('\n', stderr);
	return 2;
}

static int show(const struct options *o, struct pvops *data)
{
	struct cover_abi abi;
	size_t kernel = COVER_ALL_KERNELS;
	if (strcmp(o->kernel, "all")) {
		kernel = pvops_kernel(data, o->kernel);
		if (kernel == data->kernel_count) {
			fprintf(stderr, "pvrom: error: --kernel %s: expected all or one of:",
				o->kernel);
			for (size_t i = 0; i < data->kernel_count; i++)
				fprintf(stderr, " %s", data->kernels[i]);
			fputc('\n', stderr);
			return 2;
		}
	}
	int result = cover_abi_read(&abi, o->abi);
	if (result)
		return result;
	cover_widen(data, &abi);
	if (abi.wide)
		cover_keep_wide(data);
	if (o->minimum)
		return show_minimum(o, data, &abi, kernel);
	if (o->json)
		return cover_print_json(data, &abi, kernel);
	if (o->tsv) {
		cover_print_tsv(data, &abi, kernel);
		return 0;
	}
	return cover_print(data, &abi, kernel);
}

int pvrom_cover(int argc, char **argv)
{
	struct options o = { .abi = "3.0", .kernel = "all" };
	struct pvops data;
	struct words path = { 0 };
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	words_addf(&path, "%s/pvops/%s.tsv", pvrom_folder(),
		   strcmp(o.kernel, "guest") ? "pvops" : "guest");
	words_addf(&path, "%s/pvops/vmi_bindings.tsv", pvrom_folder());
	int result = pvops_read(&data, o.data ? o.data : path.list[0]);
	if (!result && o.check) {
		size_t bindings;
		result = pvops_check_bindings(&data, path.list[1], &bindings);
		if (!result)
			printf("%zu slots of %zu kernels, %zu bindings of the historic client\n",
			       data.row_count, data.kernel_count, bindings);
	} else if (!result) {
		result = show(&o, &data);
	}
	pvops_free(&data);
	words_free(&path);
	return result;
}
