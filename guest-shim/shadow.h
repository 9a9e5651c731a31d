/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the memory below the ROM in use can be written: nobody may rely on either. */
#ifndef SHADOW_H
#define SHADOW_H

/*
 * Finds out by trying: inverts one byte in each page of the resident image, looks, puts it back,
 * and prints `note shadow read-only`, `writable`, or `partly writable` with the numbers of pages.
 * Prints nothing without a ROM in the option-ROM window.
 */
void shadow_tell(void);

#endif
