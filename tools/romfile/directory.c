// SPDX-License-Identifier: GPL-2.0-only
/* The directories of a VMI ROM of 3.1, and the sums that they and their tables have. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "romfile/romfile.h"

static bool lies_in(const struct romfile *rom, size_t offset, size_t size)
{
	return offset <= rom->size && size <= rom->size - offset;
}

struct vrom_directory *romfile_directory_at(const struct romfile *rom, size_t offset,
					     uint8_t **capabilities)
{
	struct vrom_directory *d = (void *)(rom->bytes + offset);

	*capabilities = NULL;
	if (!lies_in(rom, offset, sizeof(*d)) || d->signature != VROM_DIRECTORY_SIGNATURE)
		return NULL;
	if (lies_in(rom, offset, d->length) && d->length >= sizeof(*d) &&
	    d->capability_size >= sizeof(struct vrom_capability) &&
	    lies_in(rom, d->capabilities_offs, d->capability_count * (size_t)d->capability_size) &&
	    lies_in(rom, d->groups_offs, d->groups_size))
		*capabilities = rom->bytes + d->capabilities_offs;
	return d;
}

struct vrom_directory *romfile_directory(const struct romfile *rom, uint8_t **capabilities)
{
	return romfile_directory_at(rom, VROM_DIRECTORY, capabilities);
}

const struct vrom_abi *romfile_abis(const struct romfile *rom, size_t *count)
{
	uint8_t *capabilities;
	const struct vrom_directory *d = romfile_directory(rom, &capabilities);

	*count = d && capabilities && lies_in(rom, d->abis_offs, d->abi_count * sizeof(struct vrom_abi)) ?
			 d->abi_count : 0;
	return *count ? (void *)(rom->bytes + d->abis_offs) : NULL;
}

bool romfile_find_abi(const struct romfile *rom, unsigned int width, unsigned int major,
		      struct romfile_table *table)
{
	size_t count;
	const struct vrom_abi *abis = romfile_abis(rom, &count);

	*table = (struct romfile_table){ .abi = NULL };
	for (size_t i = 0; i < count; i++)
		if (abis[i].width == width && abis[i].major == major &&
		    (!table->abi || abis[i].minor > table->abi->minor))
			table->abi = &abis[i];
	if (!table->abi)
		return false;
	table->directory = romfile_directory_at(rom, table->abi->directory_offs, &table->capabilities);
	if (!table->capabilities)
		table->directory = NULL;
	return true;
}

struct vrom_capability romfile_capability(const struct romfile_table *table, size_t number)
{
	struct vrom_capability c = { 0 };

	if (number < table->directory->capability_count)
		memcpy(&c, table->capabilities + number * table->directory->capability_size, sizeof(c));
	return c;
}

unsigned int romfile_answer(const struct vrom_capability *c)
{
	unsigned int type = c->detail & VROM_CAPABILITY_ANSWER;

	return c->kinds & 1u << type ? type : VMI_RELOCATION_NONE;
}

uint32_t romfile_get_reloc(const uint8_t *image, size_t size)
{
	uint32_t slot = VROM_SLOT_TABLE + VROM_SLOT_GET_RELOC * VROM_SLOT_SIZE;
	struct romfile rom = { .bytes = (uint8_t *)image, .size = size };
	uint8_t *capabilities;
	const struct vrom_directory *d = romfile_directory(&rom, &capabilities);

	return d && capabilities && !romfile_sum(d, d->length) && d->get_reloc_offs > slot &&
			       d->get_reloc_offs < size ?
		       d->get_reloc_offs : slot;
}

static void sign(const struct romfile *rom, struct vrom_directory *d, const uint8_t *capabilities)
{
	uint8_t sum = romfile_sum(capabilities, d->capability_count * (size_t)d->capability_size);

	sum += romfile_sum(rom->bytes + d->groups_offs, d->groups_size);
	d->tables_checksum = (uint8_t)-sum;
	romfile_mend(&d->checksum, d, d->length);
}

/* The directories of further ABIs. One that is not whole, or before the jump slots, is left alone. */
static void sign_abis(struct romfile *rom)
{
	size_t count;
	const struct vrom_abi *abis = romfile_abis(rom, &count);

	for (size_t i = 0; i < count; i++) {
		uint8_t *capabilities;
		struct vrom_directory *d = romfile_directory_at(rom, abis[i].directory_offs, &capabilities);

		if (d && capabilities && abis[i].directory_offs >= VROM_SLOT_TABLE)
			sign(rom, d, capabilities);
	}
}

int romfile_sign_directory(struct romfile *rom, struct romfile_error *error)
{
	uint8_t *capabilities;
	struct vrom_directory *d = romfile_directory(rom, &capabilities);

	if (!d)
		return 0;
	if (!capabilities) {
		snprintf(error->text, sizeof(error->text),
			 "%s: offset 0x%02x directory: found length %u, tables at 0x%x (%u of %u bytes) "
			 "and 0x%x (%u bytes), expected a length of %zu or more, entries of %zu or more, "
			 "and all of it inside the file's %zu bytes", rom->path, VROM_DIRECTORY, d->length,
			 d->capabilities_offs, d->capability_count, d->capability_size, d->groups_offs,
			 d->groups_size, sizeof(*d), sizeof(struct vrom_capability), rom->size);
		return -1;
	}
	sign_abis(rom);
	sign(rom, d, capabilities);
	return 0;
}
