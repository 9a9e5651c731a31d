/* SPDX-License-Identifier: GPL-2.0-only */
#include "emit.h"

void print_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void print_registers(FILE *out, uint32_t mask, int width, const char *quote)
{
	const char *comma = "";
	for (int i = 0; i < REG_COUNT; i++)
		if (mask & 1u << i) {
			fprintf(out, "%s%s%s%s", comma, quote, reg_name(i, width), quote);
			comma = ", ";
		}
}
