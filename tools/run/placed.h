/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a guest placed its module, from its lines. */
#ifndef RUN_PLACED_H
#define RUN_PLACED_H

#include "command.h"

/* If there is a module, adds one line about it to `lines`. */
void placed_explain(const struct run_spec *spec, const char *serial, struct words *lines);

#endif
