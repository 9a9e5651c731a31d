/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's fault inside a ROM, from its lines (guest-shim/rom_fault.h) to source lines. */
#ifndef RUN_FAULT_H
#define RUN_FAULT_H

#include "command.h"

/* Where it was; all zero: no such fault was seen. */
struct fault {
	bool seen;
	char release[32], profile[32]; /* of the ROM, "?" if it does not say */
	unsigned offset;               /* of the fault in the image */
	unsigned caller;               /* the return address into the guest; 0 = not told */
};

/* Takes the next line of the guest. */
void fault_line(struct fault *fault, const char *line);

/*
 * Appends what is known to `lines`, one each: the source line in the ROM, that of the
 * caller in the guest. The ROM's symbols are the .elf beside its .rom.
 */
void fault_explain(const struct fault *fault, const struct run_spec *spec, struct words *lines);

#endif
