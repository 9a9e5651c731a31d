/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom bind: which ROM a guest would use and what each of its slots would be, offline. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "pvrom.h"
#include "run/command.h" /* run_orders */
#include "stanza/stanza.h" /* stanza_number */

enum { KEY_RANGE = 0x100, KEY_APPEND, KEY_MANDATORY, KEY_ORDER, KEY_WIDTH, KEY_JSON };

static bool version(char *text, uint8_t *major, uint8_t *minor)
{
	unsigned long long a, b;
	char *point = strchr(text, '.');

	if (!point)
		return false;
	*point = 0;
	bool good = stanza_number(text, UINT8_MAX, &a) && stanza_number(point + 1, UINT8_MAX, &b);
	*point = '.';
	if (good) {
		*major = (uint8_t)a;
		*minor = (uint8_t)b;
	}
	return good;
}

static void range(struct bind_request *o, char *arg, struct argp_state *state)
{
	char *dash = strchr(arg, '-');
	uint8_t major2;
	bool good = false;

	if (dash) {
		*dash = 0;
		good = version(arg, &o->range.major, &o->range.minor_min) &&
		       version(dash + 1, &major2, &o->range.minor_max) &&
		       major2 == o->range.major && o->range.minor_min <= o->range.minor_max;
		*dash = '-';
	}
	if (!good)
		argp_error(state,
			   "--range: found `%s`, expected two versions of one major, as 3.0-3.2", arg);
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct bind_request *o = state->input;

	switch (key) {
	case KEY_RANGE: range(o, arg, state); return 0;
	case KEY_APPEND: o->append = arg; return 0;
	case KEY_MANDATORY: o->mandatory = arg; return 0;
	case KEY_ORDER:
		if (!run_allowed(run_orders, arg))
			argp_error(state, "--order: found `%s`, expected name, first or last", arg);
		o->as_given = strcmp(arg, run_orders[0]) != 0;
		return 0;
	case KEY_WIDTH:
		o->long_mode = !strcmp(arg, "64");
		if (!o->long_mode && strcmp(arg, "32"))
			argp_error(state, "--width: found `%s`, expected 32 or 64", arg);
		return 0;
	case KEY_JSON: o->json = true; return 0;
	case ARGP_KEY_ARG:
		if (o->count == BIND_ROMS)
			argp_error(state, "found more than %d ROMs", BIND_ROMS);
		o->paths[o->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->count)
			argp_error(state, "found no file, expected one ROM or more");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "range", KEY_RANGE, "MIN-MAX", 0, "versions that the guest knows, as 3.0-3.2", 0 },
	{ "append", KEY_APPEND, "TEXT", 0, "a guest's command line: its vmi= words count", 0 },
	{ "mandatory", KEY_MANDATORY, "CALL,...", 0,
	  "calls that the guest cannot do without, as its mandatory= word", 0 },
	{ "order", KEY_ORDER, "WORD", 0,
	  "as for pvrom run: name, the default; first and last, as they are given here", 0 },
	{ "width", KEY_WIDTH, "32|64", 0, "the guest's: 32, the default, or 64, in long mode", 0 },
	{ "json", KEY_JSON, NULL, 0, "JSON lines instead of text, as vmi=json prints them", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "ROM...",
	"Binds the guest's slots to the best of the ROMs, as a guest in QEMU would, without one: "
	"the same loader, the same table, with an emulated processor for the calls into "
	"the ROM.\v"
	"The ROMs lie at 0xc0000 and on, on 2 KiB steps, in reverse alphabetical order of their "
	"names, as SeaBIOS places them. What the POST of ours leaves on a machine with a TSC and a "
	"local APIC is played; the POST of others has not run. SeaBIOS wipes an image with a "
	"wrong checksum; here it stays, so that the loader's own reason can be seen.",
	NULL, pvrom_help, NULL
};

int pvrom_bind(int argc, char **argv)
{
	struct bind_request request = BIND_REQUEST;

	argp_parse(&argp, argc, argv, 0, NULL, &request);
	return bind_run(&request, stdout);
}
