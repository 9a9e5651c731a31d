/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between two states of spec/, as far as guests and ROMs rely on it. */
#ifndef ABIGEN_COMPARE_H
#define ABIGEN_COMPARE_H

#include "model.h"

struct difference {
	bool breaks; /* the contract of the old state; else it only adds to it */
	const char *subject; /* `call 17 SetCR3: clobber32` */
	const char *was, *is; /* NULL: there was, or is, nothing of the kind */
	const char *remedy;   /* of one that breaks */
};

struct differences {
	struct difference *items;
	size_t count, breaks;
};

/*
 * Compares the contract of `old` with `new`; both were read without an error. The contract is
 * calls, groups, relocations, flags, reason numbers, and of image.abi all that is not marked
 * private. What is new there must come with a newer version of the ABI. Summaries, native
 * texts, clobber lists' names and the names of ROM entries are free.
 */
void compare_models(const struct model *old, const struct model *new, struct differences *list);

/* The part of it that is image.abi's. */
void compare_image(const struct model *old, const struct model *new, struct differences *list);

/* For the parts: notes a difference unless both texts are equal. */
void compare_text(struct differences *list, const char *subject, const char *was, const char *is);
void difference_breaks(struct differences *list, const char *subject, const char *was,
		       const char *is, const char *remedy);
/* Something new: a break unless `version_newer`. */
void difference_new(struct differences *list, const char *subject, const char *is,
		    bool version_newer);
bool version_is_newer(const struct model *old, unsigned major, unsigned minor);
/* printf() into memory that stays. */
const char *compare_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
