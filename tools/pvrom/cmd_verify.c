/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom verify: the numbered checks of a VMI ROM. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pvrom.h"
#include "romfile/images.h"
#include "romfile/romfile.h"
#include "stanza/stanza.h" /* stanza_number */
#include "verify/verify.h"

enum { KEY_SEED = 0x100, KEY_ROUNDS, KEY_SKIP, KEY_JSON, KEY_LIST };

#define TEXT_OF(word) #word
#define TEXT(macro) TEXT_OF(macro)
#define ROUNDS_MAX 100000

struct options {
	struct verify_request request;
	const char *path;
	bool json, list;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	unsigned long long n;
	unsigned int check;

	switch (key) {
	case KEY_SEED:
		if (!stanza_number(arg, UINT64_MAX, &n))
			argp_error(state, "--seed: found `%s`, expected a number", arg);
		o->request.seed = n;
		return 0;
	case KEY_ROUNDS:
		if (!stanza_number(arg, ROUNDS_MAX, &n) || !n)
			argp_error(state, "--rounds: found `%s`, expected 1 to %d", arg,
				   ROUNDS_MAX);
		o->request.rounds = (uint32_t)n;
		return 0;
	case KEY_SKIP:
		check = verify_find(arg);
		if (!check)
			argp_error(state, "--skip: found `%s`, expected the name or number of a "
				   "check; --list shows them", arg);
		o->request.leave_out[check] = true;
		return 0;
	case KEY_JSON: o->json = true; return 0;
	case KEY_LIST: o->list = true; return 0;
	case ARGP_KEY_ARG:
		if (o->path)
			argp_error(state, "found a second file `%s`, expected one ROM", arg);
		o->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->path && !o->list)
			argp_error(state, "found no file, expected a VMI ROM");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "skip", KEY_SKIP, "CHECK", 0,
	  "a check that need not pass, by name or number; may stand again", 0 },
	{ "rounds", KEY_ROUNDS, "N", 0, "calls of each entry (" TEXT(VERIFY_ROUNDS) ")", 0 },
	{ "seed", KEY_SEED, "N", 0, "seed of their random inputs (1)", 0 },
	{ "json", KEY_JSON, NULL, 0, "one JSON object instead of TAP", 0 },
	{ "list", KEY_LIST, NULL, 0, "only list the checks", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "ROM",
	"Checks a VMI ROM: its structures, what VMI_Init and GetRelocationInfo answer and leave "
	"alone, and every entry, called in an emulated processor. Prints TAP.\v"
	"docs/verify.md explains the checks.",
	NULL, pvrom_help, NULL
};

int pvrom_verify(int argc, char **argv)
{
	static struct options o;
	static struct verify_report report;
	struct romfile rom;
	struct romfile_error refused;
	int status = 2;

	o = (struct options){ .request = { .emulate = true, .seed = 1, .rounds = VERIFY_ROUNDS } };
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (o.list) {
		verify_print_list(stdout);
		return 0;
	}
	if (romfile_read_max(&rom, o.path, ROMFILE_DUMP_MAX, &refused)) {
		fprintf(stderr, "pvrom: error: %s\n", refused.text);
		return 2;
	}
	o.request.bytes = rom.bytes;
	o.request.size = rom.size;
	fflush(stdout);
	if (verify_run(&o.request, &report))
		fprintf(stderr, "pvrom: error: out of memory\n");
	else
		status = (o.json ? verify_print_json : verify_print_tap)(&report, o.path, stdout);
	romfile_free(&rom);
	return status;
}
