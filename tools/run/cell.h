/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One cell: one guest run in QEMU, from its description to its verdict. Everything that starts QEMU
 * comes here.
 */
#ifndef RUN_CELL_H
#define RUN_CELL_H

#include "client_log.h"
#include "command.h"
#include "firmware.h"
#include "report.h"
#include "why.h"

/* What a guest may write before it is stopped. */
#define CELL_SERIAL_MAX (4u << 20)
#define CELL_FIRMWARE_MAX (4u << 20)
#define CELL_STDERR_MAX (64u << 10)

struct cell_result {
	enum verdict verdict;
	struct text why;     /* one line */
	struct report report;
	struct firmware firmware;
	struct why_list whys; /* what became of each ROM */
	struct words roms;   /* the same as lines: `FILE: what` */
	struct words tpm;    /* likewise, by the TPM's event log */
	struct client_log client; /* of a user's own kernel: spec->own */
	struct words census;      /* the same as lines */
	struct words fault;  /* source lines of a fault inside a ROM: fault_explain() */
	struct text serial;  /* the guest's lines, safe to print */
	struct text log;     /* the firmware's lines */
	struct text errors;  /* QEMU's own messages */
	double seconds;
};

/*
 * Shows a line as it comes; `source` is "", "firmware: ", "qemu: ", "fault: ", "rom: ",
 * "tpm: " or "client: ".
 */
typedef void cell_show(void *context, const char *source, const char *line);

/*
 * Checks the ROM and kernel files, starts QEMU, reads it to its end. `show`
 * may be NULL. The result is filled in whatever happens; free it with
 * cell_free(). May be called in several threads at once.
 *
 * Result: result->verdict.
 */
enum verdict cell_run(const struct run_spec *spec, cell_show *show, void *context,
		      struct cell_result *result);
void cell_free(struct cell_result *result);

/* Checks the files of a run alone. Result: 0, or -1 with one line of reason in `why`. */
int cell_check_files(const struct run_spec *spec, struct text *why);

#endif
