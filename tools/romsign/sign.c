/* SPDX-License-Identifier: GPL-2.0-only */
#include "sign.h"

#include <stdio.h>

#define REFUSE(error, ...) (snprintf((error)->text, sizeof((error)->text), __VA_ARGS__), -1)

static int check_lengths(const struct romfile *rom, const struct vrom_header *h,
			 const struct vrom_pcir *pcir, const struct vrom_config *config,
			 struct romfile_error *error)
{
	if (h->rom_length * (size_t)VROM_BLOCK != rom->size)
		return REFUSE(
			error,
			"%s: offset 0x%02zx rom_length: found %u blocks = %u bytes, expected the "
			"file's %zu bytes: the link script sets it",
			rom->path, offsetof(struct vrom_header, rom_length), h->rom_length,
			h->rom_length * VROM_BLOCK, rom->size);
	if (pcir->image_length != h->rom_length)
		return REFUSE(error,
			      "%s: PCIR image_length: found %u blocks, expected rom_length = %u",
			      rom->path, pcir->image_length, h->rom_length);
	if (config->image_blocks != h->rom_length)
		return REFUSE(error,
			      "%s: config block image_blocks: found %u, expected rom_length = %u",
			      rom->path, config->image_blocks, h->rom_length);
	if (!config->resident_blocks || config->resident_blocks > h->rom_length)
		return REFUSE(error, "%s: config block resident_blocks: found %u, expected 1 to %u",
			      rom->path, config->resident_blocks, h->rom_length);
	return 0;
}

int sign_image(struct romfile *rom, size_t resident_max, struct sign_sizes *sizes,
	       struct romfile_error *error)
{
	struct vrom_header *h = romfile_header(rom, error);
	struct vrom_pcir *pcir = h ? romfile_pcir(rom, error) : NULL;
	struct vrom_pnp *pnp = pcir ? romfile_pnp(rom, error) : NULL;
	struct vrom_config *config = pnp ? romfile_config(rom, error) : NULL;
	if (!config || check_lengths(rom, h, pcir, config, error))
		return -1;
	*sizes = (struct sign_sizes){
		.resident = config->resident_blocks * (size_t)VROM_BLOCK,
		.file = rom->size,
	};
	if (sizes->resident > resident_max)
		return REFUSE(
			error,
			"%s: resident part: found %zu bytes, expected at most %zu: move code that "
			"only POST needs behind the resident part, or make it smaller",
			rom->path, sizes->resident, resident_max);
	/* The directory and $PnP lie inside the image: their sums first, then the image's. */
	if (romfile_sign_directory(rom, error))
		return -1;
	romfile_mend(&pnp->checksum, pnp, pnp->length * 16u);
	romfile_mend(&h->rom_pad0, rom->bytes, rom->size);
	return 0;
}
