/* SPDX-License-Identifier: GPL-2.0-only */
/* A TPM for a run, emulated by swtpm, and what the firmware measured into it. */
#ifndef RUN_TPM_H
#define RUN_TPM_H

#include "command.h"
#include "process.h"

struct run_tpm {
	struct process *process; /* swtpm, or NULL */
	struct text folder, socket;
};

/*
 * Where spec->tpm asks for one: starts swtpm with new state in a folder below TMPDIR, else /tmp, and waits
 * until QEMU can connect. Result: 0, or -1 with one line of reason in `why`; tpm_close()
 * either way. No child outlives this program.
 */
int tpm_open(struct run_tpm *tpm, const struct run_spec *spec, struct text *why);
void tpm_close(struct run_tpm *tpm);

/*
 * Compares each ROM file of a run with what the guest says of the firmware's event log
 * (guest-shim/tpm.c), and adds a line for each to `lines`: `FILE: measured as SHA-1: matches`.
 * Result: false if one differs, or was not measured, which `why` then says, too.
 */
bool tpm_explain(const struct run_spec *spec, const char *serial, struct words *lines,
		 struct text *why);

#endif
