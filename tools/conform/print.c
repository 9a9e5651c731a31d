// SPDX-License-Identifier: GPL-2.0-only
/* The statement as lines and as JSON. */
#include <cjson/cJSON.h>
#include <sha2.h>

#include "conform/conform.h"

static const char *level_name(const struct conform_statement *s)
{
	return s->level ? s->levels->level[s->level - 1].name : "none";
}

/* As in a run list: 0-23 26. */
static void print_calls(FILE *out, const bool calls[VMI_CALLS])
{
	const char *before = "; not provided: ";

	for (unsigned int n = 0, end; n < VMI_CALLS; n = end) {
		for (end = n; end < VMI_CALLS && calls[end]; end++)
			;
		if (end == n) {
			end++;
			continue;
		}
		fprintf(out, "%s%u", before, n);
		if (end - n > 1)
			fprintf(out, "-%u", end - 1);
		before = " ";
	}
}

static void print_level(const struct conform_level *level, bool below_missed, FILE *out)
{
	fprintf(out, "%-10s%s: %s", level->reached ? "reached" : "missed", level->name,
		level->summary);
	print_calls(out, level->missing);
	for (size_t i = 0; i < level->failed.count; i++)
		fprintf(out, "%s%s", i ? ", " : "; failed: ", level->failed.list[i]);
	if (below_missed)
		fputs("; a level below it is missed", out);
	fputc('\n', out);
}

int conform_print_text(const struct conform_statement *s, FILE *out)
{
	const struct conform_request *r = s->request;
	char hex[SHA256_DIGEST_STRING_LENGTH];

	fprintf(out, "pvrom     %s conform, VMI %u.%u\nfile      ", r->version, VROM_API_MAJOR,
		VROM_API_MINOR);
	verify_print_plain(out, r->path);
	fprintf(out, "\nsize      %zu\nsha256    %s\nversion   ", r->size,
		SHA256Data(r->bytes, r->size, hex));
	if (s->major)
		fprintf(out, "VMI %u.%u\n", s->major, s->minor);
	else
		fprintf(out, "none\n");
	fprintf(out, "inputs    seed %llu, %u calls of each entry, %s%s\n", (unsigned long long)r->seed,
		(unsigned int)r->rounds, !r->qemu ? "without QEMU" :
		r->filter ? "runs in QEMU with this in their name: " : "guests in QEMU",
		r->qemu && r->filter ? r->filter : "");
	fprintf(out, "level     %s%s\n", level_name(s), !r->qemu ? ", as far as no guest was booted" :
		r->filter ? ", as far as these runs show" : "");
	for (size_t i = 0; i < s->levels->count; i++)
		print_level(&s->levels->level[i], i > s->level, out);
	for (size_t i = 0; i < s->count; i++) {
		static const char *const results[] = { "skipped", "passed", "failed", "broken" };
		const struct conform_check *c = &s->checks[i];
		struct text id = { 0 };

		conform_id(c, &id);
		fprintf(out, "%-8s  %-3s %s%s%s\n", results[c->result], text_string(&id), c->name,
			c->text.size ? ": " : "", text_string(&c->text));
		text_free(&id);
	}
	fprintf(out, "%zu passed, %zu failed, %zu skipped, %zu without a verdict\n",
		conform_tally(s, VERIFY_PASSED), conform_tally(s, VERIFY_FAILED),
		conform_tally(s, VERIFY_SKIPPED), conform_tally(s, VERIFY_BROKEN));
	return 0;
}

static void add_levels(cJSON *document, const struct conform_levels *levels)
{
	cJSON *list = cJSON_AddArrayToObject(document, "levels");

	for (size_t i = 0; i < levels->count; i++) {
		const struct conform_level *level = &levels->level[i];
		cJSON *item = cJSON_CreateObject();

		cJSON_AddItemToArray(list, item);
		cJSON_AddStringToObject(item, "name", level->name);
		cJSON_AddStringToObject(item, "summary", level->summary);
		cJSON_AddBoolToObject(item, "reached", level->reached);
		cJSON *missing = cJSON_AddArrayToObject(item, "missing");
		for (unsigned int n = 0; n < VMI_CALLS; n++)
			if (level->missing[n])
				cJSON_AddItemToArray(missing, cJSON_CreateNumber(n));
		cJSON *failed = cJSON_AddArrayToObject(item, "failed");
		for (size_t k = 0; k < level->failed.count; k++)
			cJSON_AddItemToArray(failed, cJSON_CreateString(level->failed.list[k]));
	}
}

static void add_checks(cJSON *document, const struct conform_statement *s)
{
	static const char *const kinds[] = { "verify", "call", "guest", "run" };
	static const char *const results[] = { "skipped", "passed", "failed", "no verdict" };
	cJSON *list = cJSON_AddArrayToObject(document, "checks");

	for (size_t i = 0; i < s->count; i++) {
		const struct conform_check *c = &s->checks[i];
		struct text id = { 0 };
		cJSON *item = cJSON_CreateObject();

		conform_id(c, &id);
		cJSON_AddItemToArray(list, item);
		cJSON_AddStringToObject(item, "id", text_string(&id));
		cJSON_AddStringToObject(item, "kind", kinds[c->kind]);
		cJSON_AddStringToObject(item, "name", c->name);
		if (c->level < s->levels->count)
			cJSON_AddStringToObject(item, "level", s->levels->level[c->level].name);
		cJSON_AddStringToObject(item, "result", results[c->result]);
		if (c->text.size)
			cJSON_AddStringToObject(item, "text", text_string(&c->text));
		text_free(&id);
	}
	for (size_t result = 0; result < sizeof(results) / sizeof(results[0]); result++)
		cJSON_AddNumberToObject(document, results[result],
					(double)conform_tally(s, (enum verify_result)result));
}

int conform_print_json(const struct conform_statement *s, FILE *out)
{
	const struct conform_request *r = s->request;
	char hex[SHA256_DIGEST_STRING_LENGTH], version[24];
	cJSON *document = cJSON_CreateObject();

	cJSON_AddStringToObject(document, "pvrom", r->version);
	cJSON_AddStringToObject(document, "file", r->path);
	cJSON_AddNumberToObject(document, "size", (double)r->size);
	cJSON_AddStringToObject(document, "sha256", SHA256Data(r->bytes, r->size, hex));
	snprintf(version, sizeof(version), "%u.%u", s->major, s->minor);
	if (s->major)
		cJSON_AddStringToObject(document, "version", version);
	else
		cJSON_AddNullToObject(document, "version");
	cJSON_AddNumberToObject(document, "seed", (double)r->seed);
	cJSON_AddNumberToObject(document, "rounds", r->rounds);
	cJSON_AddBoolToObject(document, "qemu", r->qemu);
	if (r->filter)
		cJSON_AddStringToObject(document, "filter", r->filter);
	cJSON_AddStringToObject(document, "level", level_name(s));
	add_levels(document, s->levels);
	add_checks(document, s);
	char *text = cJSON_Print(document);
	cJSON_Delete(document);
	if (!text)
		return -1;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}
