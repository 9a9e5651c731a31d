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
static int mark_mandatory(const struct vmi_abi *abi, struct vmi_slot *slots, size_t count,
			  const char *names)
{
	for (size_t length; *names; names += length + (names[length] == ',')) {
		length = strcspn(names, ",");
		int call = vmi_find_call(abi, names, length);
		bool any = false;

		for (size_t row = 0; call >= 0 && row < count; row++)
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

/* What the guest of that width says when it is not told. */
static struct vmi_version_range own_range(bool long_mode)
{
	if (long_mode)
		return (struct vmi_version_range){ VMI64_MAJOR, 0, VMI64_MINOR };
	return (struct vmi_version_range){ VROM_API_MAJOR, 0, VROM_API_MINOR };
}

/* One load and what it needs; `load` points into the rest. */
struct loaded {
	struct vmi_load load;
	struct vmi_platform platform;
	struct vmi_slot *slots;
};

/* Result: 0 if a ROM is in use, 1 for a native boot, 2 after a line on stderr. Free either way. */
static int load(const struct bind_request *request, struct run *run, struct loaded *l)
{
	const struct bind_table *table = request->long_mode ? &bind_table64 : &bind_table32;
	const struct vmi_abi *abi = vmi_abi_of(request->long_mode);

	l->platform = (struct vmi_platform){
		.context = run, .read = bind_read, .init = bind_init,
		.get_reloc = bind_get_reloc, .install = install, .print = print,
	};
	l->load = (struct vmi_load){
		.platform = &l->platform,
		.window = { VROM_WINDOW_BASE, BIND_WINDOW, VROM_WINDOW_BASE },
		.range = request->range.major ? request->range : own_range(request->long_mode),
		.long_mode = request->long_mode,
		.slot_count = table->count,
	};
	vmi_overrides_parse(&l->load.overrides, abi, request->append, strlen(request->append));
	l->load.overrides.json |= request->json;
	l->load.bindings = calloc(table->count, sizeof(*l->load.bindings));
	l->slots = malloc(table->count * sizeof(*l->slots));
	if (!l->load.bindings || !l->slots) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	memcpy(l->slots, table->slots, table->count * sizeof(*l->slots));
	l->load.slots = l->slots;
	if (mark_mandatory(abi, l->slots, table->count, request->mandatory))
		return 2;
	return vmi_load(&l->load) == VMI_OK ? 0 : 1;
}

static void unload(struct loaded *l)
{
	free(l->load.bindings);
	free(l->slots);
}

static int run_request(struct bind_request *request, struct run *run)
{
	char error[128];

	if (!request->as_given)
		qsort(request->paths, request->count, sizeof(*request->paths), by_name);
	for (size_t i = 0; i < request->count; i++)
		if (place(run, request->paths[i]))
			return 2;
	run->window.emu = emu_open(request->long_mode ? 64 : 32, error, sizeof(error));
	if (!run->window.emu) {
		fprintf(stderr, "pvrom: error: %s\n", error);
		return 2;
	}
	static struct loaded l;
	int status = load(request, run, &l);
	if (status != 2)
		vmi_report(&l.load);
	unload(&l);
	emu_close(run->window.emu);
	return status;
}

int bind_one_rom(const struct romfile *rom, bool long_mode, struct bind_outcome *outcome, char *error,
		 size_t error_size)
{
	struct bind_request request = BIND_REQUEST;
	static struct loaded l;
	struct run *run = calloc(1, sizeof(*run));
	int status = -1;

	request.long_mode = long_mode;
	*outcome = (struct bind_outcome){ .reason = VMI_OK };
	if (!run) {
		snprintf(error, error_size, "out of memory");
		return -1;
	}
	if (!bind_place(&run->window, rom, &outcome->posted))
		snprintf(error, error_size, "the image does not fit into the window");
	else if ((run->window.emu = emu_open(long_mode ? 64 : 32, error, error_size)) &&
		 (status = load(&request, run, &l)) == 2)
		snprintf(error, error_size, "it cannot be loaded");
	if (run->window.emu) {
		outcome->reason = l.load.reason;
		outcome->no_width = l.load.candidate_count &&
				    l.load.candidates[0].reason == VMI_E_API_WIDTH;
		for (size_t row = 0; row < l.load.slot_count && status >= 0 && status < 2; row++)
			if (l.load.bindings[row].kind != VMI_BIND_NATIVE && l.slots[row].call >= 0)
				outcome->bound[l.slots[row].call] = true;
		unload(&l);
		emu_close(run->window.emu);
	}
	free(run);
	return status == 0 || status == 1 ? 0 : -1;
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
