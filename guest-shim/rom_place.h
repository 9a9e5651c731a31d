/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses in the ROM that is in use, named for people: the call whose entry is nearest. */
#ifndef ROM_PLACE_H
#define ROM_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROM_PLACE_SIZE 64

/* The image in use, as the guest sees it: [*start, *end). False on a native boot. */
bool rom_image(uintptr_t *start, uintptr_t *end);
bool rom_contains(uintptr_t address);
/* Where its VMI_Init is; 0 on a native boot. */
uintptr_t rom_init(void);
/* Where its GetRelocationInfo is that knows all it has; 0 on a native boot. */
uintptr_t rom_get_reloc(void);

/*
 * Writes `CALL+OFFSET of the ROM at BASE` to `to`: the answered call whose entry is the
 * nearest at or below `address`, offset in decimal; `header+OFFSET ...` below all of them.
 * An address outside the image gives "". Returns `to`.
 */
const char *rom_place(uintptr_t address, char to[ROM_PLACE_SIZE]);

#endif
