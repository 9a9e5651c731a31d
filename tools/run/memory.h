/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's RAM as a run leaves it: QEMU keeps it in a file without a name that this
 * program holds too, so that it can be looked at when QEMU has gone.
 */
#ifndef RUN_MEMORY_H
#define RUN_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "vmi_abi.h" /* VROM_WINDOW_BASE, VROM_WINDOW_END */

#define MEMORY_WINDOW (VROM_WINDOW_END - VROM_WINDOW_BASE)

struct run_memory {
	int fd; /* -1: none */
	char path[64]; /* for QEMU; "" if none */
};

/*
 * Makes the file. There is none where the system gives none, nor where the run's own QEMU
 * arguments speak of memory: the run then goes on without.
 */
void memory_open(struct run_memory *memory, const struct run_spec *spec);

/*
 * Reads the option-ROM window, MEMORY_WINDOW bytes from VROM_WINDOW_BASE on. Result: false
 * without a file. On isapc the first 128 KiB of the window are not RAM and read as zeros.
 */
bool memory_window(const struct run_memory *memory, uint8_t *to);

void memory_close(struct run_memory *memory);

#endif
