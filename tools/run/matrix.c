/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "matrix.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "cell_log.h"
#include "expect.h"
#include "plan.h"
#include "process.h"
#include "progress.h"
#include "record.h"
#include "rules.h"

struct matrix {
	const struct matrix_options *options;
	struct plan plan;
	pthread_mutex_t lock; /* guards all below, the plan's store, and the output */
	struct progress progress;
	size_t next;
	bool environment; /* a run could not be made */
	double worked, in_qemu; /* seconds, over all threads */
};

static void print_repeat(const struct run_cell *cell, const struct matrix_options *o)
{
	struct text repeat = { 0 };
	run_repeat(&cell->spec, o->self, &repeat);
	fprintf(o->out, "    repeat it: %s\n", text_string(&repeat));
	text_free(&repeat);
}

static void print_rules(const struct run_cell *cell, FILE *out)
{
	for (size_t i = 0; i < cell->rules.count; i++)
		fprintf(out, "    rule %s: %s\n", cell->rules.list[i],
			rule_find(cell->rules.list[i])->text);
}

void matrix_describe(const struct run_cell *cell, const struct matrix_options *o)
{
	const struct run_expect *e = &cell->expect;
	fprintf(o->out, "%s\n", cell->name);
	print_rules(cell, o->out);
	fprintf(o->out, "    expects: %s", verdict_name(e->status));
	if (e->bound_count)
		fprintf(o->out, ", %zu calls bound", e->bound_count);
	for (size_t i = 0; i < e->reasons.count; i++)
		fprintf(o->out, "%s%s", i ? " or " : ", native boot by ", e->reasons.list[i]);
	for (int n = 0; n < VMI64_CALLS; n++)
		if (e->native[n])
			fprintf(o->out, ", %d native by %s", n, e->native[n]);
	fputc('\n', o->out);
	print_repeat(cell, o);
}

/* Everything a person needs to look into a failed cell. */
static void print_failure(const struct matrix *m, const struct run_cell *cell,
			  const struct cell_result *r)
{
	struct text log = { 0 };
	record_log(r, &log);
	for (const char *line = text_string(&log); *line;) {
		size_t size = strcspn(line, "\n");
		fprintf(m->options->out, "    %.*s\n", (int)size, line);
		line += size + (line[size] == '\n');
	}
	text_free(&log);
	print_rules(cell, m->options->out);
}

static void print_cell(const struct matrix *m, const struct record *r)
{
	FILE *out = m->options->out;
	bool passed = r->status == RESULT_PASSED;
	if (passed)
		fprintf(out, "ok %s (%.1f s)", r->cell->name, r->result->seconds);
	else
		fprintf(out, "not ok %s: %s", r->cell->name, r->why);
	for (size_t i = 0; i < r->cell->rules.count; i++)
		fprintf(out, "%s%s", i ? " " : " [rule ", r->cell->rules.list[i]);
	fputs(r->cell->rules.count ? "]" : "", out);
	fputs(r->tries > 1 ? ", second try\n" : "\n", out);
	if (!passed)
		print_failure(m, r->cell, r->result);
	if (!passed || m->options->verbose)
		print_repeat(r->cell, m->options);
}

static void run_one(struct matrix *m, size_t entry)
{
	const struct run_cell *cell = m->plan.cells[entry];
	struct cell_result result;
	struct text why = { 0 };
	struct record record = { .cell = cell, .inputs = m->plan.store.entries[entry].inputs,
				 .result = &result, .self = m->options->self, .tries = 1 };
	cell_run(&cell->spec, NULL, NULL, &result);
	double in_qemu = result.seconds;
	if (result.verdict == VERDICT_ENVIRONMENT && !process_interrupted()) {
		cell_free(&result);
		cell_run(&cell->spec, NULL, NULL, &result);
		in_qemu += result.seconds;
		record.tries++;
	}
	bool met = expect_met(&cell->expect, &result, &why);
	record.status = met ? RESULT_PASSED :
			result.verdict == VERDICT_ENVIRONMENT ? RESULT_ENVIRONMENT : RESULT_FAILED;
	record.why = text_string(met ? &result.why : &why);
	/* What was interrupted has no result. */
	bool ended = met || !process_interrupted();
	char *object = ended ? record_make(&record) : NULL;
	if (ended)
		cell_log(m->options->logs, cell, &result, met);
	pthread_mutex_lock(&m->lock);
	m->in_qemu += in_qemu;
	progress_wipe(&m->progress);
	if (ended) {
		store_add(&m->plan.store, entry, record.status, result.seconds, object);
		m->environment |= record.status == RESULT_ENVIRONMENT;
		m->progress.done++;
		m->progress.failed += !met;
		print_cell(m, &record);
	}
	progress_show(&m->progress);
	fflush(m->options->out);
	pthread_mutex_unlock(&m->lock);
	free(object);
	cell_free(&result);
	text_free(&why);
}

static void *worker(void *context)
{
	struct matrix *m = context;
	double begin = progress_now();
	for (;;) {
		pthread_mutex_lock(&m->lock);
		size_t mine = process_interrupted() ? m->plan.todo_count : m->next;
		if (mine < m->plan.todo_count)
			m->next++;
		else
			m->worked += progress_now() - begin;
		pthread_mutex_unlock(&m->lock);
		if (mine >= m->plan.todo_count)
			return NULL;
		run_one(m, m->plan.todo[mine]);
	}
}

/* This thread works too, so it goes on, if slower, where no other can be made. */
static void run_rest(struct matrix *m)
{
	unsigned extra = m->options->jobs - 1, started = 0;
	pthread_t *threads = grow(NULL, (extra + 1) * sizeof(*threads));
	while (started < extra && !pthread_create(&threads[started], NULL, worker, m))
		started++;
	worker(m);
	while (started)
		pthread_join(threads[--started], NULL);
	free(threads);
}

/* Result: false if one of them did not pass. */
static bool run_canaries(struct matrix *m)
{
	double begin = progress_now();
	bool alive = true;
	while (m->next < m->plan.canaries && alive && !process_interrupted()) {
		size_t entry = m->plan.todo[m->next++];
		run_one(m, entry);
		alive = m->plan.store.entries[entry].status == RESULT_PASSED ||
			process_interrupted();
	}
	m->worked += progress_now() - begin;
	return alive;
}

static bool write_reports(const struct matrix *m)
{
	const struct matrix_options *o = m->options;
	int result = m->plan.store.good ? 0 : -1;
	for (enum results_form form = 0; form < RESULTS_FORMS; form++)
		if (o->reports[form])
			result |= results_write(&m->plan.store, form, o->reports[form]);
	if (o->folder)
		result |= results_write_all(&m->plan.store, o->folder);
	return !result;
}

int matrix_run(const struct run_list *list, const struct matrix_options *options)
{
	struct matrix m = { .options = options, .lock = PTHREAD_MUTEX_INITIALIZER };
	int status = 2;
	if (plan_make(&m.plan, list, options))
		goto out;
	progress_start(&m.progress, options->out, m.plan.todo_count);
	bool alive = run_canaries(&m);
	if (alive)
		run_rest(&m);
	progress_wipe(&m.progress);
	struct results_count n = results_count(&m.plan.store);
	if (process_interrupted())
		fprintf(options->out, "interrupted: %zu runs were not made\n", n.missing);
	else if (!alive)
		fprintf(options->out,
			"The canary failed: QEMU, the firmware or the guest is broken, no ROM is "
			"to blame. %zu runs were not made.\n",
			n.missing);
	else if (n.missing)
		fprintf(options->out, "%zu cells have no result; --resume makes their runs\n",
			n.missing);
	if (m.progress.done)
		fprintf(options->out, "wall %.1f s, in QEMU %.1f %%\n",
			progress_now() - m.progress.begin, 100 * m.in_qemu / m.worked);
	bool written = write_reports(&m);
	fprintf(options->out, "%zu passed, %zu failed\n", n.passed, n.failed);
	fflush(options->out);
	if (process_interrupted())
		status = 3;
	else if (written && (alive || !m.environment))
		status = n.failed ? 1 : n.missing ? 3 : 0;
out:
	plan_free(&m.plan);
	return status;
}
