/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes results; store_read.c reads them. */
#define _GNU_SOURCE
#include "store.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputs.h"
#include "record.h"

const char *result_status_name(enum result_status status)
{
	static const char *const names[] = { "none", "passed", "failed", "environment" };
	return names[status];
}

void store_start(struct store *s, const char *list, unsigned shard, unsigned shards, size_t count)
{
	struct text copy = { 0 };
	text_addf(&copy, "%s", list);
	*s = (struct store){ .list = copy.bytes, .shard = shard, .shards = shards,
			     .count = count, .good = true };
	s->entries = grow(NULL, (count + !count) * sizeof(*s->entries));
	memset(s->entries, 0, count * sizeof(*s->entries));
}

static int broken(struct store *s, const char *what)
{
	fprintf(stderr, "pvrom: error: %s: cannot %s: %s\n", s->path ? s->path : "results", what,
		strerror(errno));
	s->good = false;
	return -1;
}

/* One line, which reaches the disk as a whole or has a wrong hash. *at: where its object begins. */
static int write_line(struct store *s, const char *object, long *at)
{
	size_t size = strlen(object);
	uint64_t hash = hash_bytes(HASH_START, object, size);
	if (fseek(s->file, 0, SEEK_END) || (*at = ftell(s->file)) < 0)
		return -1;
	int head = fprintf(s->file, "%016" PRIx64 " ", hash);
	*at += head;
	return head < 0 || fprintf(s->file, "%s\n", object) < 0 ? -1 : 0;
}

static int write_object(struct store *s, cJSON *object)
{
	long at;
	char *text = record_text(object);
	int result = write_line(s, text, &at);
	free(text);
	cJSON_Delete(object);
	return result;
}

int store_create(struct store *s, const char *path)
{
	struct text name = { 0 };
	if (path) {
		text_addf(&name, "%s", path);
		s->path = name.bytes;
		name = (struct text){ 0 };
		text_addf(&name, "%s.new", path);
	}
	s->file = path ? fopen(name.bytes, "w+") : tmpfile();
	text_free(&name);
	if (!s->file)
		return broken(s, "make the file");
	cJSON *head = cJSON_CreateObject();
	cJSON_AddNumberToObject(head, "format", STORE_FORMAT);
	record_add_text(head, "list", s->list);
	cJSON_AddNumberToObject(head, "shard", s->shard);
	cJSON_AddNumberToObject(head, "shards", s->shards);
	cJSON_AddNumberToObject(head, "cells", (double)s->count);
	int result = write_object(s, head);
	for (size_t i = 0; i < s->count && !result; i++) {
		cJSON *plan = cJSON_CreateObject();
		cJSON_AddStringToObject(plan, "plan", s->entries[i].cell);
		record_add_hash(plan, s->entries[i].inputs);
		cJSON_AddNumberToObject(plan, "shard", s->entries[i].shard);
		result = write_object(s, plan);
	}
	return result || fflush(s->file) ? broken(s, "write") : 0;
}

int store_publish(struct store *s)
{
	struct text name = { 0 };
	if (!s->path)
		return 0;
	text_addf(&name, "%s.new", s->path);
	int result = fflush(s->file) || fsync(fileno(s->file)) || rename(name.bytes, s->path);
	text_free(&name);
	s->published = true;
	return result ? broken(s, "write") : 0;
}

void store_add(struct store *s, size_t entry, enum result_status status, double seconds,
	       const char *object)
{
	struct store_entry *e = &s->entries[entry];
	long at;
	if (write_line(s, object, &at) || fflush(s->file) || (s->published && fsync(fileno(s->file)))) {
		broken(s, "write");
		return;
	}
	e->at = at;
	e->size = strlen(object);
	e->status = status;
	e->seconds = seconds;
}

char *store_get(const struct store *s, size_t entry)
{
	const struct store_entry *e = &s->entries[entry];
	if (e->status == RESULT_NONE || fseek(s->file, e->at, SEEK_SET))
		return NULL;
	char *object = grow(NULL, e->size + 1);
	object[fread(object, 1, e->size, s->file)] = 0;
	if (strlen(object) == e->size)
		return object;
	free(object);
	return NULL;
}

void store_free(struct store *s)
{
	for (size_t i = 0; i < s->count && s->entries; i++)
		free(s->entries[i].cell);
	free(s->entries);
	free(s->path);
	free(s->list);
	if (s->file)
		fclose(s->file);
	*s = (struct store){ 0 };
}
