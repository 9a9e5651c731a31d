/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between two states of the ABI, as far as guests and ROMs rely on it, and by which
 * rule of docs/abi-policy.md that is harmful or not.
 */
#ifndef ABIDIFF_DIFFER_H
#define ABIDIFF_DIFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Rules of docs/abi-policy.md by what they are about; the text stands there alone. */
enum abi_rule {
	RULE_VERSION = 1,
	RULE_MINOR = 3,
	RULE_NOTHING_NEW = 4,
	RULE_NEW_CALL = 5,
	RULE_NEW = 6,
	RULE_NEW_FIELD = 7,
	RULE_NEW_REASON = 8,
	RULE_WORDS = 9,
	RULE_CALL = 10,
	RULE_ANSWERS = 11,
	RULE_GROUP = 12,
	RULE_LAYOUT = 13,
	RULE_REASON = 14,
	RULE_END = 15,
	RULE_ROM_CALL = 16,
	RULE_ROM_VERSION = 21,
	RULE_ROM_ANSWER = 22,
	RULE_ROM_TAKEN = 23,
	RULE_ROM_TABLE = 24,
	RULE_ROM_FREE = 25,
	RULES_END
};

/* One side of a difference. */
struct side {
	const char *text; /* what stands there; NULL = nothing of the kind */
	const char *file;
	unsigned long at; /* line, 0 = none in particular; of a ROM the offset */
	bool rom;
};

struct difference {
	bool breaks; /* whoever relied on the first side; else it is harmless */
	int rule;
	const char *subject; /* `call 17 SetCR3: clobber32` */
	struct side a, b;
	const char *remedy;   /* of one that breaks */
	const char *excuse;   /* the reason of its suppression; NULL = none */
};

struct differences {
	struct difference *items;
	size_t count, breaks, suppressed; /* of them; breaks are those without an excuse */
	const char *note; /* what could not be compared; NULL = nothing */
};

/* `remedy`: NULL for that of a promise that was changed. */
void differ_breaks(struct differences *list, int rule, const char *subject, struct side a,
		   struct side b, const char *remedy);
void differ_harmless(struct differences *list, int rule, const char *subject, struct side a,
		     struct side b);
/* Breaks unless both texts are equal. */
void differ_text(struct differences *list, int rule, const char *subject, struct side a,
		 struct side b);
/* Harmless unless both texts are equal. */
void differ_words(struct differences *list, int rule, const char *subject, struct side a,
		  struct side b);
/* Something new: harmless by `rule` if the version is newer, else a break. */
void differ_new(struct differences *list, int rule, const char *subject, struct side a,
		struct side b, bool newer);

/* printf() into memory that stays; exits with status 2 when there is none. */
const char *differ_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
