/* SPDX-License-Identifier: GPL-2.0-only */
/* The result as JSON (docs/abidiff.md). */
#include "abidiff/abidiff.h"
#include "run/rules.h"

#include <cjson/cJSON.h>

static void add_text(cJSON *to, const char *key, const char *text)
{
	if (text)
		cJSON_AddStringToObject(to, key, text);
	else
		cJSON_AddNullToObject(to, key);
}

static void add_state(cJSON *to, const char *key, const struct abi_state *s)
{
	cJSON *object = cJSON_AddObjectToObject(to, key);
	unsigned int major = s->is_rom ? s->rom.header.api_version_maj : s->model.abi_major;
	unsigned int minor = s->is_rom ? s->rom.header.api_version_min : s->model.abi_minor;
	add_text(object, "name", s->name);
	add_text(object, "kind", s->is_rom ? "rom" : "spec");
	add_text(object, "version", differ_format("%u.%u", major, minor));
}

static void add_side(cJSON *to, const char *key, const struct side *s)
{
	cJSON *object = cJSON_AddObjectToObject(to, key);
	add_text(object, "text", s->text);
	add_text(object, "file", s->file);
	if (s->rom || s->at)
		cJSON_AddNumberToObject(object, s->rom ? "offset" : "line", (double)s->at);
}

static void add_difference(cJSON *list, const struct difference *d)
{
	const struct rule *rule = rule_find(differ_format("abi-policy.%d", d->rule));
	cJSON *item = cJSON_CreateObject();
	cJSON_AddItemToArray(list, item);
	add_text(item, "subject", d->subject);
	cJSON_AddBoolToObject(item, "harmful", d->breaks);
	cJSON_AddNumberToObject(item, "rule", d->rule);
	add_text(item, "rule_text", rule ? rule->text : NULL);
	add_side(item, "a", &d->a);
	add_side(item, "b", &d->b);
	add_text(item, "remedy", d->remedy);
	add_text(item, "suppressed", d->excuse);
}

int abi_print_json(const struct abi_state *a, const struct abi_state *b,
		   const struct differences *list)
{
	cJSON *document = cJSON_CreateObject();
	add_state(document, "a", a);
	add_state(document, "b", b);
	add_text(document, "verdict", abi_verdict(list));
	cJSON_AddNumberToObject(document, "breaking", (double)list->breaks);
	cJSON_AddNumberToObject(document, "harmless",
				(double)(list->count - list->breaks - list->suppressed));
	cJSON_AddNumberToObject(document, "suppressed", (double)list->suppressed);
	add_text(document, "note", list->note);
	cJSON *items = cJSON_AddArrayToObject(document, "differences");
	for (size_t i = 0; i < list->count; i++)
		add_difference(items, &list->items[i]);
	char *text = cJSON_Print(document);
	cJSON_Delete(document);
	if (!text) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	puts(text);
	cJSON_free(text);
	return 0;
}
