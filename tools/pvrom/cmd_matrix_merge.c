/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom matrix merge: the results of shards as one. */
#include <argp.h>
#include <stdlib.h>

#include "pvrom.h"
#include "run/merge.h"
#include "run/text.h"

struct options {
	struct words from;
	const char *to;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	switch (key) {
	case 'o':
		o->to = arg;
		return 0;
	case ARGP_KEY_ARG:
		words_add(&o->from, arg);
		return 0;
	case ARGP_KEY_END:
		if (!o->from.count || !o->to)
			argp_error(state, "expected folders of results, and -o DIR");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "output", 'o', "DIR", 0, "the folder for the whole", 0 },
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.args_doc = "DIR...",
	.doc = "Puts the results that `pvrom matrix --shard --results=DIR' left in folders together, "
	       "as if one run had made them. A cell that is missing, that two shards have, or that "
	       "is of another matrix is an error, and nothing is written then.\v"
	       "Exit status: 0 all passed, 1 some failed, 2 usage, or the folders do not make one "
	       "whole.",
};

int pvrom_matrix_merge(int argc, char **argv)
{
	struct options o = { 0 };
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	int status = merge_results(o.from.list, o.from.count, o.to);
	words_free(&o.from);
	return status;
}
