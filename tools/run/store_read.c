/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a store, believing no line of it without its hash. */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "inputs.h"
#include "record.h"
#include "runlist.h" /* RUN_CELLS_MAX */
#include "store.h"

struct reader {
	struct store *store;
	struct store_faults *faults;
	char *line; /* STORE_LINE_MAX characters */
	long at;    /* where it begins */
	int number;
	void *names; /* of the plan's entries, see tsearch() */
};

static int refuse(const struct reader *r, const char *what)
{
	fprintf(stderr, "pvrom: error: %s:%d: %s; it is no file of results, or was cut off\n",
		r->store->path, r->number, what);
	return -1;
}

/* Result: false at the end of the file. *whole: the line has its end. */
static bool next_line(struct reader *r, bool *whole)
{
	FILE *in = r->store->file;
	r->at = ftell(in);
	*r->line = 0;
	if (!fgets(r->line, STORE_LINE_MAX, in))
		return false;
	size_t size = strlen(r->line);
	r->number++;
	*whole = size && r->line[size - 1] == '\n';
	if (*whole)
		r->line[size - 1] = 0;
	for (int c = 0; !*whole && c != EOF && c != '\n';) /* too long, or a NUL in it */
		c = getc(in);
	return true;
}

/* The next line's object; NULL if the line is not whole. *end: there is no line left. */
static cJSON *next_object(struct reader *r, bool *end)
{
	bool whole = false;
	char *rest;
	*end = !next_line(r, &whole);
	if (!whole || strspn(r->line, "0123456789abcdef") != 16 || r->line[16] != ' ')
		return NULL;
	const char *object = r->line + 17;
	if (strtoull(r->line, &rest, 16) != hash_bytes(HASH_START, object, strlen(object)))
		return NULL;
	cJSON *json = cJSON_Parse(object);
	if (cJSON_IsObject(json))
		return json;
	cJSON_Delete(json);
	return NULL;
}

/* A whole number of the object. Result: false if it is none from `min` to `max`. */
static bool whole_number(const cJSON *object, const char *key, unsigned min, unsigned max,
			 unsigned *value)
{
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, key);
	if (!cJSON_IsNumber(number) || !(number->valuedouble >= min && number->valuedouble <= max))
		return false;
	*value = (unsigned)number->valuedouble;
	return *value == number->valuedouble;
}

static int read_head(struct reader *r)
{
	bool end;
	unsigned format, shard, shards, cells;
	cJSON *head = next_object(r, &end);
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(head, "list");
	bool good = whole_number(head, "format", 1, STORE_FORMAT, &format) &&
		    cJSON_IsString(list) &&
		    whole_number(head, "shards", 1, RUN_CELLS_MAX, &shards) &&
		    whole_number(head, "shard", 1, shards, &shard) &&
		    whole_number(head, "cells", 0, RUN_CELLS_MAX, &cells);
	if (good) {
		struct store old = *r->store;
		store_start(r->store, list->valuestring, shard, shards, cells);
		r->store->file = old.file;
		r->store->path = old.path;
	}
	cJSON_Delete(head);
	return good ? 0 : refuse(r, "expected the head of a store of format 1");
}

static int compare_entries(const void *a, const void *b)
{
	const struct store_entry *one = a, *other = b;
	return strcmp(one->cell, other->cell);
}

static int read_plan(struct reader *r)
{
	for (size_t i = 0; i < r->store->count; i++) {
		struct store_entry *e = &r->store->entries[i];
		bool end;
		cJSON *plan = next_object(r, &end);
		const cJSON *cell = cJSON_GetObjectItemCaseSensitive(plan, "plan");
		bool good = cJSON_IsString(cell) && record_hash(plan, &e->inputs) &&
			    whole_number(plan, "shard", 0, r->store->shards, &e->shard);
		if (good)
			e->cell = strdup(cell->valuestring);
		cJSON_Delete(plan);
		if (!good || !e->cell)
			return refuse(r, "expected the next cell of the plan");
		struct store_entry **known = tsearch(e, &r->names, compare_entries);
		if (*known != e)
			return refuse(r, "a cell stands in the plan twice");
	}
	return 0;
}

/* A result's line: noted in its entry, or counted as a fault. */
static void take_result(struct reader *r, const cJSON *object)
{
	const cJSON *cell = cJSON_GetObjectItemCaseSensitive(object, "cell");
	const cJSON *seconds = cJSON_GetObjectItemCaseSensitive(object, "seconds");
	struct store_entry key = { 0 };
	enum result_status status = record_status(object);
	struct store_entry **found = NULL;
	r->faults->line = r->number;
	if (!cJSON_IsString(cell) || !record_hash(object, &key.inputs) ||
	    status == RESULT_NONE || !cJSON_IsNumber(seconds)) {
		r->faults->torn++;
		return;
	}
	key.cell = cell->valuestring;
	found = tfind(&key, &r->names, compare_entries);
	if (!found || (*found)->inputs != key.inputs) {
		r->faults->foreign++;
	} else if ((*found)->status != RESULT_NONE) {
		r->faults->twice++;
	} else {
		(*found)->status = status;
		(*found)->seconds = seconds->valuedouble;
		(*found)->at = r->at + 17;
		(*found)->size = strlen(r->line + 17);
	}
}

static void read_results(struct reader *r)
{
	for (bool end = false; !end;) {
		cJSON *object = next_object(r, &end);
		if (object) {
			take_result(r, object);
		} else if (!end) {
			r->faults->torn++;
			r->faults->line = r->number;
		}
		cJSON_Delete(object);
	}
}

static void keep_entry(void *entry)
{
	(void)entry;
}

int store_read(struct store *s, const char *path, struct store_faults *faults)
{
	struct reader r = { .store = s, .faults = faults };
	*faults = (struct store_faults){ 0 };
	*s = (struct store){ .path = strdup(path), .file = fopen(path, "r") };
	if (!s->file) {
		fprintf(stderr, "pvrom: error: %s: cannot open the results: %s\n", path,
			strerror(errno));
		return -1;
	}
	r.line = grow(NULL, STORE_LINE_MAX);
	int result = read_head(&r) || read_plan(&r) ? -1 : 0;
	if (!result)
		read_results(&r);
	tdestroy(r.names, keep_entry);
	free(r.line);
	return result;
}
