/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls that the table of the 64-bit ABI is to lose. */
#include <string.h>

#include "internal.h"

#define WIDTH 64

/* The table, and its directory in *directory; NULL if the image has none. */
static uint8_t *find_table(struct romfile *rom, struct vrom_directory **directory)
{
	size_t count;
	const struct vrom_abi *abis = romfile_abis(rom, &count);

	for (size_t i = 0; i < count; i++) {
		uint8_t *capabilities;

		if (abis[i].width != WIDTH || abis[i].major != VMI64_MAJOR)
			continue;
		*directory = romfile_directory_at(rom, abis[i].directory_offs, &capabilities);
		if (*directory && capabilities)
			return capabilities;
	}
	return NULL;
}

int mutate_drop64(struct romfile *rom, const struct mutate *m, struct romfile_error *error)
{
	struct vrom_directory *directory;
	uint8_t *table = find_table(rom, &directory);

	if (!m->any_drop64)
		return 0;
	if (!table)
		return mutate_refuse(error, "%s: offset 0x%02x directory: found no table of ABI %d.%d, "
				     "expected one: take a ROM that has both widths", rom->path,
				     VROM_DIRECTORY, VMI64_MAJOR, VMI64_MINOR);
	for (size_t n = 0; n < VMI64_CALLS && n < directory->capability_count; n++)
		if (m->drop64[n])
			memset(table + n * directory->capability_size, 0, sizeof(struct vrom_capability));
	return romfile_sign_directory(rom, error);
}
