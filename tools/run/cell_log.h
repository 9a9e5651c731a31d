/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run list leaves behind of each run, for the checks that look at many of them. */
#ifndef RUN_CELL_LOG_H
#define RUN_CELL_LOG_H

#include "cell.h"
#include "runlist.h"

/*
 * Writes FOLDER/NAME.log (a / in the name becomes _), FOLDER made if it is not there: head lines `# KEY VALUE` (kernel,
 * machine, smp, and order, rom, pci, append and qemu as far as the run has them), then the guest's
 * lines. Of a run that was not as expected (`met` false) the file is removed: it proves
 * nothing. What cannot be written is a line on stderr, and no more.
 *
 * folder: NULL = nothing is left behind
 */
void cell_log(const char *folder, const struct run_cell *cell, const struct cell_result *result,
	      bool met);

#endif
