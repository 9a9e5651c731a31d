/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run showed, in the words of a run list. */
#ifndef RUN_OBSERVED_H
#define RUN_OBSERVED_H

#include "cell.h"

/*
 * Adds to `to` the expect- fields that this run meets: calls bound, reason of a native boot,
 * tests skipped. Result: 0; or -1 with one line of reason in `why`, where the run was not good
 * or no list can describe it.
 */
int observed_fields(const struct cell_result *result, struct text *to, struct text *why);

#endif
