/* SPDX-License-Identifier: GPL-2.0-only */
#include "stanza.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grow(void *array, size_t count, size_t size)
{
	/* Powers of two only: grow when count is one. */
	if (count & (count - 1))
		return array;
	void *bigger = realloc(array, (count ? count * 2 : 1) * size);
	if (!bigger) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return bigger;
}

static char *copy(const char *text)
{
	char *out = strdup(text);
	if (!out) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return out;
}

static char *trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	size_t length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = 0;
	return text;
}

char **stanza_words(char *text, size_t *count)
{
	char **words = NULL, *save = NULL;
	*count = 0;
	for (char *w = strtok_r(text, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
		words = grow(words, *count, sizeof(*words));
		words[(*count)++] = w;
	}
	return words;
}

bool stanza_number(const char *word, unsigned long long max, unsigned long long *value)
{
	char *end;
	int base = word[0] == '0' && (word[1] == 'x' || word[1] == 'X') ? 16 : 10;
	if (!isdigit((unsigned char)word[0]))
		return false;
	errno = 0;
	*value = strtoull(word, &end, base);
	return !errno && !*end && *value <= max;
}

int stanza_error(const struct stanza_file *file, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (line)
		fprintf(stderr, "%s:%d: error: ", file->path, line);
	else
		fprintf(stderr, "%s: error: ", file->path);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return -1;
}

static int add_line(struct stanza_file *file, char *text, int line)
{
	bool indented = isspace((unsigned char)text[0]);
	char *body = trim(text);
	if (!*body || *body == '#')
		return 0;
	size_t key_length = strcspn(body, " \t");
	char *rest = trim(body[key_length] ? body + key_length + 1 : body + key_length);
	body[key_length] = 0;
	if (!indented) {
		file->stanzas = grow(file->stanzas, file->count, sizeof(*file->stanzas));
		struct stanza *s = &file->stanzas[file->count++];
		*s = (struct stanza){ .line = line, .kind = copy(body), .rest = copy(rest) };
		char *buffer = copy(rest);
		s->words = stanza_words(buffer, &s->word_count);
		if (!s->word_count)
			free(buffer); /* else words[0] owns it: rest is trimmed, so they start together */
		return 0;
	}
	if (!file->count)
		return stanza_error(file, line, "field `%s` stands before the first stanza", body);
	struct stanza *s = &file->stanzas[file->count - 1];
	s->fields = grow(s->fields, s->field_count, sizeof(*s->fields));
	s->fields[s->field_count++] =
		(struct stanza_field){ .line = line, .key = copy(body), .value = copy(rest) };
	return 0;
}

/* What readers print again, into C, JSON or a terminal, needs no escaping then. */
static int check_bytes(const struct stanza_file *file, const char *text, size_t length, int line)
{
	if (length && text[length - 1] == '\n')
		length--;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c != '\t' && (c < 0x20 || c > 0x7E))
			return stanza_error(file, line, "byte 0x%02x in column %zu; only printable ASCII, "
					    "tabs and line feeds belong here", c, i + 1);
	}
	return 0;
}

int stanza_read(struct stanza_file *file, const char *path)
{
	*file = (struct stanza_file){ .path = copy(path) };
	FILE *in = fopen(path, "r");
	if (!in) {
		stanza_error(file, 0, "cannot open: %s", strerror(errno));
		return STANZA_UNREADABLE;
	}
	char *text = NULL;
	size_t size = 0;
	ssize_t length;
	int line = 0, result = 0;
	while (!result && (length = getline(&text, &size, in)) >= 0) {
		line++;
		result = check_bytes(file, text, (size_t)length, line);
		if (!result)
			result = add_line(file, text, line);
	}
	if (!result && ferror(in)) {
		stanza_error(file, 0, "cannot read: %s", strerror(errno));
		result = STANZA_UNREADABLE;
	}
	free(text);
	fclose(in);
	return result;
}

void stanza_free(struct stanza_file *file)
{
	for (size_t i = 0; i < file->count; i++) {
		struct stanza *s = &file->stanzas[i];
		for (size_t f = 0; f < s->field_count; f++) {
			free(s->fields[f].key);
			free(s->fields[f].value);
		}
		free(s->fields);
		if (s->word_count)
			free(s->words[0]);
		free(s->words);
		free(s->kind);
		free(s->rest);
	}
	free(file->stanzas);
	free(file->path);
	*file = (struct stanza_file){ 0 };
}

const struct stanza_field *stanza_field(const struct stanza *stanza, const char *key)
{
	for (size_t i = 0; i < stanza->field_count; i++)
		if (!strcmp(stanza->fields[i].key, key))
			return &stanza->fields[i];
	return NULL;
}
