/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *made(void *object)
{
	if (!object) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return object;
}

char *record_text(const cJSON *object)
{
	return made(cJSON_PrintUnformatted(made((cJSON *)object)));
}

void record_add_hash(cJSON *object, uint64_t hash)
{
	char text[17];
	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	made(cJSON_AddStringToObject(object, "inputs", text));
}

bool record_hash(const cJSON *object, uint64_t *hash)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(object, "inputs");
	if (!cJSON_IsString(text) || strlen(text->valuestring) != 16 ||
	    strspn(text->valuestring, "0123456789abcdef") != 16)
		return false;
	*hash = strtoull(text->valuestring, NULL, 16);
	return true;
}

enum result_status record_status(const cJSON *object)
{
	const cJSON *status = cJSON_GetObjectItemCaseSensitive(object, "status");
	for (enum result_status s = RESULT_PASSED; s <= RESULT_ENVIRONMENT; s++)
		if (cJSON_IsString(status) && !strcmp(status->valuestring, result_status_name(s)))
			return s;
	return RESULT_NONE;
}

void record_add_text(cJSON *object, const char *key, const char *text)
{
	struct text safe = { 0 };
	for (; *text; text++)
		if (*text == '\n' || *text == '\t' || (*text >= ' ' && *text <= '~'))
			text_add(&safe, text, 1);
		else
			text_addf(&safe, "\\x%02x", (unsigned char)*text);
	made(cJSON_AddStringToObject(object, key, text_string(&safe)));
	text_free(&safe);
}

static void add_lines(struct text *log, const char *prefix, const char *lines)
{
	while (*lines) {
		size_t size = strcspn(lines, "\n");
		text_addf(log, "%s%.*s\n", prefix, (int)size, lines);
		lines += size + (lines[size] == '\n');
	}
}

void record_log(const struct cell_result *r, struct text *log)
{
	const char *line = text_string(&r->serial);
	if (r->serial.size > RECORD_LOG_MAX) {
		line += r->serial.size - RECORD_LOG_MAX;
		line += strcspn(line, "\n");
		line += *line == '\n';
		text_addf(log, "[the first %zu bytes are left out]\n",
			  (size_t)(line - r->serial.bytes));
	}
	add_lines(log, "", line);
	for (size_t i = 0; i < r->firmware.notes.count; i++)
		add_lines(log, "firmware: ", r->firmware.notes.list[i]);
	/* At most CELL_STDERR_MAX; what QEMU says first is what matters. */
	if (r->errors.size > RECORD_LOG_MAX)
		text_addf(log, "qemu: %.*s\n[the rest is left out]\n", (int)RECORD_LOG_MAX,
			  r->errors.bytes);
	else
		add_lines(log, "qemu: ", text_string(&r->errors));
}

char *record_make(const struct record *r)
{
	cJSON *object = made(cJSON_CreateObject());
	struct text repeat = { 0 }, log = { 0 };
	record_add_text(object, "cell", r->cell->name);
	record_add_hash(object, r->inputs);
	record_add_text(object, "status", result_status_name(r->status));
	record_add_text(object, "verdict", verdict_name(r->result->verdict));
	record_add_text(object, "why", r->why);
	cJSON *rules = made(cJSON_AddArrayToObject(object, "rules"));
	for (size_t i = 0; i < r->cell->rules.count; i++)
		cJSON_AddItemToArray(rules, made(cJSON_CreateString(r->cell->rules.list[i])));
	/* Whole milliseconds: more digits would differ in print. */
	made(cJSON_AddNumberToObject(object, "seconds",
				     (double)(long)(r->result->seconds * 1000) / 1000));
	made(cJSON_AddNumberToObject(object, "tries", r->tries));
	run_repeat(&r->cell->spec, r->self, &repeat);
	record_add_text(object, "repeat", text_string(&repeat));
	if (r->status != RESULT_PASSED) {
		record_log(r->result, &log);
		record_add_text(object, "log", text_string(&log));
	}
	char *text = record_text(object);
	cJSON_Delete(object);
	text_free(&repeat);
	text_free(&log);
	return text;
}
