/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void)
{
	fputs("pvrom: error: out of memory\n", stderr);
	exit(2);
}

void *grow(void *old, size_t size)
{
	void *new = realloc(old, size ? size : 1);
	if (!new)
		out_of_memory();
	return new;
}

/* What a string or list of `size` has room for: a power of two, so that adding stays linear. */
static size_t room(size_t size)
{
	size_t n = 64;
	while (n < size + 1)
		n *= 2;
	return n;
}

void text_add(struct text *text, const char *bytes, size_t size)
{
	if (!text->bytes || room(text->size) != room(text->size + size))
		text->bytes = grow(text->bytes, room(text->size + size));
	if (size)
		memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = 0;
}

static char *vprint(const char *format, va_list args)
{
	char *out;
	if (vasprintf(&out, format, args) < 0)
		out_of_memory();
	return out;
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *more = vprint(format, args);
	va_end(args);
	text_add(text, more, strlen(more));
	free(more);
}

void text_quote(struct text *text, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=.,:/@%";
	if (*word && !word[strspn(word, plain)]) {
		text_add(text, word, strlen(word));
		return;
	}
	text_add(text, "'", 1);
	for (; *word; word++) {
		if (*word == '\'')
			text_add(text, "'\\''", 4);
		else
			text_add(text, word, 1);
	}
	text_add(text, "'", 1);
}

const char *text_string(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

void text_free(struct text *text)
{
	free(text->bytes);
	*text = (struct text){ 0 };
}

void words_add(struct words *words, const char *word)
{
	words_addf(words, "%s", word);
}

void words_addf(struct words *words, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	size_t held = words->count + 1; /* with the NULL; a power of two: they are full */
	if (!(held & (held - 1)))
		words->list = grow(words->list, 2 * held * sizeof(*words->list));
	words->list[words->count++] = vprint(format, args);
	words->list[words->count] = NULL;
	va_end(args);
}

bool words_contain(const struct words *words, const char *word)
{
	size_t i = 0;
	while (i < words->count && strcmp(words->list[i], word))
		i++;
	return i < words->count;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct words){ 0 };
}
