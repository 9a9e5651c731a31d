/* SPDX-License-Identifier: GPL-2.0-only */
#include "colour.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wanted(FILE *out)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(fileno(out)) && !(none && *none) && term && *term && strcmp(term, "dumb");
}

void colour_print(FILE *out, enum colour colour, const char *text)
{
	static const char *const codes[] = { "", "\033[32m", "\033[31m", "\033[33m", "\033[36m" };
	bool on = colour != COLOUR_PLAIN && *text && wanted(out);
	fprintf(out, "%s%s%s", on ? codes[colour] : "", text, on ? "\033[0m" : "");
}
