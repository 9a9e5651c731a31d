/* SPDX-License-Identifier: GPL-2.0-only */
/* Colours for a person at a terminal, and for nobody else. */
#ifndef PVROM_COLOUR_H
#define PVROM_COLOUR_H

#include <stdio.h>

enum colour { COLOUR_PLAIN, COLOUR_GOOD, COLOUR_BAD, COLOUR_DOUBT, COLOUR_QUIET };

/*
 * Prints `text` in a colour where `out` is a terminal that has any; NO_COLOR in the environment,
 * unless empty, and TERM=dumb mean none.
 */
void colour_print(FILE *out, enum colour colour, const char *text);

#endif
