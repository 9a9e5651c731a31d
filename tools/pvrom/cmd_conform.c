/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom conform: the statement of what a ROM keeps of the ABI. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conform/conform.h"
#include "pvrom.h"
#include "romfile/images.h"
#include "romfile/romfile.h"
#include "run/process.h"
#include "stanza/stanza.h" /* stanza_number */

enum { KEY_LEVEL = 0x100, KEY_NO_QEMU, KEY_FILTER, KEY_SEED, KEY_ROUNDS, KEY_SKIP, KEY_JSON };

#define TEXT_OF(word) #word
#define TEXT(macro) TEXT_OF(macro)
#define ROUNDS_MAX 100000
#define JOBS_MAX 64
#define SEED_MAX (1ull << 53) /* as far as a number of JSON is exact */

struct options {
	struct conform_request request;
	const char *path, *level, *out;
	bool json;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	unsigned long long n;
	unsigned int check;

	switch (key) {
	case KEY_LEVEL: o->level = arg; return 0;
	case KEY_NO_QEMU: o->request.qemu = false; return 0;
	case KEY_FILTER: o->request.filter = arg; return 0;
	case 'j':
		if (!stanza_number(arg, JOBS_MAX, &n) || !n)
			argp_error(state, "--jobs: found `%s`, expected 1 to %d", arg, JOBS_MAX);
		o->request.jobs = (unsigned int)n;
		return 0;
	case KEY_SEED:
		if (!stanza_number(arg, SEED_MAX, &n))
			argp_error(state, "--seed: found `%s`, expected 0 to %llu", arg, SEED_MAX);
		o->request.seed = n;
		return 0;
	case KEY_ROUNDS:
		if (!stanza_number(arg, ROUNDS_MAX, &n) || !n)
			argp_error(state, "--rounds: found `%s`, expected 1 to %d", arg, ROUNDS_MAX);
		o->request.rounds = (uint32_t)n;
		return 0;
	case KEY_SKIP:
		check = verify_find(arg);
		if (!check)
			argp_error(state, "--skip: found `%s`, expected the name or number of a "
				   "check of pvrom verify", arg);
		o->request.leave_out[check] = true;
		return 0;
	case KEY_JSON: o->json = true; return 0;
	case 'o': o->out = arg; return 0;
	case ARGP_KEY_ARG:
		if (o->path)
			argp_error(state, "found a second file `%s`, expected one ROM", arg);
		o->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->path)
			argp_error(state, "found no file, expected a VMI ROM");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "level", KEY_LEVEL, "NAME", 0, "demand this level; checks above it may fail", 0 },
	{ "no-qemu", KEY_NO_QEMU, NULL, 0, "boot no guest, and state so", 0 },
	{ "filter", KEY_FILTER, "TEXT", 0, "boot only the runs whose name contains TEXT, and state so", 0 },
	{ "jobs", 'j', "N", 0, "runs at once (2)", 0 },
	{ "skip", KEY_SKIP, "CHECK", 0,
	  "a check of pvrom verify that need not pass, by name or number; may stand again", 0 },
	{ "rounds", KEY_ROUNDS, "N", 0, "calls of each entry (" TEXT(LANE_ROUNDS) ")", 0 },
	{ "seed", KEY_SEED, "N", 0, "seed of their random inputs (1)", 0 },
	{ "json", KEY_JSON, NULL, 0, "one JSON object instead of lines", 0 },
	{ "output", 'o', "FILE", 0, "write the statement there", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "ROM",
	"States what a VMI ROM keeps of the ABI: the checks of pvrom verify, each call in an "
	"emulated processor, two guests in QEMU with all their tests, and the level that this "
	"adds up to.\v"
	"docs/conform.md explains levels and checks. Environment: PVROM_QEMU as for pvrom run.",
	NULL, pvrom_help, NULL
};

/* Result: 0, or 2 after a line on stderr. */
static int print(const struct options *o, const struct conform_statement *s)
{
	FILE *out = o->out ? fopen(o->out, "w") : stdout;

	if (!out) {
		fprintf(stderr, "pvrom: error: %s: cannot write it: %s\n", o->out, strerror(errno));
		return 2;
	}
	bool bad = (o->json ? conform_print_json : conform_print_text)(s, out);
	bad |= fflush(out) || ferror(out);
	if (o->out)
		bad |= fclose(out) != 0;
	if (bad)
		fprintf(stderr, "pvrom: error: %s: the statement could not be written\n",
			o->out ? o->out : "standard output");
	return bad ? 2 : 0;
}

/* What is demanded counts: a level, or that nothing fails. */
static int status(const struct conform_statement *s, const char *level)
{
	if (level && s->levels->level[conform_find_level(s->levels, level)].reached)
		return 0;
	if (conform_tally(s, VERIFY_FAILED))
		return 1;
	return conform_tally(s, VERIFY_BROKEN) ? 3 : level ? 1 : 0;
}

/* Result: the exit status. */
static int state_it(struct options *o, struct conform_levels *levels)
{
	struct conform_statement statement;
	struct romfile rom;
	struct romfile_error refused;

	if (o->level && conform_find_level(levels, o->level) == levels->count) {
		fprintf(stderr, "pvrom: error: --level: found `%s`, expected", o->level);
		for (size_t i = 0; i < levels->count; i++)
			fprintf(stderr, "%s %s", i ? "," : "", levels->level[i].name);
		fputc('\n', stderr);
		return 2;
	}
	if (process_catch_signals()) {
		fprintf(stderr, "pvrom: error: cannot catch signals: %s\n", strerror(errno));
		return 2;
	}
	if (romfile_read_max(&rom, o->path, ROMFILE_DUMP_MAX, &refused)) {
		fprintf(stderr, "pvrom: error: %s\n", refused.text);
		return 2;
	}
	o->request.path = o->path;
	o->request.bytes = rom.bytes;
	o->request.size = rom.size;
	int result = conform_run(&o->request, levels, &statement);
	if (!result)
		result = print(o, &statement);
	if (!result)
		result = status(&statement, o->level);
	conform_free(&statement);
	romfile_free(&rom);
	return result;
}

int pvrom_conform(int argc, char **argv)
{
	static struct options o;
	static struct conform_levels levels;
	struct text path = { 0 };

	o = (struct options){ .request = { .seed = 1, .rounds = LANE_ROUNDS, .qemu = true, .jobs = 2,
					   .folder = pvrom_folder(), .version = pvrom_version } };
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	text_addf(&path, "%s/%s", o.request.folder, CONFORM_LEVELS);
	int result = conform_levels_read(&levels, text_string(&path)) ? 2 : state_it(&o, &levels);
	conform_levels_free(&levels);
	text_free(&path);
	return result;
}
