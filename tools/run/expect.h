/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares what a run showed with what its run list declares. */
#ifndef RUN_EXPECT_H
#define RUN_EXPECT_H

#include "cell.h"
#include "runlist.h"

/*
 * Result: true if everything expected was seen; else false and the first difference in `why`.
 * A run that an erratum excuses is the other way round.
 */
bool expect_met(const struct run_expect *expect, const struct cell_result *result,
		struct text *why);

/* Is `name` the test that `pattern` names, or does it begin as that does before its *? */
bool expect_name_matches(const char *pattern, const char *name);

#endif
