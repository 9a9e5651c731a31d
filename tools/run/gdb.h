/* SPDX-License-Identifier: GPL-2.0-only */
/* A run under gdb: QEMU waits at its reset, a script connects and loads tools/gdb/pvrom.py. */
#ifndef RUN_GDB_H
#define RUN_GDB_H

#include <sys/types.h>

#include "command.h"

#define RUN_GDB_TIMEOUT 3600u /* seconds for a run with a person in it, if nothing else is said */

struct gdb {
	struct text folder, socket, script; /* paths; empty: there is no gdb */
	pid_t pid;                          /* of the gdb that gdb_start() began, or 0 */
};

/*
 * Makes a folder of its own with the script, and has the run wait for gdb on a socket there.
 * `scripts` is the folder of pvrom.py. Result: 0, or -1 with a line in `why`. End it with
 * gdb_end() in any case.
 */
int gdb_prepare(struct gdb *gdb, struct run_spec *spec, const char *scripts, struct text *why);

/*
 * Starts gdb on this terminal, as soon as QEMU listens. From then on an interrupt from the
 * keyboard is gdb's alone. Call before process_catch_signals(). Result: 0, or -1 with `why`.
 */
int gdb_start(struct gdb *gdb, struct text *why);

/* Waits for the gdb that was started, and removes the folder. */
void gdb_end(struct gdb *gdb);

#endif
