/* SPDX-License-Identifier: GPL-2.0-only */
/* One record at a time: what is held does not grow with the matrix. */
#define _GNU_SOURCE
#include "results.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const results_names[] = { "results.tap", "results.xml", "results.json" };

bool results_mine(const struct store *s, size_t i)
{
	return !s->entries[i].shard || s->entries[i].shard == s->shard;
}

struct results_count results_count(const struct store *s)
{
	struct results_count n = { 0 };
	for (size_t i = 0; i < s->count; i++) {
		if (!results_mine(s, i))
			continue;
		n.passed += s->entries[i].status == RESULT_PASSED;
		n.failed += s->entries[i].status > RESULT_PASSED;
		n.missing += s->entries[i].status == RESULT_NONE;
	}
	return n;
}

/* A text member, or "". */
static const char *member(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	return cJSON_IsString(item) ? item->valuestring : "";
}

/* The rules, joined by blanks. */
static void rules(const cJSON *object, struct text *out)
{
	const cJSON *rule;
	cJSON_ArrayForEach(rule, cJSON_GetObjectItemCaseSensitive(object, "rules"))
		if (cJSON_IsString(rule))
			text_addf(out, "%s%s", out->size ? " " : "", rule->valuestring);
}

static void tap_cell(FILE *out, size_t number, const struct store_entry *e, const cJSON *object)
{
	struct text checked = { 0 };
	rules(object, &checked);
	fprintf(out, "%sok %zu - %s\n  ---\n  rules: '%s'\n  seconds: %.3f\n",
		e->status == RESULT_PASSED ? "" : "not ", number, e->cell, text_string(&checked),
		e->seconds);
	if (e->status != RESULT_PASSED) {
		fprintf(out, "  status: %s\n  why: |\n    %s\n  log: |\n",
			result_status_name(e->status), member(object, "why"));
		for (const char *line = member(object, "log"); *line;) {
			size_t size = strcspn(line, "\n");
			fprintf(out, "    %.*s\n", (int)size, line);
			line += size + (line[size] == '\n');
		}
	}
	fprintf(out, "  repeat: |\n    %s\n  ...\n", member(object, "repeat"));
	text_free(&checked);
}

/* XML; the text has neither control characters nor bytes above ASCII (see record.h). */
static void xml(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			putc(*text, out);
		}
}

static void xml_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	xml(out, value);
	putc('"', out);
}

static void junit_cell(FILE *out, const struct store *s, const struct store_entry *e,
		       const cJSON *object)
{
	struct text checked = { 0 };
	rules(object, &checked);
	fputs("<testcase", out);
	xml_attribute(out, "classname", s->list);
	xml_attribute(out, "name", e->cell);
	fprintf(out, " time=\"%.3f\"><properties><property name=\"rules\"", e->seconds);
	xml_attribute(out, "value", text_string(&checked));
	fputs("/><property name=\"repeat\"", out);
	xml_attribute(out, "value", member(object, "repeat"));
	fputs("/></properties>", out);
	if (e->status == RESULT_NONE) {
		fputs("<skipped message=\"no result\"/>", out);
	} else if (e->status != RESULT_PASSED) {
		const char *tag = e->status == RESULT_FAILED ? "failure" : "error";
		fprintf(out, "<%s", tag);
		xml_attribute(out, "message", member(object, "why"));
		putc('>', out);
		xml(out, member(object, "log"));
		fprintf(out, "</%s>", tag);
	}
	fputs("</testcase>\n", out);
	text_free(&checked);
}

static void head(FILE *out, const struct store *s, enum results_form form)
{
	struct results_count n = results_count(s);
	size_t all = n.passed + n.failed + n.missing, errors = 0;
	for (size_t i = 0; i < s->count; i++)
		errors += results_mine(s, i) && s->entries[i].status == RESULT_ENVIRONMENT;
	switch (form) {
	case RESULTS_TAP:
		fprintf(out, "TAP version 13\n1..%zu\n", all);
		break;
	case RESULTS_JUNIT:
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite", out);
		xml_attribute(out, "name", s->list);
		fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
			all, n.failed - errors, errors, n.missing);
		break;
	default:
		fprintf(out, "{\"format\":%d,\"passed\":%zu,\"failed\":%zu,\"missing\":%zu,"
			"\"cells\":[\n", STORE_FORMAT, n.passed, n.failed, n.missing);
	}
}

static void cells(FILE *out, const struct store *s, enum results_form form)
{
	size_t number = 0, written = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct store_entry *e = &s->entries[i];
		if (!results_mine(s, i))
			continue;
		number++;
		char *text = store_get(s, i);
		cJSON *object = form == RESULTS_JSON ? NULL : cJSON_Parse(text ? text : "{}");
		if (form == RESULTS_JUNIT)
			junit_cell(out, s, e, object);
		else if (form == RESULTS_TAP && text)
			tap_cell(out, number, e, object);
		else if (form == RESULTS_JSON && text)
			fprintf(out, "%s%s", written++ ? ",\n" : "", text);
		cJSON_Delete(object);
		free(text);
	}
}

int results_write(const struct store *s, enum results_form form, const char *path)
{
	static const char *const ends[] = { "", "</testsuite></testsuites>\n", "\n]}\n" };
	struct text name = { 0 };
	text_addf(&name, "%s.new", path);
	FILE *out = fopen(name.bytes, "w");
	int result = -1;
	if (out) {
		head(out, s, form);
		cells(out, s, form);
		fputs(ends[form], out);
		bool whole = !ferror(out);
		if (!fclose(out) && whole)
			result = rename(name.bytes, path);
	}
	if (result)
		fprintf(stderr, "pvrom: error: %s: cannot write the results: %s\n", path,
			strerror(errno));
	text_free(&name);
	return result;
}

int results_write_all(const struct store *s, const char *folder)
{
	int result = 0;
	for (enum results_form form = 0; form < RESULTS_FORMS; form++) {
		struct text path = { 0 };
		text_addf(&path, "%s/%s", folder, results_names[form]);
		result |= results_write(s, form, path.bytes);
		text_free(&path);
	}
	return result;
}
