/* SPDX-License-Identifier: GPL-2.0-only */
/* What a Linux kernel with CONFIG_VMI says on its console about the ROM. */
#ifndef RUN_CLIENT_LOG_H
#define RUN_CLIENT_LOG_H

#include "report.h"

/*
 * Looks through the log of a user's own system. Good: it names a ROM that it found, and boots
 * on it. Result: the verdict, with one line of reason added to `why`; a log without either
 * line is VERDICT_FAILED, an empty one VERDICT_NONE. How QEMU ended says nothing here.
 */
enum verdict client_log_verdict(const char *log, struct text *why);

#endif
