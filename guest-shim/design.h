/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a kernel is built: the ordinary one (design.c), or one of those in redesign/, which have
 * files of the same names in the place of some of the ordinary ones (docs/redesigns.md).
 */
#ifndef DESIGN_H
#define DESIGN_H

#include <stddef.h>

/*
 * Why this kernel has no use for a slot: it is then not offered to the loader and stays native.
 * NULL: it has. `slot`: its name, as in slots.h.
 */
const char *design_no_user(const char *slot);

/* A slot that only a redesign has. */
struct design_slot {
	const char *slot;
	const char *call; /* the call that its glue is built on; NULL: no call can serve it */
	unsigned lines;   /* of that glue, from glue.h */
	const char *why;
};

/* Ends with a slot of NULL. */
extern const struct design_slot design_slots[];
extern const char design_name[];

#endif
