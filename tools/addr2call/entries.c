/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries of a ROM of which only the image is there: it is asked for them. */
#include "addr2call/internal.h"

#include <stdlib.h>

#include "bind/bind.h"
#include "mutate/mutate.h" /* mutate_slot_target */

static int ask_all(struct entries *e, struct bind_window *window, const struct romfile *rom,
		   struct romfile_error *error)
{
	struct romfile_error none;
	struct vmi_registers out;
	bool posted, any = false;
	uint32_t base = bind_place(window, rom, &posted);

	if (!base)
		return addr2call_refuse(error, "%s: does not fit the window", rom->path);
	for (uint32_t n = 0; n < 2; n++)
		if (mutate_slot_target(rom, n, &e->slot[n], &none))
			e->slot[n] = 0;
	for (uint32_t n = 0; n < VMI_CALLS; n++) {
		if (bind_get_reloc(window, base + romfile_get_reloc(rom->bytes, rom->size), n, &out) !=
		    VMI_CALL_RETURNED)
			return addr2call_refuse(error,
						"%s: GetRelocationInfo does not answer for call %u: "
						"`pvrom cpu` says more",
						rom->path, n);
		uint8_t type = (uint8_t)out.edx;
		if (type != VMI_RELOCATION_CALL_REL && type != VMI_RELOCATION_JUMP_REL)
			continue;
		e->call[n] = out.eax - base < rom->size ? out.eax - base : 0;
		any |= e->call[n] != 0;
	}
	return any ? 0 : addr2call_refuse(error, "%s: GetRelocationInfo answers no entry for any call",
					  rom->path);
}

int entries_ask(struct entries *e, const struct romfile *rom, struct romfile_error *error)
{
	struct bind_window *window = calloc(1, sizeof(*window));
	char why[128];
	int result;

	*e = (struct entries){ 0 };
	if (!window)
		return addr2call_refuse(error, "%s: out of memory", rom->path);
	window->emu = emu_open(32, why, sizeof(why));
	result = window->emu ? ask_all(e, window, rom, error) :
			       addr2call_refuse(error, "%s: no emulator: %s", rom->path, why);
	emu_close(window->emu);
	free(window);
	return result;
}
