/* SPDX-License-Identifier: GPL-2.0-only */
/* Names and source lines of addresses, out of an ELF file with DWARF, by libdw. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/*
 * Opens an ELF file; addresses are as it was linked (a ROM's: offsets in the image).
 * Result: NULL where it cannot be read as one. Close with symbols_close(), which takes NULL.
 */
struct symbols *symbols_open(const char *path);
void symbols_close(struct symbols *symbols);

/* The symbol that `address` lies in: its name, which stays, and the distance. NULL: none. */
const char *symbols_name(struct symbols *symbols, uint64_t address, uint64_t *offset);

/* The source line of `address`: its file, which stays, and the line. NULL: not told. */
const char *symbols_line(struct symbols *symbols, uint64_t address, int *line);

#endif
