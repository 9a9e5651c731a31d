/* SPDX-License-Identifier: GPL-2.0-only */
/* All of a run in a folder, for looking at later. */
#ifndef RUN_KEEP_H
#define RUN_KEEP_H

#include "cell.h"

/*
 * Makes `folder` if it is not there. Result: 0, or -1 after a line on stderr: it cannot be made,
 * or not be written to.
 */
int keep_open(const char *folder);

/*
 * Writes guest.log, firmware.log, qemu.log, roms.log,
 * verdict, command (one line for a shell) and run.json (run_json.h) into `folder`, and each ROM as
 * N-NAME, with the .map and the .elf beside it if it has them. `version`: of pvrom. Result: 0, or -1 after
 * a line on stderr.
 */
int keep_run(const char *folder, const struct run_spec *spec, const struct cell_result *result,
	     const char *version);

#endif
