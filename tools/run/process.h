/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs one child to its end, bounded in time, and never leaves it behind. */
#ifndef RUN_PROCESS_H
#define RUN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h" /* enum ending */

/* The child's outputs. PROCESS_FIRMWARE is its file descriptor 3. */
enum process_output { PROCESS_OUT, PROCESS_ERR, PROCESS_FIRMWARE, PROCESS_OUTPUTS };
#define PROCESS_FIRMWARE_PATH "/dev/fd/3"

/* Takes bytes of an output as they come. Result: false to have the child ended (END_FLOOD). */
typedef bool process_sink(void *context, enum process_output output, const char *bytes,
			  size_t size);

/*
 * Starts argv[0] (sought in PATH) in a process group of its own with an empty
 * standard input, hands its outputs to `sink`, and waits until it has ended.
 * After `timeout` seconds, on interruption (see below) or when the sink says
 * so it is ended: SIGTERM, then SIGKILL. If this program dies first, the
 * kernel kills the child. May be called in several threads at once.
 *
 * Result: how it ended; *value as described at enum ending (0 for END_FLOOD).
 */
enum ending process_run(char *const argv[], unsigned timeout, process_sink *sink, void *context,
			int *value);

/*
 * A child that works beside others: the same, but it is not waited for, and its outputs are left
 * unread. process_begin: NULL and an errno in *error where it cannot be started.
 * process_finish: ends it, if it still runs, and frees it.
 */
struct process;
struct process *process_begin(char *const argv[], int *error);
bool process_ended(const struct process *process);
void process_finish(struct process *process);

/*
 * From here on SIGINT, SIGTERM and SIGHUP end every process_run() with
 * END_INTERRUPTED instead of ending this program, unless they are ignored.
 * Call once, before any thread. Result: 0, or -1 with errno.
 */
int process_catch_signals(void);
/* The signal that came, or 0. */
int process_interrupted(void);

#endif
