/* SPDX-License-Identifier: GPL-2.0-only */
/* What the firmware measured into a TPM, by its event log. */
#ifndef TPM_H
#define TPM_H

#include <stdint.h>

/*
 * Prints what the log holds of option ROMs (docs/hardening.md), if ACPI tables below `ram_end`
 * lead to a log. Before paging: all RAM must be reachable, and nothing there taken yet.
 */
void tpm_report(uint32_t ram_end);

#endif
