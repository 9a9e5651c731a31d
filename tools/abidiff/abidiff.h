/* SPDX-License-Identifier: GPL-2.0-only */
/* Two states of the ABI, each a folder with spec files, a version that is known, or a ROM. */
#ifndef ABIDIFF_H
#define ABIDIFF_H

#include <stdio.h>

#include "abidiff/rom.h"

struct abi_state {
	const char *name; /* as it was asked for */
	bool is_rom;
	struct stanza_file files[3], wide_files[4];
	struct model model; /* unless it is a ROM */
	struct model wide;  /* with its vmi64.abi, if it has one; else as `model` */
	struct rom rom;     /* if it is */
};

/*
 * Result: true if `path` is a regular file; else false after a line on stderr. What is none may
 * have no end.
 */
bool abi_regular(const char *path);

/*
 * Opens what `name` names. Versions lie below `versions`, a folder each; `own` is that of the one
 * that this pvrom was built with. Result: 0, or 2 after a line on stderr.
 */
int abi_open(struct abi_state *state, const char *name, const char *versions);
void abi_close(struct abi_state *state);

/* Says what differs; both states were opened. */
void abi_compare(const struct abi_state *a, const struct abi_state *b, struct differences *list);

/*
 * Excuses the differences that the file `path` names: stanzas `suppress SUBJECT` with the fields
 * `rule N` and `reason TEXT`. Result: 0, or 2 after a line on stderr for each stanza that is
 * wrong or excuses nothing that breaks.
 */
int abi_suppress(struct differences *list, const char *path);

/* Prints the result, as text or as JSON. `harmless`: those too, in the text. Result: 0 or 2. */
int abi_print(const struct abi_state *a, const struct abi_state *b, const struct differences *list,
	      bool harmless);
int abi_print_json(const struct abi_state *a, const struct abi_state *b,
		   const struct differences *list);
/* same, compatible or breaking */
const char *abi_verdict(const struct differences *list);

#endif
