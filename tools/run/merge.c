/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "results.h"
#include "store.h"

struct merge {
	struct store *stores;
	size_t count, faults;
};

static void fault(struct merge *m, const char *path, const char *what, const char *cell)
{
	m->faults++;
	fprintf(stderr, "pvrom: error: %s: %s%s%s\n", path, what, cell ? " " : "",
		cell ? cell : "");
}

/* Are both of one matrix, cell for cell, of one list, with the same inputs? */
static void compare_plans(struct merge *m, const struct store *s)
{
	const struct store *first = &m->stores[0];
	size_t i = 0;
	if (s->shards != first->shards)
		fault(m, s->path, "it is of another number of shards than", first->path);
	while (i < s->count && i < first->count &&
	       !strcmp(s->entries[i].cell, first->entries[i].cell) &&
	       s->entries[i].inputs == first->entries[i].inputs)
		i++;
	if (i < s->count || i < first->count)
		fault(m, s->path, "it is of another list, ROM or kernel than the first, from cell",
		      (i < s->count ? s : first)->entries[i].cell);
}

static void read_stores(struct merge *m, char *const from[])
{
	for (size_t i = 0; i < m->count; i++) {
		struct store_faults faults;
		struct text path = { 0 }, line = { 0 };
		text_addf(&path, "%s/%s", from[i], STORE_FILE);
		if (store_read(&m->stores[i], path.bytes, &faults))
			m->faults++;
		text_addf(&line, "line %d", faults.line);
		if (faults.torn)
			fault(m, path.bytes, "it is not whole: resume that run; found at",
			      text_string(&line));
		if (faults.foreign)
			fault(m, path.bytes, "a result of a cell that is not in its plan, in",
			      text_string(&line));
		if (faults.twice)
			fault(m, path.bytes, "a second result of one cell, in", text_string(&line));
		text_free(&path);
		text_free(&line);
	}
}

/* The store that has the one result of cell `i`; of a canary one that did not pass, if any. */
static const struct store *find_result(struct merge *m, size_t i)
{
	const struct store *found = NULL;
	for (size_t k = 0; k < m->count; k++) {
		const struct store *s = &m->stores[k];
		const struct store_entry *e = &s->entries[i];
		if (e->status == RESULT_NONE)
			continue;
		if (e->shard && e->shard != s->shard)
			fault(m, s->path, "a result of another shard's cell:", e->cell);
		else if (found && e->shard)
			fault(m, s->path, "a second result of cell", e->cell);
		else if (!found || e->status != RESULT_PASSED)
			found = s;
	}
	if (!found)
		fault(m, m->stores[0].path, "no store has a result of cell",
		      m->stores[0].entries[i].cell);
	return found;
}

static int write_merged(struct merge *m, const struct store **sources, const char *to)
{
	const struct store *first = &m->stores[0];
	struct store all;
	struct text path = { 0 };
	text_addf(&path, "%s/%s", to, STORE_FILE);
	store_start(&all, first->list, 1, 1, first->count);
	for (size_t i = 0; i < all.count; i++) {
		all.entries[i] = first->entries[i];
		all.entries[i].cell = strdup(first->entries[i].cell);
		all.entries[i].shard = first->entries[i].shard ? 1 : 0;
		all.entries[i].status = RESULT_NONE;
	}
	int result = store_create(&all, path.bytes);
	for (size_t i = 0; i < all.count && !result; i++) {
		const struct store_entry *e = &sources[i]->entries[i];
		char *object = store_get(sources[i], i);
		if (object)
			store_add(&all, i, e->status, e->seconds, object);
		result = !object || !all.good ? -1 : 0;
		free(object);
	}
	if (!result)
		result = store_publish(&all);
	if (!result)
		result = results_write_all(&all, to);
	struct results_count n = results_count(&all);
	if (!result)
		printf("%zu passed, %zu failed\n", n.passed, n.failed);
	store_free(&all);
	text_free(&path);
	return result ? 2 : n.failed ? 1 : 0;
}

int merge_results(char *const from[], size_t count, const char *to)
{
	struct merge m = { .stores = grow(NULL, count * sizeof(*m.stores)), .count = count };
	const struct store **sources = NULL;
	int result = 2;
	memset(m.stores, 0, count * sizeof(*m.stores));
	read_stores(&m, from);
	for (size_t i = 1; i < count && !m.faults; i++)
		compare_plans(&m, &m.stores[i]);
	if (!m.faults) {
		size_t cells = m.stores[0].count;
		sources = grow(NULL, (cells + !cells) * sizeof(const struct store *));
		for (size_t i = 0; i < cells; i++)
			sources[i] = find_result(&m, i);
	}
	if (!m.faults && mkdir(to, 0777) && errno != EEXIST)
		fault(&m, to, "cannot make the folder:", strerror(errno));
	if (!m.faults)
		result = write_merged(&m, sources, to);
	for (size_t i = 0; i < count; i++)
		store_free(&m.stores[i]);
	free(m.stores);
	free(sources);
	return result;
}
