/* SPDX-License-Identifier: GPL-2.0-only */
/* From an address in a loaded ROM to the call, the place in its code, and the source line. */
#ifndef ADDR2CALL_H
#define ADDR2CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "romfile/romfile.h"

/* Where Linux and our guest map physical address 0: a ROM is called there, at + its address. */
#define ADDR2CALL_LINEAR 0xC0000000u

struct addr2call; /* a ROM, with what is known of its inside */

/*
 * Opens the ROM file `path`. The .elf beside it (NAME.elf for NAME.rom or NAME) gives symbols
 * and lines; if it is missing, cannot be used, or is another ROM's, `note` says so, and the
 * entries are those that GetRelocationInfo answers in an emulated processor. `note` is ""
 * where the .elf is good. Result: NULL with `error` where nothing can be told: no VMI
 * ROM, or no .elf and no answers either. Close with addr2call_close(), which takes NULL.
 */
struct addr2call *addr2call_open(const char *path, struct romfile_error *note,
				 struct romfile_error *error);
void addr2call_close(struct addr2call *a);

/* The image's length by its length byte, in bytes. */
uint32_t addr2call_length(const struct addr2call *a);

/* What lies at `offset` of the image, below its length, as a line without a line end. */
void addr2call_describe(const struct addr2call *a, uint32_t offset, char *text, size_t size);

/*
 * The offset of `address` in an image of `length` bytes at `base`; both may be linear or virtual
 * addresses, one of each too. Result: false if it is outside.
 */
bool addr2call_offset(uint32_t address, uint32_t base, uint32_t length, uint32_t *offset);

#endif
