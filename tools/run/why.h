/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of each ROM of a run, from its file, the firmware's log and the guest's words. */
#ifndef RUN_WHY_H
#define RUN_WHY_H

#include "command.h"
#include "firmware.h"

/*
 * Adds one line for each ROM of `spec` to `lines`: `FILE: what became of it`. What only the
 * file foretells, and the log does not show, is called so. `serial` is the guest's log: its
 * `vrom` lines say what stood in memory when it looked. Never fails: a file that has gone
 * since, or a log that does not fit the files, is said.
 */
void why_explain(const struct run_spec *spec, const struct firmware *firmware, const char *serial,
		 struct words *lines);

#endif
