/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom matrix: a run list, in parallel. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pvrom.h"
#include "run/matrix.h"
#include "run/process.h"
#include "run/text.h"
#include "stanza/stanza.h" /* stanza_number */

#define JOBS_MAX 256

struct options {
	struct matrix_options matrix;
	const char *path;
	int list;
};

enum { KEY_LIST = 0x100, KEY_FILTER, KEY_SHARD, KEY_RESULTS, KEY_RESUME, KEY_ONLY_FAILED, KEY_REPORT };

static void shard(struct options *o, char *arg, struct argp_state *state)
{
	unsigned long long which, of;
	char *slash = strchr(arg, '/');
	if (slash)
		*slash = 0;
	bool good = slash && stanza_number(arg, RUN_CELLS_MAX, &which) && which &&
		    stanza_number(slash + 1, RUN_CELLS_MAX, &of) && which <= of;
	if (slash)
		*slash = '/';
	if (!good)
		argp_error(state, "--shard: found `%s`, expected I/N, as 1/4 to 4/4", arg);
	o->matrix.shard = (unsigned)which;
	o->matrix.shards = (unsigned)of;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	unsigned long long n;
	switch (key) {
	case 'j':
		if (!stanza_number(arg, JOBS_MAX, &n) || !n)
			argp_error(state, "--jobs: found `%s`, expected a number from 1 to %d", arg,
				   JOBS_MAX);
		o->matrix.jobs = (unsigned)n;
		return 0;
	case KEY_LIST:
		o->list = 1;
		return 0;
	case KEY_FILTER:
		o->matrix.filter = arg;
		return 0;
	case 'v':
		o->matrix.verbose = true;
		return 0;
	case KEY_SHARD:
		shard(o, arg, state);
		return 0;
	case KEY_RESULTS:
		o->matrix.folder = arg;
		return 0;
	case KEY_RESUME:
		o->matrix.resume = true;
		return 0;
	case KEY_ONLY_FAILED:
		o->matrix.only_failed = true;
		return 0;
	case KEY_REPORT + RESULTS_TAP:
	case KEY_REPORT + RESULTS_JUNIT:
	case KEY_REPORT + RESULTS_JSON:
		o->matrix.reports[key - KEY_REPORT] = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->path)
			argp_error(state, "unexpected argument `%s`: one run list at a time", arg);
		o->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->path)
			argp_error(state, "expected a run list: FILE.cfg");
		if ((o->matrix.resume || o->matrix.only_failed) && !o->matrix.folder)
			argp_error(state, "--resume and --only-failed need --results=DIR");
		if (o->matrix.resume && o->matrix.only_failed)
			argp_error(state, "--resume and --only-failed exclude each other");
		o->matrix.list = o->path;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "jobs", 'j', "N", 0, "runs at once, default: one for each processor", 0 },
	{ "list", KEY_LIST, NULL, 0, "show the names and run nothing", 0 },
	{ "filter", KEY_FILTER, "TEXT", 0, "only runs whose name contains TEXT, after the canaries",
	  0 },
	{ "verbose", 'v', NULL, 0, "say of each run how to repeat it; with --list what it expects",
	  0 },
	{ "shard", KEY_SHARD, "I/N", 0, "the Ith of N parts; each makes the canaries", 0 },
	{ "results", KEY_RESULTS, "DIR", 0,
	  "keep the results there, each at once, and write results.tap, .xml and .json", 0 },
	{ "resume", KEY_RESUME, NULL, 0, "make only the runs that have no result in DIR", 0 },
	{ "only-failed", KEY_ONLY_FAILED, NULL, 0, "make only the runs that failed by DIR", 0 },
	{ "tap", KEY_REPORT + RESULTS_TAP, "FILE", 0, "also write the results as TAP 13", 0 },
	{ "junit", KEY_REPORT + RESULTS_JUNIT, "FILE", 0, "... as JUnit XML", 0 },
	{ "json", KEY_REPORT + RESULTS_JSON, "FILE", 0, "... as JSON", 0 },
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.args_doc = "FILE.cfg\nmerge DIR... -o DIR",
	.doc = "Makes every run that FILE.cfg declares (the form is described in "
	       "tools/run/runlist.h) and compares it with what it expects; or puts the results "
	       "of shards together.docs/matrix.md tells how these options go together. The last line is `N "
	       "passed, N failed'. Environment: PVROM_QEMU as for pvrom run.",
	.help_filter = pvrom_help,
};

int pvrom_matrix(int argc, char **argv)
{
	struct run_list list;
	struct options o = { .matrix = { .self = pvrom_self, .out = stdout, .shard = 1,
					  .shards = 1 } };
	if (argc > 1 && !strcmp(argv[1], "merge"))
		return pvrom_matrix_merge(argc - 1, argv + 1);
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (processors > JOBS_MAX)
		processors = JOBS_MAX;
	o.matrix.jobs = processors < 1 ? 1 : (unsigned)processors;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	int status = 2;
	/* build/report/cells/NAME for tests/runs/NAME.cfg */
	struct text logs = { 0 };
	const char *slash = strrchr(o.path, '/'), *name = slash ? slash + 1 : o.path;
	text_addf(&logs, "%s/report/cells/%.*s", pvrom_folder(), (int)strcspn(name, "."), name);
	o.matrix.logs = text_string(&logs);
	if (run_list_read(&list, o.path, pvrom_folder()))
		goto out;
	if (o.list) {
		size_t shown = 0;
		for (size_t i = 0; i < list.count; i++) {
			if (o.matrix.filter && !strstr(list.cells[i].name, o.matrix.filter))
				continue;
			if (o.matrix.verbose)
				matrix_describe(&list.cells[i], &o.matrix);
			else
				puts(list.cells[i].name);
			shown++;
		}
		status = shown ? 0 : 2;
		if (!shown)
			fprintf(stderr, "pvrom: error: no run's name contains `%s`\n",
				o.matrix.filter);
	} else if (process_catch_signals()) {
		fprintf(stderr, "pvrom: error: cannot catch signals: %s\n", strerror(errno));
	} else {
		status = matrix_run(&list, &o.matrix);
	}
out:
	run_list_free(&list);
	text_free(&logs);
	return status;
}
