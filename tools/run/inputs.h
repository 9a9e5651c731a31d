/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run depends on, as a number: a result counts for as long as that stays the same. */
#ifndef RUN_INPUTS_H
#define RUN_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct run_cell;

#define HASH_START 0xcbf29ce484222325u
/* FNV-1a of 64 bits over `bytes`, going on from `hash`. It tells changes, not forgeries. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* Hashes of files, each read once. All zero is the empty one. */
struct file_hashes {
	struct words paths;
	uint64_t *values;
};

/*
 * The hash of the cell's fields and of its ROM files, kernel, initrd and disk. A file that
 * cannot be read counts by its name alone: the run itself will say so.
 */
uint64_t inputs_hash(const struct run_cell *cell, struct file_hashes *files);
void file_hashes_free(struct file_hashes *files);

#endif
