/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that read run lists share. */
#ifndef RUN_RUNLIST_INTERNAL_H
#define RUN_RUNLIST_INTERNAL_H

#include "runlist.h"
#include "stanza/stanza.h"

/* A field being read: where it stands and what it belongs to. */
struct place {
	const struct stanza_file *file;
	const struct stanza_field *field;
	const char *folder;
	const struct words *skips; /* what `default` stands for in expect-skipped */
	const struct run_given *given; /* NULL: none */
};

enum runlist_key {
	KEY_UNKNOWN,
	KEY_ONCE, /* stands once in a run */
	KEY_MANY,
};

/* How often field `key` may stand in a run. */
enum runlist_key runlist_key(const char *key);

/* Reads field `index` of a run. Result: 0, or -1 after a message. */
int runlist_field(struct place *place, const struct stanza *stanza, size_t index,
		  struct run_cell *cell);

/*
 * Adds the path of a file that a run list names: beside the list if it begins with ./, else
 * sought in `folder`.
 */
void runlist_path(struct words *words, const struct stanza_file *list, const char *folder,
		  const char *path);

/* Says that the field's value is not `what`. Result: -1. */
int runlist_wrong(const struct place *place, const char *what);

/*
 * Hands each blank-separated word of the field to `take`, which says false if it is none of its
 * kind.
 */
int runlist_each_word(const struct place *place, struct run_cell *cell, const char *what,
		      bool (*take)(struct run_cell *, char *));

/* Readers of the expect-... fields. Result: 0, or -1 after a message. */
int runlist_status(const struct place *place, struct run_cell *cell);
int runlist_bound(const struct place *place, struct run_cell *cell);
int runlist_serves(const struct place *place, struct run_cell *cell);
int runlist_reason(const struct place *place, struct run_cell *cell);
int runlist_line(const struct place *place, struct run_cell *cell);
int runlist_skipped(const struct place *place, struct run_cell *cell);
int runlist_native(const struct place *place, struct run_cell *cell);
int runlist_rule(const struct place *place, struct run_cell *cell);

/* Reads `file`, the errata beside the list. Result: 0, or -1 after a message. */
int runlist_errata(struct run_list *list, const struct stanza_file *file);

#endif
