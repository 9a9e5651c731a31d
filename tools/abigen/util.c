/* SPDX-License-Identifier: GPL-2.0-only */
#include "model.h"

#include <stdlib.h>
#include <string.h>

const char *const width_names[WIDTHS] = { "32", "64" };

void *append(void *array, size_t *count, size_t size)
{
	if (!(*count & (*count - 1))) { /* powers of two only */
		array = realloc(array, (*count ? *count * 2 : 1) * size);
		if (!array) {
			fprintf(stderr, "abigen: out of memory\n");
			exit(2);
		}
	}
	memset((char *)array + *count * size, 0, size);
	(*count)++;
	return array;
}

char *keep(const char *text)
{
	char *out = strdup(text);
	if (!out) {
		fprintf(stderr, "abigen: out of memory\n");
		exit(2);
	}
	return out;
}

int check_keys(const struct stanza_file *file, const struct stanza *s, const char *const *keys)
{
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		bool known = false;
		for (const char *const *k = keys; *k; k++) {
			size_t length = strcspn(*k, "*");
			if (strncmp(f->key, *k, length) || f->key[length])
				continue;
			known = true;
			if (!(*k)[length] && stanza_field(s, f->key) != f)
				return stanza_error(file, f->line, "`%s` stands twice", f->key);
		}
		if (!known)
			return stanza_error(file, f->line, "unknown field `%s` in `%s`", f->key, s->kind);
	}
	return 0;
}

const struct stanza_field *need(const struct stanza_file *file, const struct stanza *s,
				const char *key)
{
	const struct stanza_field *f = stanza_field(s, key);
	if (!f)
		stanza_error(file, s->line, "`%s %s` has no `%s`", s->kind, s->rest, key);
	return f;
}

const struct call *find_call(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->call_count; i++)
		if (m->calls[i].used && !m->calls[i].reserved && !strcmp(m->calls[i].name, name))
			return &m->calls[i];
	return NULL;
}

int find_named(const struct named *items, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(items[i].name, name))
			return (int)i;
	return -1;
}
