/* SPDX-License-Identifier: GPL-2.0-only */
#include "run_json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmi_abi.h" /* VROM_API_* */

/* What cJSON gives, unless there is no memory: then the program ends, as in text.c. */
static cJSON *sure(cJSON *item)
{
	if (item)
		return item;
	fputs("pvrom: error: out of memory\n", stderr);
	exit(2);
}

/* How many bytes of UTF-8 stand at `s`, 0 if they are none. */
static size_t utf8(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 :
		   s[0] >= 0xF0 && s[0] < 0xF5 ? 4 : 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what lies above the last code point. */
	if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
	    (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return n;
}

/* NULL is null. */
static cJSON *string(const char *value)
{
	struct text safe = { 0 };
	if (!value)
		return sure(cJSON_CreateNull());
	while (*value) {
		size_t n = utf8((const unsigned char *)value);
		if (n)
			text_add(&safe, value, n);
		else
			text_addf(&safe, "\\x%02x", (unsigned char)*value);
		value += n ? n : 1;
	}
	cJSON *item = sure(cJSON_CreateString(text_string(&safe)));
	text_free(&safe);
	return item;
}

static void put(cJSON *object, const char *key, cJSON *value)
{
	if (!cJSON_AddItemToObject(object, key, value))
		sure(NULL);
}

static void put_string(cJSON *object, const char *key, const char *value)
{
	put(object, key, string(value));
}

static void put_number(cJSON *object, const char *key, double value)
{
	put(object, key, sure(cJSON_CreateNumber(value)));
}

/* 0 is null: no ROM and no entry lies there. */
static void put_address(cJSON *object, const char *key, uint64_t value)
{
	char digits[24];
	snprintf(digits, sizeof(digits), "0x%08llx", (unsigned long long)value);
	put_string(object, key, value ? digits : NULL);
}

static cJSON *put_array(cJSON *object, const char *key)
{
	cJSON *array = sure(cJSON_CreateArray());
	put(object, key, array);
	return array;
}

static void append(cJSON *array, cJSON *item)
{
	if (!cJSON_AddItemToArray(array, item))
		sure(NULL);
}

static cJSON *append_object(cJSON *array)
{
	cJSON *object = sure(cJSON_CreateObject());
	append(array, object);
	return object;
}

static void put_words(cJSON *object, const char *key, const struct words *words)
{
	cJSON *array = put_array(object, key);
	for (size_t i = 0; i < words->count; i++)
		append(array, string(words->list[i]));
}

static void put_lines(cJSON *object, const char *key, const char *lines)
{
	cJSON *array = put_array(object, key);
	while (*lines) {
		size_t size = strcspn(lines, "\n");
		struct text line = { 0 };
		text_add(&line, lines, size);
		append(array, string(text_string(&line)));
		text_free(&line);
		lines += size + (lines[size] == '\n');
	}
}

static void put_rom(cJSON *array, const struct why *w)
{
	cJSON *rom = append_object(array), *sources;
	put_string(rom, "file", w->path);
	put_string(rom, "via", w->pci ? "pci" : "option-rom");
	put_string(rom, "fate", why_fate_names[w->fate]);
	put_address(rom, "address", w->address);
	put_number(rom, "file_bytes", (double)w->size);
	put_number(rom, "length", w->length);
	put_string(rom, "guest", why_guest_names[w->guest]);
	put_string(rom, "memory", why_memory_names[w->memory]);
	put_string(rom, "shadow", why_shadow_names[w->shadow]);
	sources = put_array(rom, "sources");
	for (unsigned i = 0; i < WHY_SOURCES; i++)
		if (w->sources & 1u << i)
			append(sources, string(why_source_names[i]));
	put_string(rom, "text", text_string(&w->text));
}

static void put_slot(cJSON *array, const struct bind_line *b)
{
	static const char *const kinds[BIND_KINDS] = { "rom", "nop", "native", "inline" };
	cJSON *slot = append_object(array);
	put_string(slot, "slot", b->slot);
	if (b->number >= 0)
		put_number(slot, "number", b->number);
	else
		put_string(slot, "number", NULL);
	put_string(slot, "call", b->number >= 0 ? b->name : NULL);
	put_string(slot, "kind", kinds[b->kind]);
	put_address(slot, "address", b->address);
	put_string(slot, "how", b->how);
	put_string(slot, "why", b->reason);
}

/* Null for a guest that says nothing of it. */
static void put_became(cJSON *boot, const struct became *b)
{
	cJSON *became, *slots, *slot;
	if (!b->sums) {
		put_string(boot, "became", NULL);
		return;
	}
	became = sure(cJSON_CreateObject());
	put(boot, "became", became);
	put_string(became, "design", b->design);
	for (size_t kind = 0; kind < BECAME_KINDS; kind++)
		put_number(became, became_names[kind], (double)b->kinds[kind]);
	put_number(became, "lines", (double)b->lines);
	slots = put_array(became, "slots");
	for (size_t i = 0; i < b->count; i++) {
		const struct became_slot *s = &b->slots[i];
		slot = append_object(slots);
		put_string(slot, "slot", s->slot);
		put_string(slot, "became", became_names[s->kind]);
		put_string(slot, "call", strcmp(s->call, "-") ? s->call : NULL);
		put_number(slot, "lines", s->lines);
		put_string(slot, "why", *s->why ? s->why : NULL);
	}
}

/* test NAME VERDICT[: detail]; the report has marked a line of another form as unreadable. */
static void put_test(cJSON *array, const char *line)
{
	cJSON *test = append_object(array);
	const char *name = line + strlen("test"), *verdict, *detail;
	struct text word = { 0 };
	name += strspn(name, " ");
	verdict = name + strcspn(name, " ");
	text_add(&word, name, (size_t)(verdict - name));
	put_string(test, "name", text_string(&word));
	text_free(&word);
	verdict += strspn(verdict, " ");
	detail = verdict + strcspn(verdict, ": ");
	text_add(&word, verdict, (size_t)(detail - verdict));
	put_string(test, "verdict", text_string(&word));
	text_free(&word);
	detail += strspn(detail, ": ");
	put_string(test, "detail", *detail ? detail : NULL);
}

static void put_boot(cJSON *array, const struct report *r)
{
	cJSON *boot, *slots, *tests;
	if (r->before)
		put_boot(array, r->before);
	boot = append_object(array);
	put_string(boot, "outcome", *r->outcome ? r->outcome : NULL);
	slots = put_array(boot, "slots");
	for (size_t i = 0; i < r->bind_count; i++)
		put_slot(slots, &r->binds[i]);
	put_became(boot, &r->became);
	tests = put_array(boot, "tests");
	for (size_t i = 0; i < r->tests.count; i++)
		put_test(tests, r->tests.list[i]);
	put_number(boot, "passed", (double)r->passed);
	put_number(boot, "failed", (double)r->failed);
	put_number(boot, "skipped", (double)r->skipped);
	put_words(boot, "notes", &r->notes);
	put(boot, "crashed", sure(cJSON_CreateBool(r->crashed)));
	put_string(boot, "end", *r->end ? r->end : NULL);
}

static void put_client(cJSON *document, const struct client_log *c)
{
	cJSON *client = sure(cJSON_CreateObject());
	put(document, "client", client);
	put_string(client, "kernel", c->kernel);
	put_string(client, "rom", c->rom);
	put_string(client, "platform", c->platform);
	put(client, "uses_rom", sure(cJSON_CreateBool(client_log_uses_rom(c))));
	put_string(client, "clock_event", c->clock_event);
	put_string(client, "clock_source", c->clock_source);
	put_string(client, "reserved_top", c->top);
	put_words(client, "problems", &c->problems);
	put_string(client, "oops", c->oops);
}

static void put_result(cJSON *document, const struct run_spec *spec, const struct cell_result *r)
{
	cJSON *array;
	put_string(document, "verdict", verdict_name(r->verdict));
	put_number(document, "status", r->verdict);
	put_string(document, "why", text_string(&r->why));
	array = put_array(document, "roms");
	for (size_t i = 0; i < r->whys.count; i++)
		put_rom(array, &r->whys.roms[i]);
	array = put_array(document, "boots");
	if (!spec->own)
		put_boot(array, &r->report);
	if (spec->own)
		put_client(document, &r->client);
	else
		put_string(document, "client", NULL);
	put_words(document, "firmware", &r->firmware.notes);
	if (r->tpm.count)
		put_words(document, "tpm", &r->tpm);
	put_lines(document, "qemu", text_string(&r->errors));
}

void run_json(const struct run_spec *spec, const struct cell_result *result, const char *version,
	      struct text *to)
{
	cJSON *document = sure(cJSON_CreateObject());
	struct words command = { 0 };
	char abi[16];
	snprintf(abi, sizeof(abi), "%u.%u", VROM_API_MAJOR, VROM_API_MINOR);
	put_number(document, "format", RUN_JSON_FORMAT);
	put_string(document, "pvrom", version);
	put_string(document, "abi", abi);
	run_command(spec, "/dev/stderr", NULL, &command);
	put_words(document, "command", &command);
	words_free(&command);
	if (result)
		put_result(document, spec, result);
	char *bytes = cJSON_Print(document);
	if (!bytes)
		sure(NULL);
	text_addf(to, "%s\n", bytes);
	cJSON_free(bytes);
	cJSON_Delete(document);
}
