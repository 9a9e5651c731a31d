/* SPDX-License-Identifier: GPL-2.0-only */
/* Expands a `matrix` stanza of a run list (its form: runlist.h) into one `run` stanza a cell. */
#ifndef RUN_AXES_H
#define RUN_AXES_H

#include <stddef.h>

#include "stanza/stanza.h"

#define AXES_MAX 16 /* axes of one matrix */

/* Takes a cell's stanza, which goes away afterwards. Result: 0, or -1 after a message. */
typedef int axes_take(void *context, const struct stanza *run);

/*
 * Hands every cell of `matrix`, in the order of its axes (the last one turns
 * fastest), to `take`. `room`: how many cells the list may still have.
 *
 * Result: 0, or -1 after `path:line: error: ...` on stderr.
 */
int axes_expand(const struct stanza_file *file, const struct stanza *matrix, size_t room,
		axes_take *take, void *context);

#endif
