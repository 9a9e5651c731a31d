/* SPDX-License-Identifier: GPL-2.0-only */
/* One load over ROM files, and its report. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"

struct run {
	struct bind_window window; /* first: it is what the callbacks get */
	FILE *out;
	bool json_only, in_line, hidden;
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

static int place(struct run *run, const char *path)
{
	struct romfile_error error;
	struct romfile rom;
	uint32_t base;
	bool posted = false;

	if (romfile_read(&rom, path, &error)) {
		fprintf(stderr, "pvrom: error: %s\n", error.text);
		return -1;
	}
	base = bind_place(&run->window, &rom, &posted);
	romfile_free(&rom);
	if (!base) {
		fprintf(stderr, "pvrom: error: %s: found 0x%x of the window's 0x%x bytes in use, "
			"expected room for the image: name fewer ROMs\n",
			path, run->window.used, BIND_WINDOW);
		return -1;
	}
	if (run->json_only)
		return 0;
	fprintf(run->out, "note rom 0x%08x %s\n", base, path);
	if (posted)
		fprintf(run->out, "note rom 0x%08x POST is played: it found a TSC of %u Hz, a local "
			"APIC and state memory\n", base, BIND_TSC_HZ);
	return 0;
}

static void install(void *context, size_t row, const struct vmi_slot *slot,
		    const struct vmi_binding *binding)
{
	(void)context, (void)row, (void)slot, (void)binding; /* nothing runs here */
}

/* With json_only, a line is shown if it is an object. */
static void print(void *context, const char *text)
{
	struct run *run = context;

	for (; *text; text++) {
		if (!run->in_line)
			run->hidden = run->json_only && *text != '{';
		run->in_line = *text != '\n';
		if (!run->hidden)
			fputc(*text, run->out);
	}
}

/* Marks the slots of the calls in a list. Result: 0, or -1 with a line on stderr. */
static int mark_mandatory(struct vmi_slot *slots, const char *names)
{
	for (size_t length; *names; names += length + (names[length] == ',')) {
		length = strcspn(names, ",");
		int call = vmi_find_call(names, length);
		bool any = false;

		for (size_t row = 0; call >= 0 && row < bind_slot_count; row++)
			if (slots[row].call == call) {
				slots[row].flags |= VMI_SLOT_MANDATORY;
				any = true;
			}
		if (!any) {
			fprintf(stderr, "pvrom: error: --mandatory: found `%.*s`, expected calls of "
				"slots, as SetCR3,IRET\n", (int)length, names);
			return -1;
		}
	}
	return 0;
}

static int load_and_report(const struct bind_request *request, struct run *run)
{
	static struct vmi_load load;
	struct vmi_platform platform = {
		.context = run, .read = bind_read, .init = bind_init,
		.get_reloc = bind_get_reloc, .install = install, .print = print,
	};

	load = (struct vmi_load){
		.platform = &platform,
		.window = { VROM_WINDOW_BASE, BIND_WINDOW, VROM_WINDOW_BASE },
		.range = request->range,
		.slot_count = bind_slot_count,
	};
	vmi_overrides_parse(&load.overrides, request->append, strlen(request->append));
	load.overrides.json |= request->json;
	load.bindings = calloc(bind_slot_count, sizeof(*load.bindings));
	struct vmi_slot *slots = malloc(bind_slot_count * sizeof(*slots));
	int status = 2;

	if (!load.bindings || !slots) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		goto out;
	}
	memcpy(slots, bind_slots, bind_slot_count * sizeof(*slots));
	load.slots = slots;
	if (mark_mandatory(slots, request->mandatory))
		goto out;
	status = vmi_load(&load) == VMI_OK ? 0 : 1;
	vmi_report(&load);
out:
	free(load.bindings);
	free(slots);
	return status;
}

static int run_request(struct bind_request *request, struct run *run)
{
	char error[128];

	if (!request->as_given)
		qsort(request->paths, request->count, sizeof(*request->paths), by_name);
	for (size_t i = 0; i < request->count; i++)
		if (place(run, request->paths[i]))
			return 2;
	run->window.emu = emu_open(error, sizeof(error));
	if (!run->window.emu) {
		fprintf(stderr, "pvrom: error: %s\n", error);
		return 2;
	}
	int status = load_and_report(request, run);
	emu_close(run->window.emu);
	return status;
}

int bind_run(struct bind_request *request, FILE *out)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	run->out = out;
	run->json_only = request->json;
	int status = run_request(request, run);
	free(run);
	return status;
}
