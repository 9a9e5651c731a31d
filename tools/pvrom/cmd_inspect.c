/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom inspect: all there is to see in an option ROM or a dump of memory. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "inspect/inspect.h"
#include "pvrom.h"
#include "romfile/images.h"
#include "romfile/romfile.h"
#include "stanza/stanza.h" /* stanza_number */

enum { KEY_BASE = 0x100, KEY_DISASM, KEY_JSON };

#define ADDRESS_MAX 0xFFFFFFFFFFFFFULL /* what a processor can have */

struct options {
	struct inspect_request request;
	bool json;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	unsigned long long n;

	switch (key) {
	case KEY_BASE:
		if (!stanza_number(arg, ADDRESS_MAX, &n))
			argp_error(state, "--base: found `%s`, expected a physical address, as "
				   "0xC0000", arg);
		o->request.base = n;
		o->request.dump = true;
		return 0;
	case KEY_DISASM: o->request.disasm = arg; return 0;
	case KEY_JSON: o->json = true; return 0;
	case ARGP_KEY_ARG:
		if (o->request.path)
			argp_error(state, "found a second file `%s`, expected one", arg);
		o->request.path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->request.path)
			argp_error(state, "found no file, expected a ROM or a dump of memory");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "base", KEY_BASE, "ADDRESS", 0,
	  "FILE is a dump of memory from this physical address on: every image on a step of 2 KiB",
	  0 },
	{ "disasm", KEY_DISASM, "ENTRY", 0,
	  "only the instructions of a call (SetCR3), VMI_Init, GetRelocationInfo or post, the "
	  "16-bit code that a BIOS calls", 0 },
	{ "json", KEY_JSON, NULL, 0, "the document as JSON (docs/inspect.md)", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "FILE",
	"Shows every field of every image in an option ROM, where a VMI ROM's calls lead when an "
	"emulated processor asks it, and who would take it, by which rule.\v"
	"FILE may be the `rom` file of a PCI device in sysfs, which must be enabled before: as "
	"root, write 1 into it, and 0 afterwards.",
	NULL, pvrom_help, NULL
};

static bool want_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (!no || !*no);
}

static int print(const struct options *o, cJSON *document)
{
	if (!o->json) {
		inspect_print(document, stdout, want_colour());
		return 0;
	}
	char *text = cJSON_Print(document);
	if (!text) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	puts(text);
	cJSON_free(text);
	return 0;
}

/* There is none: what stands where it was expected is the `end` of the document. */
static int no_image(const struct options *o, const cJSON *document)
{
	if (o->request.dump)
		fprintf(stderr, "pvrom: error: %s: found no 55 AA on any step of %d bytes: no option "
			"ROM in this dump\n", o->request.path, VROM_WINDOW_STEP);
	else
		fprintf(stderr, "pvrom: error: %s: %s, so this is no option ROM; for a dump of "
			"memory give its address with --base\n", o->request.path,
			cJSON_GetStringValue(cJSON_GetObjectItem(document, "end")));
	return 1;
}

int pvrom_inspect(int argc, char **argv)
{
	struct options o = { .request = { .emulate = true } };
	struct romfile rom;
	struct romfile_error refused;
	char error[256];

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (romfile_read_max(&rom, o.request.path, ROMFILE_DUMP_MAX, &refused)) {
		fprintf(stderr, "pvrom: error: %s\n", refused.text);
		return 2;
	}
	o.request.bytes = rom.bytes;
	o.request.size = rom.size;
	cJSON *document = inspect_document(&o.request, error, sizeof(error));
	int status = 2;
	if (!document) {
		fprintf(stderr, "pvrom: error: %s: %s\n", o.request.path, error);
	} else {
		status = inspect_images(document) ? 0 : no_image(&o, document);
		if ((!status || o.json) && print(&o, document))
			status = 2;
	}
	cJSON_Delete(document);
	romfile_free(&rom);
	return status;
}
