// SPDX-License-Identifier: GPL-2.0-only
/* The runs of the list, some at once, and what each of them and each test in them showed. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conform/internal.h"
#include "run/cell.h"
#include "run/expect.h"
#include "run/process.h"

/* More than any guest has; a ROM can write to its console, too. */
#define TESTS_MAX 2000

/* A run that is to be made, or why not. */
struct made {
	struct text skip; /* why not; empty: it applies */
	bool done, met;
	struct cell_result result;
	struct text why;  /* what is not as expected */
};

struct boot {
	const struct run_list *list;
	struct made *made; /* by the list's index */
	pthread_mutex_t lock; /* guards what follows */
	size_t next;
	const struct run_cell *late; /* one that did not end: the others are not tried */
};

static struct conform_check *find_test(struct conform_statement *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->checks[i].kind == CONFORM_GUEST && !strcmp(s->checks[i].name, name))
			return &s->checks[i];
	struct conform_check *c = conform_add(s, CONFORM_GUEST, 0, name, VERIFY_SKIPPED);
	c->level = conform_level_of_test(s->levels, name);
	return c;
}

/* `test NAME VERDICT[: DETAIL]`. Over all runs the worst verdict counts, and passed beats skipped. */
static void take_test(struct conform_statement *s, const struct run_cell *cell, const char *line)
{
	const char *slash = strrchr(cell->spec.kernel, '/');
	const char *kernel = slash ? slash + 1 : cell->spec.kernel;
	const char *start = line + strcspn(line, " "), *name = start + strspn(start, " ");
	size_t length = strcspn(name, " ");
	const char *verdict = name + length + strspn(name + length, " ");
	const char *detail = strstr(verdict, ": ");
	struct text full = { 0 };

	if (strcmp(kernel, RUN_KERNEL))
		text_addf(&full, "%.*s/", (int)strcspn(kernel, "."), kernel);
	text_addf(&full, "%.*s", (int)length, name);
	struct conform_check *c = find_test(s, text_string(&full));
	bool ok = !strncmp(verdict, "ok", 2), skipped = !strncmp(verdict, "skipped", 7);
	enum verify_result result = ok ? VERIFY_PASSED : skipped ? VERIFY_SKIPPED : VERIFY_FAILED;
	/* Of a test that is skipped everywhere the first reason stays. */
	if (result > c->result || (skipped && c->result == VERIFY_SKIPPED && !c->text.size)) {
		text_free(&c->text);
		if (!ok)
			text_addf(&c->text, "%s%s", cell->name, detail ? detail : "");
		c->result = result;
	}
	text_free(&full);
}

/* Is all as expected? Tests that failed are checks of their own. */
static bool run_met(const struct run_cell *cell, const struct cell_result *result, struct text *why)
{
	struct run_expect expect = cell->expect;

	if (result->report.tests.count > TESTS_MAX) {
		text_addf(why, "%zu test lines, expected at most %d", result->report.tests.count,
			  TESTS_MAX);
		return false;
	}
	if (result->verdict == VERDICT_FAILED && result->report.failed)
		expect.status = VERDICT_FAILED;
	return expect_met(&expect, result, why);
}

static void *worker(void *context)
{
	struct boot *b = context;

	for (;;) {
		pthread_mutex_lock(&b->lock);
		size_t mine = b->next;
		while (mine < b->list->count && (b->list->cells[mine].canary || b->made[mine].skip.size))
			mine++;
		if (b->late || process_interrupted())
			mine = b->list->count;
		b->next = mine + 1;
		pthread_mutex_unlock(&b->lock);
		if (mine >= b->list->count)
			return NULL;
		const struct run_cell *cell = &b->list->cells[mine];
		struct made *m = &b->made[mine];
		cell_run(&cell->spec, NULL, NULL, &m->result);
		m->met = run_met(cell, &m->result, &m->why);
		m->done = true;
		if (m->result.seconds < cell->spec.timeout)
			continue;
		pthread_mutex_lock(&b->lock);
		b->late = cell;
		pthread_mutex_unlock(&b->lock);
	}
}

/* This thread works, too, so it goes on where no other can be made. */
static void run_all(struct boot *b, unsigned int jobs)
{
	pthread_t *threads = grow(NULL, jobs * sizeof(*threads));
	unsigned int started = 0;

	while (started + 1 < jobs && !pthread_create(&threads[started], NULL, worker, b))
		started++;
	worker(b);
	while (started)
		pthread_join(threads[--started], NULL);
	free(threads);
}

static void take_run(struct conform_statement *s, struct boot *b, unsigned int before, size_t index)
{
	const struct run_cell *cell = &b->list->cells[index];
	struct made *m = &b->made[index];

	for (const struct report *r = &m->result.report; r; r = r->before)
		for (size_t i = 0; i < r->tests.count && i < TESTS_MAX; i++)
			take_test(s, cell, r->tests.list[i]);
	struct conform_check *c = conform_add(s, CONFORM_RUN, before + (unsigned int)index + 1,
					      cell->name, VERIFY_SKIPPED);
	if (!m->done) {
		text_addf(&c->text, "%s%s", m->skip.size ? text_string(&m->skip) :
			  "a run did not come to an end: ", m->skip.size ? "" : b->late->name);
		return;
	}
	c->result = m->met ? VERIFY_PASSED :
		    m->result.verdict == VERDICT_ENVIRONMENT ? VERIFY_BROKEN : VERIFY_FAILED;
	text_addf(&c->text, "%s%s", text_string(m->met ? &m->result.why : &m->why),
		  m->met && cell->expect.more ? "; its POST may serve more than the emulator knows" :
						"");
}

static int run_canary(const struct run_cell *cell)
{
	struct cell_result result;
	struct text why = { 0 };

	cell_run(&cell->spec, NULL, NULL, &result);
	bool met = expect_met(&cell->expect, &result, &why);
	if (!met && !process_interrupted())
		fprintf(stderr, "pvrom: error: run %s, without the ROM: %s; QEMU, the firmware or the "
			"guest is broken: --no-qemu does without\n", cell->name, text_string(&why));
	text_free(&why);
	cell_free(&result);
	return met ? 0 : 2;
}

/* Notes why the run is not made, if it does not apply. */
static void apply(const struct run_cell *cell, const struct run_given *given, const char *filter,
		  const char *none, struct text *skip)
{
	unsigned int n = 0;

	while (n < VMI_CALLS && (!cell->needs[n] || given->bound[n]))
		n++;
	if (none)
		text_addf(skip, "%s", none);
	else if (filter && !strstr(cell->name, filter))
		text_addf(skip, "left out by --filter");
	else if (n < VMI_CALLS)
		text_addf(skip, "the ROM does not serve call %u %s", n, vmi_calls[n].name);
}

int conform_boot(struct conform_statement *s, struct conform_boot *boot)
{
	const struct run_list *list = boot->list;
	const char *none = boot->none;
	struct boot b = { .list = list, .lock = PTHREAD_MUTEX_INITIALIZER };
	int result = 0;

	b.made = grow(NULL, list->count * sizeof(*b.made));
	memset(b.made, 0, list->count * sizeof(*b.made));
	for (size_t i = 0; i < list->count; i++)
		if (!list->cells[i].canary)
			apply(&list->cells[i], boot->given, s->request->filter, none, &b.made[i].skip);
		else if (!none && !result && !process_interrupted())
			result = run_canary(&list->cells[i]);
	if (!result)
		run_all(&b, s->request->jobs);
	for (size_t i = 0; i < list->count; i++) {
		if (!list->cells[i].canary && !result && !process_interrupted())
			take_run(s, &b, boot->before, i);
		text_free(&b.made[i].skip);
		text_free(&b.made[i].why);
		cell_free(&b.made[i].result);
	}
	free(b.made);
	if (b.late)
		text_addf(&boot->late, "%s", b.late->name);
	if (!process_interrupted())
		return result;
	fprintf(stderr, "pvrom: error: interrupted (%s): there is no statement\n",
		strsignal(process_interrupted()));
	return 3;
}
