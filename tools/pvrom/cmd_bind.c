/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom bind: which ROM a guest would use and what each of its slots would be, offline. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "pvrom.h"
#include "stanza/stanza.h" /* stanza_number */

#define ROMS_MAX VMI_MAX_CANDIDATES

struct options {
	const char *paths[ROMS_MAX];
	size_t count;
	struct vmi_version_range range;
};

enum { KEY_RANGE = 0x100 };

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

static void range(struct options *o, char *arg, struct argp_state *state)
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
	struct options *o = state->input;

	switch (key) {
	case KEY_RANGE: range(o, arg, state); return 0;
	case ARGP_KEY_ARG:
		if (o->count == ROMS_MAX)
			argp_error(state, "found more than %d ROMs", ROMS_MAX);
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
	{ 0 }
};
static const struct argp argp = {
	table, option, "ROM...",
	"Binds the guest's slots to the best of the ROMs, as a guest in QEMU would, without one: "
	"the same loader, the same table, with an emulated processor for the calls into "
	"the ROM.\v"
	"The ROMs lie at 0xc0000 and on, on 2 KiB steps, in reverse alphabetical order of their "
	"names, as SeaBIOS places them; their POST has not run. SeaBIOS wipes an image with a "
	"wrong checksum; here it stays, so that the loader's own reason can be seen.\n\n"
	"Exit status: 0 a ROM is in use, 1 a native boot, 2 usage or environment.",
	NULL, NULL, NULL
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(base_name(*(const char *const *)b), base_name(*(const char *const *)a));
}

static int place(struct bind_window *window, const char *path)
{
	struct romfile_error error;
	struct romfile rom;
	uint32_t base;

	if (romfile_read(&rom, path, &error)) {
		fprintf(stderr, "pvrom: error: %s\n", error.text);
		return -1;
	}
	base = bind_place(window, &rom);
	romfile_free(&rom);
	if (!base) {
		fprintf(stderr, "pvrom: error: %s: found 0x%x of the window's 0x%x bytes in use, "
			"expected room for the image: name fewer ROMs\n",
			path, window->used, BIND_WINDOW);
		return -1;
	}
	printf("note rom 0x%08x %s\n", base, path);
	return 0;
}

static void install(void *context, size_t row, const struct vmi_slot *slot,
		    const struct vmi_binding *binding)
{
	(void)context, (void)row, (void)slot, (void)binding; /* nothing runs here */
}

static void print(void *context, const char *text)
{
	(void)context;
	fputs(text, stdout);
}

static int bind_all(const struct options *o, struct bind_window *window)
{
	static struct vmi_load load;
	struct vmi_platform platform = {
		.context = window, .read = bind_read, .init = bind_init,
		.get_reloc = bind_get_reloc, .install = install, .print = print,
	};

	load = (struct vmi_load){
		.platform = &platform,
		.window = { VROM_WINDOW_BASE, BIND_WINDOW, VROM_WINDOW_BASE },
		.range = o->range,
		.slots = bind_slots,
		.slot_count = bind_slot_count,
	};
	load.bindings = calloc(bind_slot_count, sizeof(*load.bindings));
	if (!load.bindings) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	int status = vmi_load(&load) == VMI_OK ? 0 : 1;
	vmi_report(&load);
	free(load.bindings);
	return status;
}

int pvrom_bind(int argc, char **argv)
{
	static struct bind_window window;
	struct options o = { .range = { VROM_API_MAJOR, 0, VROM_API_MINOR } };
	char error[128];

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	qsort(o.paths, o.count, sizeof(*o.paths), by_name);
	for (size_t i = 0; i < o.count; i++)
		if (place(&window, o.paths[i]))
			return 2;
	window.emu = emu_open(error, sizeof(error));
	if (!window.emu) {
		fprintf(stderr, "pvrom: error: %s\n", error);
		return 2;
	}
	int status = bind_all(&o, &window);
	emu_close(window.emu);
	return status;
}
