/* SPDX-License-Identifier: GPL-2.0-only */
#include "model.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_LENGTH 63

void *append(void *array, size_t *count, size_t size)
{
	if (!(*count & (*count - 1))) { /* powers of two only */
		array = realloc(array, (*count ? *count * 2 : 1) * size);
		if (!array) {
			fprintf(stderr, "out of memory\n");
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
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return out;
}

int read_stanzas(struct model *m, const struct stanza_file *file,
		 const struct stanza_reader *readers)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct stanza *s = &file->stanzas[i];
		const struct stanza_reader *r = readers;
		while (r->kind && strcmp(r->kind, s->kind))
			r++;
		if (!r->kind)
			return stanza_error(file, s->line, "unknown stanza `%s`", s->kind);
		if (r->read(m, file, s))
			return -1;
	}
	return 0;
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
				return stanza_error(file, f->line, "field `%s` stands twice", f->key);
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
	if (!f) {
		stanza_error(file, s->line, "`%s %s` has no `%s`", s->kind, s->rest, key);
	} else if (!*f->value) {
		stanza_error(file, f->line, "`%s` is empty", key);
		f = NULL;
	}
	return f;
}

int read_private(const struct stanza_file *file, const struct stanza *s,
		 bool (*mark)(void *context, const char *name), void *context)
{
	const struct stanza_field *f = stanza_field(s, "private");
	size_t count;
	if (!f)
		return 0;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++)
		if (!mark(context, strcmp(words[i], "all") ? words[i] : NULL))
			return stanza_error(file, f->line, "`private` names `%s`, which `%s %s` lacks",
					    words[i], s->kind, s->rest);
	return need(file, s, "private") ? 0 : -1; /* empty */
}

int check_name(const struct stanza_file *file, int line, const char *name)
{
	/* Names that gnu11 takes for itself: keywords, stdbool.h, predefined macros. */
	static const char *const taken[] = {
		"asm", "auto", "bool", "break", "case", "char", "const", "continue", "default", "do",
		"double", "else", "enum", "extern", "false", "float", "for", "goto", "i386", "if",
		"inline", "int", "linux", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "true", "typedef", "typeof", "union", "unix",
		"unsigned", "void", "volatile", "while",
	};
	static const char letters[] =
		"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t length = strspn(name, letters);
	if (!length || name[length] || strspn(name, "0123456789") || length > NAME_MAX_LENGTH)
		return stanza_error(file, line, "`%s` is no name: letters, digits and _, at most %d", name,
				    NAME_MAX_LENGTH);
	for (size_t i = 0; i < COUNT_OF(taken); i++)
		if (!strcmp(name, taken[i]))
			return stanza_error(file, line, "`%s` means something else in C", name);
	return 0;
}

int check_public(const struct stanza_file *file, int line, const char *name)
{
	if (strncasecmp(name, "vmi_", 4) && strncasecmp(name, "vrom", 4))
		return stanza_error(file, line, "`%s` begins neither with vmi_ nor with vrom", name);
	return 0;
}

int claim(struct model *m, const struct stanza_file *file, int line, const char *space,
	  const char *separator, const char *name)
{
	/* Beginnings of what the emitters define on their own account. */
	static const char *const ours[] = {
		"VMI_ABI_H", "VMI_ANSWER", "VMI_CALLS", "VMI_FOR_EACH_CALL", "VMI_GROUPS", "VMI_PROFILE",
		"VMI_REG", "VMI_RELOCATIONS", "struct vmi_call_info", "struct vmi_group_info",
		"struct vmi_reason_info",
	};
	if (check_name(file, line, name))
		return -1;
	char full[2 * NAME_MAX_LENGTH + 4]; /* SPACE has been claimed before, or is ours */
	snprintf(full, sizeof(full), "%s%s%s", space, separator, name);
	for (size_t i = 0; i < COUNT_OF(ours); i++)
		if (!strncmp(full, ours[i], strlen(ours[i])))
			return stanza_error(file, line, "`%s` is one of abigen's own names", full);
	for (size_t i = 0; i < m->claimed_count; i++)
		if (!strcmp(m->claimed[i].name, full))
			return stanza_error(file, line, "`%s` stands twice, first at %s:%d", full,
					    m->claimed[i].path, m->claimed[i].line);
	*APPEND(m->claimed, m->claimed_count) = (struct claimed){ keep(full), file->path, line };
	return 0;
}

int find_group(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->group_count; i++)
		if (!strcmp(m->groups[i].name, name))
			return (int)i;
	return -1;
}

int find_relocation(const struct model *m, const char *word)
{
	for (size_t i = 0; i < m->relocation_count; i++)
		if (!strcmp(m->relocations[i].word, word))
			return (int)i;
	return -1;
}
