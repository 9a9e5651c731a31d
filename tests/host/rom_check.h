/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold of an image that a loader uses, looked up without the loader's code.
 * It checks less than the loader does: only what could harm a guest.
 */
#ifndef ROM_CHECK_H
#define ROM_CHECK_H

#include <stdint.h>

/* Result: NULL, or what is wrong with the image of which `room` bytes lie at `rom`. */
const char *rom_check(const uint8_t *rom, uint32_t room);

#endif
