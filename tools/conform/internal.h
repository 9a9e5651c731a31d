/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of tools/conform only. */
#ifndef CONFORM_INTERNAL_H
#define CONFORM_INTERNAL_H

#include "conform/conform.h"
#include "run/runlist.h"

/*
 * Adds a check without a text. Result: valid until the next is added.
 */
struct conform_check *conform_add(struct conform_statement *s, enum conform_kind kind,
				  unsigned int number, const char *name, enum verify_result result);

/* V and C. Result: 0, or 2 after a line on stderr. */
int conform_offline(struct conform_statement *s);
/* G and M. Result: 0, or 2 or 3 after a line on stderr. */
int conform_guests(struct conform_statement *s);
/* A list that is booted. */
struct conform_boot {
	const struct run_list *list;
	const struct run_given *given;
	const char *none;    /* why no run is made, or NULL */
	unsigned int before; /* runs of lists before it: numbers go on */
	struct text late;    /* out: the run that did not come to an end, if one did not */
};
/* Boots it. Result: 0, or 2 or 3 after a line on stderr. */
int conform_boot(struct conform_statement *s, struct conform_boot *boot);

/* Before the names of tests in the guest of long mode. */
#define CONFORM_GUEST64 "guest64/"
/* The lowest level that a test concerns; in long mode that of its namesake. */
size_t conform_level_of_test(const struct conform_levels *levels, const char *name);

#endif
