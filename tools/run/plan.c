/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"
#include "results.h"

static bool matches(const struct run_cell *cell, const char *filter)
{
	return !filter || strstr(cell->name, filter);
}

static void choose(struct plan *p, const struct run_list *list, const char *filter, bool canaries,
		   size_t *count)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->cells[i].canary == canaries &&
		    (canaries || matches(&list->cells[i], filter)))
			p->cells[(*count)++] = &list->cells[i];
}

static int choose_all(struct plan *p, const struct run_list *list,
		      const struct matrix_options *o)
{
	struct file_hashes files = { 0 };
	size_t count = 0, match = 0, turn = 0;
	for (size_t i = 0; i < list->count; i++)
		match += matches(&list->cells[i], o->filter);
	if (!match) {
		fprintf(stderr, "pvrom: error: no run's name contains `%s`; see --list\n",
			o->filter);
		return -1;
	}
	p->cells = grow(NULL, list->count * sizeof(const struct run_cell *));
	p->todo = grow(NULL, list->count * sizeof(*p->todo));
	choose(p, list, o->filter, true, &count);
	choose(p, list, o->filter, false, &count);
	store_start(&p->store, o->list, o->shard, o->shards, count);
	for (size_t i = 0; i < count; i++) {
		const struct run_cell *cell = p->cells[i];
		struct store_entry *e = &p->store.entries[i];
		run_set(&e->cell, cell->name);
		e->inputs = inputs_hash(cell, &files);
		e->shard = cell->canary ? 0 : (unsigned)(turn++ % o->shards) + 1;
	}
	file_hashes_free(&files);
	return 0;
}

/* One writer a folder. */
static int lock_folder(struct plan *p, const char *folder)
{
	if (mkdir(folder, 0777) && errno != EEXIST) {
		fprintf(stderr, "pvrom: error: %s: cannot make the folder: %s\n", folder,
			strerror(errno));
		return -1;
	}
	p->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->lock >= 0 && !flock(p->lock, LOCK_EX | LOCK_NB))
		return 0;
	fprintf(stderr, "pvrom: error: %s: cannot use the folder: %s\n", folder,
		errno == EWOULDBLOCK ? "another run writes its results there" : strerror(errno));
	return -1;
}

static int compare_pointers(const void *a, const void *b)
{
	const struct store_entry *const *one = a, *const *other = b;
	return strcmp((*one)->cell, (*other)->cell);
}

/* For each entry of the plan the old one of its name, or NULL. free() it. */
static struct store_entry **pair(const struct plan *p, const struct store *old)
{
	struct store_entry **sorted = grow(NULL, (old->count + 1) * sizeof(*sorted));
	struct store_entry **pairs = grow(NULL, (p->store.count + 1) * sizeof(*pairs));
	for (size_t i = 0; i < old->count; i++)
		sorted[i] = &old->entries[i];
	qsort(sorted, old->count, sizeof(*sorted), compare_pointers);
	for (size_t i = 0; i < p->store.count; i++) {
		const struct store_entry *e = &p->store.entries[i];
		struct store_entry **found =
			bsearch(&e, sorted, old->count, sizeof(*sorted), compare_pointers);
		pairs[i] = found ? *found : NULL;
	}
	free(sorted);
	return pairs;
}

/* Does the old result spare the cell? A canary that did not pass is asked again. */
static bool counts(const struct store_entry *e, const struct store_entry *old, bool only_failed)
{
	if (!old || old->inputs != e->inputs)
		return false;
	return old->status == RESULT_PASSED ||
	       (old->status == RESULT_FAILED && !only_failed && e->shard);
}

/* Copies what counts, and notes what is to be done. */
static void take_over(struct plan *p, const struct store *old, const struct matrix_options *o)
{
	struct store_entry **pairs = pair(p, old);
	size_t changed = 0;
	for (size_t i = 0; i < p->store.count; i++) {
		if (!results_mine(&p->store, i))
			continue;
		const struct store_entry *before = pairs[i];
		bool done = before && before->status != RESULT_NONE;
		if (counts(&p->store.entries[i], before, o->only_failed)) {
			char *object = store_get(old, (size_t)(before - old->entries));
			if (object) {
				store_add(&p->store, i, before->status, before->seconds, object);
				p->kept++;
				free(object);
				continue;
			}
		}
		changed += done && before->inputs != p->store.entries[i].inputs;
		if (!o->only_failed || (done && before->status != RESULT_PASSED))
			p->todo[p->todo_count++] = i;
	}
	if (changed)
		fprintf(o->out, "%zu results are void: their runs, ROMs or kernels changed\n",
			changed);
	if (old->count)
		fprintf(o->out, "%zu results of an earlier run are kept, %zu runs are to be made\n",
			p->kept, p->todo_count);
	free(pairs);
}

static int read_old(struct store *old, const char *path, const struct matrix_options *o)
{
	struct store_faults faults;
	if (!o->resume && !o->only_failed)
		return 0;
	if (o->resume && access(path, F_OK) && errno == ENOENT)
		return 0; /* nothing was done yet */
	if (store_read(old, path, &faults))
		return -1;
	if (faults.torn + faults.foreign + faults.twice)
		fprintf(o->out,
			"%s: %zu lines are not whole or out of place, line %d the last; they count "
			"for nothing\n",
			path, faults.torn + faults.foreign + faults.twice, faults.line);
	return 0;
}

int plan_make(struct plan *p, const struct run_list *list, const struct matrix_options *o)
{
	struct store old = { 0 };
	struct text path = { 0 };
	*p = (struct plan){ .lock = -1 };
	if (o->folder)
		text_addf(&path, "%s/%s", o->folder, STORE_FILE);
	int result = choose_all(p, list, o);
	if (!result && o->folder)
		result = lock_folder(p, o->folder);
	if (!result)
		result = read_old(&old, text_string(&path), o);
	if (!result)
		result = store_create(&p->store, path.bytes);
	if (!result) {
		take_over(p, &old, o);
		result = p->store.good ? store_publish(&p->store) : -1;
	}
	while (p->canaries < p->todo_count && p->cells[p->todo[p->canaries]]->canary)
		p->canaries++;
	store_free(&old);
	text_free(&path);
	return result;
}

void plan_free(struct plan *p)
{
	store_free(&p->store);
	free(p->cells);
	free(p->todo);
	if (p->lock >= 0)
		close(p->lock);
}
