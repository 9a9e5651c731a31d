/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom abidiff: what a change of the ABI, or of a ROM, breaks. */
#include <argp.h>
#include <stdio.h>

#include "abidiff/abidiff.h"
#include "pvrom.h"

enum { KEY_JSON = 0x100, KEY_SUPPRESS, KEY_QUIET };

#define VERSIONS "abi" /* in pvrom's folder */

struct options {
	const char *name[2], *suppress;
	size_t count;
	bool json, quiet;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_JSON: o->json = true; return 0;
	case KEY_QUIET: o->quiet = true; return 0;
	case KEY_SUPPRESS:
		if (o->suppress)
			argp_error(state, "--suppress: found a second file `%s`, expected one", arg);
		o->suppress = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->count == 2)
			argp_error(state, "found a third argument `%s`, expected A and B", arg);
		o->name[o->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->count < 2)
			argp_error(state, "found %zu arguments, expected A and B", o->count);
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "json", KEY_JSON, NULL, 0, "the result as JSON (docs/abidiff.md)", 0 },
	{ "quiet", KEY_QUIET, NULL, 0, "leave out what is harmless", 0 },
	{ "suppress", KEY_SUPPRESS, "FILE", 0,
	  "do not count the breaking differences that FILE names (docs/abidiff.md)", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "A B",
	"Compares two states of the ABI, the older one first, and judges each difference by the rules "
	"of docs/abi-policy.md.\v"
	"A and B are each a folder with vmi.abi, image.abi and reasons.abi, a version, as 3.0, or a "
	"ROM. A ROM beside one of the others is held against it.",
	NULL, pvrom_help, NULL
};

int pvrom_abidiff(int argc, char **argv)
{
	static struct abi_state state[2];
	static struct differences list;
	struct options o = { .count = 0 };
	int status = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	const char *versions = differ_format("%s/" VERSIONS, pvrom_folder());
	for (size_t i = 0; i < 2 && !status; i++)
		status = abi_open(&state[i], o.name[i], versions);
	if (!status) {
		abi_compare(&state[0], &state[1], &list);
		status = o.suppress ? abi_suppress(&list, o.suppress) : 0;
	}
	if (!status)
		status = o.json ? abi_print_json(&state[0], &state[1], &list) :
				  abi_print(&state[0], &state[1], &list, !o.quiet);
	if (!status && list.breaks)
		status = 1;
	for (size_t i = 0; i < 2; i++)
		abi_close(&state[i]);
	return status;
}
