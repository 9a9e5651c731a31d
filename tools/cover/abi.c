/* SPDX-License-Identifier: GPL-2.0-only */
/* Which calls are there: by a version of spec/, or by what a ROM really answers. */
#define _GNU_SOURCE
#include "cover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"

static void take(struct cover_abi *abi, int call)
{
	abi->call[call] = true;
	abi->count++;
}

static bool known_version(unsigned int major, unsigned int minor)
{
	return major == VROM_API_MAJOR && minor <= VROM_API_MINOR;
}

static void read_version(struct cover_abi *abi, unsigned int major, unsigned int minor)
{
	for (int n = 0; n < VMI_CALLS; n++) {
		const struct vmi_call_info *info = &vmi_calls[n];
		if (!info->reserved && (info->since_major < major ||
					(info->since_major == major && info->since_minor <= minor)))
			take(abi, n);
	}
}

static void read_wide(struct cover_abi *abi)
{
	abi->wide = true;
	for (int n = 0; n < VMI64_CALLS; n++)
		if (!vmi64_calls[n].reserved)
			take(abi, n);
}

static void ignore_print(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static void ignore_install(void *context, size_t row, const struct vmi_slot *slot,
			   const struct vmi_binding *binding)
{
	(void)context;
	(void)row;
	(void)slot;
	(void)binding;
}

/* The loader itself asks, for a guest that has one slot a call. */
static int ask_rom(struct cover_abi *abi, struct bind_window *window)
{
	struct vmi_platform platform = { .context = window, .read = bind_read, .init = bind_init,
					 .get_reloc = bind_get_reloc, .install = ignore_install,
					 .print = ignore_print };
	struct vmi_slot slots[VMI_CALLS];
	struct vmi_binding bindings[VMI_CALLS];
	static struct vmi_load load;
	size_t count = 0;
	for (int n = 0; n < VMI_CALLS; n++)
		if (!vmi_calls[n].reserved)
			slots[count++] = (struct vmi_slot){ .name = vmi_calls[n].name,
							    .call = (int16_t)n, .native = 1 };
	load = (struct vmi_load){
		.platform = &platform,
		.window = { VROM_WINDOW_BASE, BIND_WINDOW, VROM_WINDOW_BASE },
		.range = { VROM_API_MAJOR, 0, VROM_API_MINOR },
		.slots = slots, .slot_count = count, .bindings = bindings,
	};
	if (vmi_load(&load) != VMI_OK) {
		fprintf(stderr, "pvrom: error: %s: the loader does not use it: %s; `pvrom bind` says "
			"more\n", abi->name, vmi_reason_name(load.candidate_count ?
				load.candidates[0].reason : load.reason));
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		if (bindings[i].kind != VMI_BIND_NATIVE)
			take(abi, slots[i].call);
	return 0;
}

static int load_rom(struct cover_abi *abi, struct bind_window *window, const struct romfile *rom)
{
	char error[128];
	bool posted;
	if (!bind_place(window, rom, &posted)) {
		fprintf(stderr, "pvrom: error: %s: found %zu bytes, expected an image that fits "
			"into the option-ROM window\n", abi->name, rom->size);
		return 1;
	}
	window->emu = emu_open(32, error, sizeof(error));
	if (!window->emu) {
		fprintf(stderr, "pvrom: error: %s\n", error);
		return 2;
	}
	int result = ask_rom(abi, window);
	emu_close(window->emu);
	return result;
}

static int read_rom(struct cover_abi *abi)
{
	struct romfile rom;
	struct romfile_error error;
	if (romfile_read(&rom, abi->name, &error)) {
		fprintf(stderr, "pvrom: error: --abi %s: no version that spec/ describes (%u.0 to "
			"%u.%u, %u.%u), not `empty`, and no ROM: %s\n", abi->name, VROM_API_MAJOR,
			VROM_API_MAJOR, VROM_API_MINOR, VMI64_MAJOR, VMI64_MINOR, error.text);
		return 2;
	}
	struct bind_window *window = calloc(1, sizeof(*window));
	int result = window ? load_rom(abi, window, &rom) : 2;
	romfile_free(&rom);
	free(window);
	return result;
}

int cover_abi_read(struct cover_abi *abi, const char *name)
{
	unsigned int major, minor;
	char rest;
	*abi = (struct cover_abi){ .name = name };
	if (!strcmp(name, "empty"))
		return 0;
	bool version = sscanf(name, "%3u.%3u%c", &major, &minor, &rest) == 2;
	if (version && known_version(major, minor)) {
		read_version(abi, major, minor);
		return 0;
	}
	if (version && major == VMI64_MAJOR && minor == VMI64_MINOR) {
		read_wide(abi);
		return 0;
	}
	return read_rom(abi);
}
