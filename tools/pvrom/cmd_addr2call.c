/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom addr2call: which call an address in a loaded ROM belongs to. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr2call/addr2call.h"
#include "pvrom.h"
#include "run/text.h"
#include "stanza/stanza.h" /* stanza_number */

struct options {
	const char *rom;
	bool have_base;
	uint32_t base;
	uint32_t *addresses;
	size_t count;
};

enum { KEY_ROM = 0x100, KEY_BASE };

static uint32_t number(const char *what, const char *arg, struct argp_state *state)
{
	unsigned long long n;

	if (!stanza_number(arg, UINT32_MAX, &n))
		argp_error(state, "%s: found `%s`, expected a number below 2^32, as 0xc00cbe7c", what,
			   arg);
	return (uint32_t)n;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_ROM: o->rom = arg; return 0;
	case KEY_BASE:
		o->base = number("--base", arg, state);
		if (o->base % VROM_WINDOW_STEP)
			argp_error(state, "--base: found `%s`, expected a multiple of 0x%x, where a "
				   "ROM can begin", arg, VROM_WINDOW_STEP);
		o->have_base = true;
		return 0;
	case ARGP_KEY_ARG:
		o->addresses = grow(o->addresses, (o->count + 1) * sizeof(*o->addresses));
		o->addresses[o->count++] = number("ADDRESS", arg, state);
		return 0;
	case ARGP_KEY_END:
		if (!o->count)
			argp_error(state, "found no address, expected one or more");
		if (!o->have_base)
			argp_error(state, "found no --base, expected the address of the ROM's first "
				   "byte: a `rom:` line of `pvrom run`, or a `vrom` line of a guest, "
				   "has it");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "base", KEY_BASE, "ADDRESS", 0, "where the ROM's first byte lies, as 0xcb000 or 0xc00cb000",
	  0 },
	{ "rom", KEY_ROM, "FILE", 0, "the ROM (default: vmi.rom of the build); its .elf stands beside "
	  "it", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "ADDRESS...",
	"Says which call each address in a loaded ROM belongs to, how far behind which label it "
	"lies, and the line of the source.\v"
	"Base and addresses may be physical, or where Linux maps them (from 0xc0000000 on), one of "
	"each too. Without an .elf beside the ROM the entries are those that GetRelocationInfo "
	"answers in an emulated processor; then the nearest one below is named.",
	NULL, pvrom_help, NULL
};

static int answer(const struct options *o, const char *path, const struct addr2call *a)
{
	uint32_t length = addr2call_length(a), offset;
	int status = 0;

	for (size_t i = 0; i < o->count; i++) {
		char text[512];

		if (addr2call_offset(o->addresses[i], o->base, length, &offset)) {
			addr2call_describe(a, offset, text, sizeof(text));
			printf("0x%08x: %s\n", o->addresses[i], text);
		} else {
			fflush(stdout);
			fprintf(stderr, "pvrom: error: 0x%08x: outside %s: expected 0x%08x to 0x%08x; "
				"check --base\n", o->addresses[i], path, o->base,
				o->base + length - 1);
			status = 1;
		}
	}
	return status;
}

int pvrom_addr2call(int argc, char **argv)
{
	struct options o = { 0 };
	struct romfile_error note, error;
	struct text vmi = { 0 };
	int status = 2;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	text_addf(&vmi, "%s/vmi.rom", pvrom_folder());
	const char *path = o.rom ? o.rom : text_string(&vmi);
	struct addr2call *a = addr2call_open(path, &note, &error);
	if (*note.text)
		fprintf(stderr, "pvrom: note: %s\n", note.text);
	if (a) {
		if (*note.text)
			fprintf(stderr, "pvrom: note: entries are those that the ROM answers in an "
				"emulated processor\n");
		status = answer(&o, path, a);
	} else {
		fprintf(stderr, "pvrom: error: %s\n", error.text);
	}
	addr2call_close(a);
	text_free(&vmi);
	free(o.addresses);
	return status;
}
