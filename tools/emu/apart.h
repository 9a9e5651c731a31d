/* SPDX-License-Identifier: GPL-2.0-only */
/* Foreign code may crash the emulator: work on it is done in a process of its own. */
#ifndef EMU_APART_H
#define EMU_APART_H

#include <stddef.h>

/*
 * Runs work(shared) in another process, `shared` being a copy of the `size` bytes at `data`,
 * which get what the work left there. `seconds` of processor time at most; 0 = any.
 * Result: what the work returned (0 to 2); 2 or 3 with a line in `error` (at least 128
 * bytes, else empty) where there was no process, or it crashed or took too long.
 */
int emu_apart(void *data, size_t size, int (*work)(void *shared), unsigned int seconds,
	      char *error, size_t error_size);

#endif
