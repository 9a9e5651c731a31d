/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a ROM's capability table says what its GetRelocationInfo says: the loader's own check. */
#include "abidiff/rom.h"
#include "internal.h" /* loader/: vmi_capability_agrees */

#include <string.h>

static bool read_bytes(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	const struct rom *rom = context;
	size_t at = from - rom->seen.ask.base[0];
	if (from < rom->seen.ask.base[0] || at > rom->image->length ||
	    length > rom->image->length - at)
		return false;
	memcpy(to, rom->image->bytes + at, length);
	return true;
}

bool rom_table_contradicts(const struct rom *rom, uint32_t number)
{
	static struct vmi_load load; /* large; only its platform and window are looked at */
	struct vmi_platform platform = { .context = (void *)rom, .read = read_bytes };
	struct vmi_candidate candidate = rom->seen.candidate;
	struct rom_answer answer = rom_answer(rom, number);
	vmi_phys_t base = rom->seen.ask.base[0];
	struct vmi_registers said, answered = { .edx = answer.type };
	if (!candidate.directory.used || number >= VMI_CALLS || vmi_calls[number].reserved ||
	    !answer.asked || !answer.good)
		return false;
	if (answer.provided && answer.type != VMI_RELOCATION_NOP)
		answered.eax = (uint32_t)base + answer.offset;
	load.platform = &platform;
	load.window = (struct vmi_window){ base, 0, base };
	candidate.base = base;
	if (!vmi_read_capabilities(&load, &candidate))
		return true;
	vmi_capability_answer(&load, &candidate, (int)number, &said);
	return !vmi_capability_agrees(&load, &candidate, (int)number, &said, &answered);
}
