/* SPDX-License-Identifier: GPL-2.0-only */
/* The comparison of two states of spec/, in parts. */
#ifndef ABIDIFF_SPEC_H
#define ABIDIFF_SPEC_H

#include "abidiff/differ.h"
#include "abigen/model.h"

struct spec_pair {
	const struct model *m, *n; /* the old one, the new one */
	bool newer, major;         /* the new one's version is newer, even a later major */
	bool wide;                 /* of both the part that stands in vmi64.abi */
	struct differences *list;
};

/*
 * Compares all that two models say; both were read without an error. The contract is calls,
 * groups, relocations, flags, reason numbers, and of image.abi all that is not marked private.
 */
void spec_compare(const struct model *old, const struct model *new, struct differences *list);

/*
 * The same for vmi64.abi on top of what spec_compare() was given: what that said is not said again. A
 * model without it has nothing for long mode. Subjects begin with `long mode: `.
 */
void spec_compare_wide(const struct model *old, const struct model *new, struct differences *list);

/* The parts of it. */
struct spec_pair spec_pair_of(const struct model *old, const struct model *new,
			      struct differences *list);
void spec_compare_all(const struct spec_pair *p);
void spec_compare_calls(const struct spec_pair *p);
void spec_compare_image(const struct spec_pair *p);
void spec_compare_structs(const struct spec_pair *p);
/* Flags and constants: all sets of one of the kinds. */
struct spec_sets {
	const char *kind, *item;           /* for the subject */
	const struct bit_set *old, *new;
	size_t old_count, new_count;
	const char *old_path, *new_path;
	bool bits; /* a new value must be free in its set */
};
void spec_compare_sets(const struct spec_pair *p, const struct spec_sets *sets);

/* The file that a stanza stands in, if that is vmi64.abi, else `path`. */
const char *spec_path(const struct model *m, const struct stanza *s, const char *path);

struct side spec_side(const char *path, int line, const char *text);
/* What the first field `key` of a stanza says, or `text` on its line; on the stanza's if there is none. */
struct side spec_field(const char *path, const struct stanza *s, const char *key, const char *text);
/* Nothing of the kind stands in a file. */
struct side spec_nothing(const char *path);
/* The fields `key` of two stanzas, which are words for people. */
void spec_words(const struct spec_pair *p, const char *subject, const char *key,
		struct side a, struct side b);

#endif
