/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "placed.h"

#include <stdlib.h>
#include <string.h>

#include "vmi_abi.h"

static const char mark[] = "note placed 0x";

void placed_explain(const struct run_spec *spec, const char *serial, struct words *lines)
{
	struct text line = { 0 }, used = { 0 };
	unsigned long first = 0, last = 0, count = 0, beyond = 0;
	if (!spec->module)
		return;
	for (const char *at = serial; (at = strstr(at, mark)); count++) {
		at += strlen(mark);
		last = strtoul(at, NULL, 16);
		first = count ? first : last;
		beyond += last >= VROM_CLIENT_WINDOW_END;
	}
	text_addf(&line, "%s: ", spec->module);
	text_addf(&used, "vrom 0x%08lx used ", last);
	if (!count)
		text_addf(&line, "not placed by the guest; use --append place=ADDRESS");
	else if (count == 1)
		text_addf(&line, "placed by the guest at 0x%lx", last);
	else
		text_addf(&line, "placed by the guest at %lu addresses, 0x%lx to 0x%lx", count, first,
			  last);
	if (count)
		text_addf(&line, ", without POST; %s", strstr(serial, text_string(&used)) ?
			  "in use by the guest" : "not used by the guest, see its vrom line");
	if (beyond)
		text_addf(&line, "; warning: the historic client looks below 0x%x only",
			  (unsigned)VROM_CLIENT_WINDOW_END);
	words_add(lines, text_string(&line));
	text_free(&line);
	text_free(&used);
}
