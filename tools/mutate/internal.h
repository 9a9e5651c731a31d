/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of tools/mutate share. */
#ifndef MUTATE_INTERNAL_H
#define MUTATE_INTERNAL_H

#include "mutate/mutate.h"

/* Result: -1. */
int mutate_refuse(struct romfile_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Bytes of the image by its length byte. */
size_t mutate_length(const struct romfile *rom);

/* Appends `size` bytes in whole blocks to the image; *offset: where. Result: 0, or -1. */
int mutate_append(struct romfile *rom, const void *bytes, size_t size, size_t *offset,
		  struct romfile_error *error);

/* code.c: the code of *m and the list of overrides. Result: 0, or -1. */
int mutate_add_code(struct romfile *rom, const struct mutate *m, struct romfile_error *error);

/* code.c: what the directory is to say. Result: 0, or -1. */
int mutate_set_capabilities(struct romfile *rom, const struct mutate *m,
			    struct romfile_error *error);

/*
 * Empties the entries of m->drop64 in the table of the 64-bit ABI, from which our ROM answers; sums
 * follow. Result: 0, or -1 with `error` if there is no such table.
 */
int mutate_drop64(struct romfile *rom, const struct mutate *m, struct romfile_error *error);

#endif
