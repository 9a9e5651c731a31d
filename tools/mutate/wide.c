/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls that the table of the 64-bit ABI is to lose. */
#include <string.h>

#include "internal.h"

#define WIDTH 64

int mutate_drop64(struct romfile *rom, const struct mutate *m, struct romfile_error *error)
{
	struct romfile_table table;

	if (!m->any_drop64)
		return 0;
	if (!romfile_find_abi(rom, WIDTH, VMI64_MAJOR, &table) || !table.directory)
		return mutate_refuse(error, "%s: offset 0x%02x directory: found no table of ABI %d.%d, "
				     "expected one: take a ROM that has both widths", rom->path,
				     VROM_DIRECTORY, VMI64_MAJOR, VMI64_MINOR);
	for (size_t n = 0; n < VMI64_CALLS && n < table.directory->capability_count; n++)
		if (m->drop64[n])
			memset(table.capabilities + n * table.directory->capability_size, 0, sizeof(struct vrom_capability));
	return romfile_sign_directory(rom, error);
}
