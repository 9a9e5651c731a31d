/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the option-ROM window is mapped. The command line says, with window-at=:
 *
 *   near            in reach of the kernel's calls: the default
 *   far             in the upper half, out of their reach
 *   low             above 4 GiB in the lower half
 *   SEED            a number: one of many places, chosen by it
 *   odd             as near, a page away from where the ROM finds its state: it takes itself for a
 *                   copy (VROM_LINEAR_STEP)
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* Takes over the word behind window-at=; NULL is the default. False if it is none of these. */
bool window_choose(const char *word);
/* The address of the first page of the window. */
uintptr_t window_place(void);

#endif
