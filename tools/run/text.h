/* SPDX-License-Identifier: GPL-2.0-only */
/* Growing strings. Out of memory ends the program with status 2: there is no other way on. */
#ifndef RUN_TEXT_H
#define RUN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A growing string; all zero is the empty one. `bytes` is NUL-terminated, or NULL while empty. */
struct text {
	char *bytes;
	size_t size; /* without the NUL */
};

void text_add(struct text *text, const char *bytes, size_t size);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends `word` so that a POSIX shell reads it back as one word. */
void text_quote(struct text *text, const char *word);
const char *text_string(const struct text *text); /* "" if empty */
void text_free(struct text *text);

/* An argument vector: strings that it owns, ended by NULL. All zero is the empty one. */
struct words {
	char **list;
	size_t count;
};

void words_add(struct words *words, const char *word);
void words_addf(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool words_contain(const struct words *words, const char *word);
void words_free(struct words *words);

/* realloc() that does not fail. */
void *grow(void *old, size_t size);

#endif
