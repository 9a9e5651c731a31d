/* SPDX-License-Identifier: GPL-2.0-only */
/* The last step of a ROM's build: check what the linker made, mend both sums. */
#ifndef SIGN_H
#define SIGN_H

#include "romfile/romfile.h"

struct sign_sizes {
	size_t resident; /* bytes that stay in memory after POST */
	size_t file;     /* bytes of the whole image */
};

/*
 * Signs the linked image `rom` in place: its $PnP structure and its first
 * rom_length blocks sum to 0 afterwards. Refused are a bad signature, a length
 * byte that is not the file's length, a PCIR or config block that says another
 * length, a missing $PnP (firmware would start the ROM late), and more than
 * `resident_max` bytes after POST.
 *
 * Result: 0 with `sizes`, or -1 with `error`; the image is then unchanged.
 */
int sign_image(struct romfile *rom, size_t resident_max, struct sign_sizes *sizes,
	       struct romfile_error *error);

#endif
