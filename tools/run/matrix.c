/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "matrix.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell.h"
#include "cell_log.h"
#include "expect.h"
#include "process.h"

#define SHOWN_MAX (32u << 10) /* bytes of a failed cell's log that are shown */

struct matrix {
	const struct matrix_options *options;
	const struct run_cell **cells; /* canaries first */
	size_t count, canaries;
	pthread_mutex_t lock; /* guards all below, and the output */
	size_t next, passed, failed;
	bool environment; /* a run could not be made */
};

/* On a terminal: how far it is, in a line that the next one overwrites. */
static void progress(const struct matrix *m, bool wipe)
{
	if (!isatty(fileno(m->options->out)))
		return;
	if (wipe)
		fputs("\r\033[K", m->options->out);
	else
		fprintf(m->options->out, "%zu/%zu", m->passed + m->failed, m->count);
	fflush(m->options->out);
}

/* Prints `lines`, of a long text the end, each line after `prefix`. */
static void print_lines(FILE *out, const char *prefix, const struct text *lines)
{
	const char *line = text_string(lines);
	if (lines->size > SHOWN_MAX) {
		line += lines->size - SHOWN_MAX;
		line += strcspn(line, "\n");
		line += *line == '\n';
		fprintf(out, "    [the first %zu bytes are left out]\n",
			(size_t)(line - lines->bytes));
	}
	while (*line) {
		size_t size = strcspn(line, "\n");
		fprintf(out, "    %s%.*s\n", prefix, (int)size, line);
		line += size + (line[size] == '\n');
	}
}

/* Everything a person needs to look into a failed cell. */
static void print_failure(const struct matrix *m, const struct run_cell *cell,
			  const struct cell_result *r)
{
	FILE *out = m->options->out;
	struct text repeat = { 0 };
	print_lines(out, "", &r->serial);
	for (size_t i = 0; i < r->firmware.notes.count; i++)
		fprintf(out, "    firmware: %s\n", r->firmware.notes.list[i]);
	print_lines(out, "qemu: ", &r->errors);
	run_repeat(&cell->spec, m->options->self, &repeat);
	fprintf(out, "    repeat it: %s\n", text_string(&repeat));
	text_free(&repeat);
}

static void run_one(struct matrix *m, const struct run_cell *cell)
{
	struct cell_result result;
	struct text why = { 0 };
	cell_run(&cell->spec, NULL, NULL, &result);
	bool met = expect_met(&cell->expect, &result, &why);
	cell_log(m->options->logs, cell, &result, met);
	pthread_mutex_lock(&m->lock);
	progress(m, true);
	m->passed += met;
	m->failed += !met;
	m->environment |= result.verdict == VERDICT_ENVIRONMENT;
	if (met)
		fprintf(m->options->out, "ok %s (%.1f s)\n", cell->name, result.seconds);
	else
		fprintf(m->options->out, "not ok %s: %s\n", cell->name, text_string(&why));
	if (!met)
		print_failure(m, cell, &result);
	progress(m, false);
	fflush(m->options->out);
	pthread_mutex_unlock(&m->lock);
	cell_free(&result);
	text_free(&why);
}

static void *worker(void *context)
{
	struct matrix *m = context;
	for (;;) {
		pthread_mutex_lock(&m->lock);
		size_t mine = process_interrupted() ? m->count : m->next;
		if (mine < m->count)
			m->next++;
		pthread_mutex_unlock(&m->lock);
		if (mine >= m->count)
			return NULL;
		run_one(m, m->cells[mine]);
	}
}

/* This thread works too, so it goes on, if slower, where no other can be made. */
static void run_rest(struct matrix *m)
{
	unsigned extra = m->options->jobs - 1, started = 0;
	pthread_t *threads = grow(NULL, extra * sizeof(*threads));
	while (started < extra && !pthread_create(&threads[started], NULL, worker, m))
		started++;
	worker(m);
	while (started)
		pthread_join(threads[--started], NULL);
	free(threads);
}

static void choose(struct matrix *m, const struct run_list *list, bool canaries)
{
	const char *filter = m->options->filter;
	for (size_t i = 0; i < list->count; i++)
		if (list->cells[i].canary == canaries &&
		    (canaries || !filter || strstr(list->cells[i].name, filter)))
			m->cells[m->count++] = &list->cells[i];
}

static bool matches(const struct run_list *list, const char *filter)
{
	for (size_t i = 0; i < list->count; i++)
		if (!filter || strstr(list->cells[i].name, filter))
			return true;
	return false;
}

int matrix_run(const struct run_list *list, const struct matrix_options *options)
{
	struct matrix m = { .options = options, .lock = PTHREAD_MUTEX_INITIALIZER };
	if (!matches(list, options->filter)) {
		fprintf(stderr, "pvrom: error: no run's name contains `%s`; see --list\n",
			options->filter);
		return 2;
	}
	m.cells = grow(NULL, list->count * sizeof(*m.cells));
	choose(&m, list, true);
	m.canaries = m.count;
	choose(&m, list, false);
	while (m.next < m.canaries && !m.failed && !process_interrupted())
		run_one(&m, m.cells[m.next++]);
	bool canary_died = m.failed;
	if (!canary_died)
		run_rest(&m);
	progress(&m, true);
	size_t left = m.count - m.passed - m.failed;
	if (process_interrupted())
		fprintf(options->out, "interrupted: %zu runs were not made\n", left);
	else if (canary_died)
		fprintf(options->out,
			"The canary failed: QEMU, the firmware or the guest is broken, no ROM is "
			"to blame. %zu runs were not made.\n",
			left);
	fprintf(options->out, "%zu passed, %zu failed\n", m.passed, m.failed);
	fflush(options->out);
	free(m.cells);
	if (process_interrupted())
		return 3;
	if (canary_died && m.environment)
		return 2;
	return m.failed ? 1 : 0;
}
