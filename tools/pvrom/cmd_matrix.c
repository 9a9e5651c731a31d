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

enum { KEY_LIST = 0x100, KEY_FILTER };

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
	case ARGP_KEY_ARG:
		if (o->path)
			argp_error(state, "unexpected argument `%s`: one run list at a time", arg);
		o->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->path)
			argp_error(state, "expected a run list: FILE.cfg");
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
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.args_doc = "FILE.cfg",
	.doc = "Makes every run that FILE.cfg declares (the form is described in "
	       "tools/run/runlist.h) and compares it with what it expects.\vThe last line is `N "
	       "passed, N failed'. Environment: PVROM_QEMU as for pvrom run.",
	.help_filter = pvrom_help,
};

int pvrom_matrix(int argc, char **argv)
{
	struct run_list list;
	struct options o = { .matrix = { .self = pvrom_self, .out = stdout } };
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
		for (size_t i = 0; i < list.count; i++)
			if (!o.matrix.filter || strstr(list.cells[i].name, o.matrix.filter)) {
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
