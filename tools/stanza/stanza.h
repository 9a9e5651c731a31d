/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line-oriented stanza form of the spec (.abi files), ROM profiles and run lists.
 *
 * A line at the left margin starts a stanza (kind, then words); the indented
 * lines below it are its fields (key, then the rest of the line). Lines whose
 * first mark is # and empty lines are skipped. Everything is printable ASCII.
 */
#ifndef STANZA_H
#define STANZA_H

#include <stdbool.h>
#include <stddef.h>

struct stanza_field {
	int line;
	char *key;
	char *value; /* rest of the line, trimmed; never NULL */
};

struct stanza {
	int line;
	char *kind;
	char **words; /* words after the kind */
	size_t word_count;
	char *rest; /* everything after the kind, as written */
	struct stanza_field *fields;
	size_t field_count;
};

struct stanza_file {
	char *path;
	struct stanza *stanzas;
	size_t count;
};

/*
 * Reads and parses `path`. Result: 0; else, after printing `path: error: ...` or
 * `path:line: error: ...` to stderr, STANZA_UNREADABLE if the file cannot be read
 * (the environment's fault) or -1 if it is no stanza file. Free with stanza_free()
 * in every case.
 */
#define STANZA_UNREADABLE (-2)
int stanza_read(struct stanza_file *file, const char *path);
void stanza_free(struct stanza_file *file);

/* Prints `path:line: error: ` and the message to stderr. Result: -1. */
int stanza_error(const struct stanza_file *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The first field called `key`, or NULL. */
const struct stanza_field *stanza_field(const struct stanza *stanza, const char *key);

/* Splits `text` in place at blanks. Result: a malloc'ed array of pointers into it. */
char **stanza_words(char *text, size_t *count);

/* Parses a whole word as decimal or 0x hex. Result: false if it is no such number or above `max`. */
bool stanza_number(const char *word, unsigned long long max, unsigned long long *value);

#endif
