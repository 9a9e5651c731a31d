/* SPDX-License-Identifier: GPL-2.0-only */
/* Arguments for every entry that can be called without consequences. */
#ifndef HARMLESS_H
#define HARMLESS_H

#include <stdbool.h>

#include "probe.h"

/*
 * Sets arguments of `call` in `p` that change nothing that matters, for one call; call it
 * again before the next one. False: not to be called so, or not on this processor.
 */
bool harmless_arguments(int call, struct probe *p);

#endif
