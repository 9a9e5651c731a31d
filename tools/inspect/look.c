/* SPDX-License-Identifier: GPL-2.0-only */
/* Our loader and the emulator on one image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "emu/apart.h"
#include "inspect/look.h"

struct look {
	const struct romfile_image *image;
	bool emulate;
	struct inspect_seen seen;
};

static enum vmi_call_status no_init(void *context, vmi_virt_t entry, struct vmi_registers *out)
{
	(void)context, (void)entry, (void)out;
	return VMI_CALL_FAULTED;
}

static enum vmi_call_status no_answer(void *context, vmi_virt_t entry, uint32_t call,
				      struct vmi_registers *out)
{
	(void)context, (void)entry, (void)call, (void)out;
	return VMI_CALL_FAULTED;
}

static void install(void *context, size_t row, const struct vmi_slot *slot,
		    const struct vmi_binding *binding)
{
	(void)context, (void)row, (void)slot, (void)binding; /* nothing runs here */
}

static void print(void *context, const char *text)
{
	(void)context, (void)text; /* no report is asked for */
}

static void count(struct inspect_seen *seen, const struct vmi_load *load)
{
	seen->bound = seen->nop = seen->native = 0;
	for (size_t row = 0; row < load->slot_count; row++)
		switch (load->bindings[row].kind) {
		case VMI_BIND_ROM:
		case VMI_BIND_INLINE: seen->bound++; break;
		case VMI_BIND_NOP: seen->nop++; break;
		case VMI_BIND_NATIVE: seen->native++; break;
		}
}

/* The loader over a window in which only this image lies. Result: 0, or -1 for no memory. */
static int run_loader(const struct romfile_image *image, struct emu *emu, struct inspect_seen *seen)
{
	struct romfile rom = { .bytes = (uint8_t *)image->bytes, .size = image->length };
	struct bind_window *window = calloc(1, sizeof(*window));
	struct vmi_load *load = calloc(1, sizeof(*load));
	struct vmi_platform platform = {
		.context = window, .read = bind_read, .install = install, .print = print,
		.init = emu ? bind_init : no_init,
		.get_reloc = emu ? bind_get_reloc : no_answer,
	};
	bool posted;
	int result = -1;

	if (!window || !load || !(load->bindings = calloc(bind_table32.count, sizeof(*load->bindings))))
		goto out;
	/* Larger than any length byte can say: only the part that it says is taken. */
	if (rom.size > ROMFILE_MAX)
		rom.size = ROMFILE_MAX;
	bind_place(window, &rom, &posted);
	window->emu = emu;
	load->platform = &platform;
	load->window = (struct vmi_window){ VROM_WINDOW_BASE, BIND_WINDOW, VROM_WINDOW_BASE };
	load->range = (struct vmi_version_range){ VROM_API_MAJOR, 0, VROM_API_MINOR };
	load->slots = bind_table32.slots;
	load->slot_count = bind_table32.count;
	vmi_load(load);
	seen->candidate = load->candidates[0]; /* 55AA stands there */
	if (!load->chosen)
		count(seen, load);
	result = 0;
out:
	if (load)
		free(load->bindings);
	free(load);
	free(window);
	return result;
}

/* Enough for both slots: what is shorter is not called. */
static bool can_be_asked(const struct romfile_image *image)
{
	return image->vmi && image->stated >= sizeof(struct vrom_header) &&
	       image->stated <= image->room && image->stated <= ROMFILE_MAX;
}

static int work(void *shared)
{
	struct look *look = shared;
	struct emu *emu = NULL;
	int result = 2;

	if (!ask_run(look->image->bytes, look->image->stated, &look->seen.ask, look->seen.trouble,
		     sizeof(look->seen.trouble)) &&
	    (emu = emu_open(32, look->seen.trouble, sizeof(look->seen.trouble)))) {
		look->seen.asked = true;
		result = run_loader(look->image, emu, &look->seen) ? 2 : 0;
	}
	emu_close(emu);
	return result;
}

int inspect_look(const struct romfile_image *image, bool emulate, struct inspect_seen *seen)
{
	struct look *look;
	char error[128] = "";

	memset(seen, 0, sizeof(*seen));
	if (run_loader(image, NULL, seen))
		return -1;
	if (!emulate || !can_be_asked(image))
		return 0;
	look = calloc(1, sizeof(*look));
	if (!look)
		return -1;
	look->image = image;
	if (emu_apart(look, sizeof(*look), work, INSPECT_SECONDS, error, sizeof(error))) {
		snprintf(seen->trouble, sizeof(seen->trouble), "%s",
			 *error ? error : look->seen.trouble);
		seen->asked = false;
	} else {
		*seen = look->seen;
	}
	free(look);
	return 0;
}
