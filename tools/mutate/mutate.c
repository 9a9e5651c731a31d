/* SPDX-License-Identifier: GPL-2.0-only */
/* The image's fields, damage and lengths; code.c appends what is executed. */
#include "mutate/mutate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate/internal.h"

int mutate_refuse(struct romfile_error *error, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return -1;
}

static struct vrom_header *header(struct romfile *rom)
{
	return (void *)rom->bytes;
}

size_t mutate_length(const struct romfile *rom)
{
	return rom->bytes[offsetof(struct vrom_header, rom_length)] * (size_t)VROM_BLOCK;
}

/* Puts the image's length wherever it stands; a structure that is not there is left out. */
static void set_blocks(struct romfile *rom, uint8_t blocks)
{
	struct romfile_error none;
	struct vrom_pcir *pcir = romfile_pcir(rom, &none);
	struct vrom_config *config = romfile_config(rom, &none);

	if (pcir)
		pcir->image_length = blocks;
	if (config)
		config->image_blocks = config->resident_blocks = blocks;
	header(rom)->rom_length = blocks;
}

int mutate_append(struct romfile *rom, const void *bytes, size_t size, size_t *offset,
		  struct romfile_error *error)
{
	size_t length = mutate_length(rom), whole = (size + VROM_BLOCK - 1) / VROM_BLOCK * VROM_BLOCK;
	uint8_t *grown;

	if (size > ROMFILE_MAX || length + whole > ROMFILE_MAX || rom->size + whole > ROMFILE_MAX)
		return mutate_refuse(error,
				     "%s: offset 0x%zx: found no room for %zu bytes more, expected at "
				     "most %u in all: append less",
				     rom->path, length, size, ROMFILE_MAX);
	grown = realloc(rom->bytes, rom->size + whole);
	if (!grown)
		return mutate_refuse(error, "%s: out of memory", rom->path);
	rom->bytes = grown;
	/* What lies behind the image in the file stays behind it. */
	memmove(grown + length + whole, grown + length, rom->size - length);
	memset(grown + length, 0, whole);
	memcpy(grown + length, bytes, size);
	rom->size += whole;
	set_blocks(rom, (uint8_t)((length + whole) / VROM_BLOCK));
	*offset = length;
	return 0;
}

static int set_license(struct romfile *rom, const char *license, struct romfile_error *error)
{
	size_t old = header(rom)->license_offs, length = mutate_length(rom), offset;

	if (old >= sizeof(struct vrom_header) && old < length &&
	    strlen(license) <= strnlen((const char *)rom->bytes + old, length - old - 1)) {
		strcpy((char *)rom->bytes + old, license);
		return 0;
	}
	if (mutate_append(rom, license, strlen(license) + 1, &offset, error))
		return -1;
	if (offset > UINT16_MAX)
		return mutate_refuse(error,
				     "%s: offset 0x%02zx license_offs: found 0x%zx, expected at most "
				     "0x%x: use a licence no longer than the old one",
				     rom->path, offsetof(struct vrom_header, license_offs), offset,
				     UINT16_MAX);
	header(rom)->license_offs = (uint16_t)offset;
	return 0;
}

static int set_size(struct romfile *rom, uint32_t size, struct romfile_error *error)
{
	uint8_t *resized;

	if (size % VROM_BLOCK || size > ROMFILE_MAX || size < sizeof(struct vrom_header))
		return mutate_refuse(error,
				     "%s: offset 0x%02zx rom_length: found %u bytes to set, expected a "
				     "multiple of %d up to %u",
				     rom->path, offsetof(struct vrom_header, rom_length), size,
				     VROM_BLOCK, ROMFILE_MAX);
	resized = realloc(rom->bytes, size > rom->size ? size : rom->size);
	if (!resized)
		return mutate_refuse(error, "%s: out of memory", rom->path);
	rom->bytes = resized;
	if (size > rom->size)
		memset(resized + rom->size, 0, size - rom->size);
	set_blocks(rom, (uint8_t)(size / VROM_BLOCK));
	rom->size = size;
	return 0;
}

static int flip(struct romfile *rom, const struct mutate_flip *f, struct romfile_error *error)
{
	if (f->offset >= rom->size)
		return mutate_refuse(error,
				     "%s: offset 0x%x: found no byte to flip, expected an offset below "
				     "0x%zx",
				     rom->path, f->offset, rom->size);
	rom->bytes[f->offset] ^= (uint8_t)(1u << f->bit);
	return 0;
}

static int put_bytes(struct romfile *rom, const struct mutate_patch *p,
		     struct romfile_error *error)
{
	if (p->offset > rom->size || p->size > rom->size - p->offset)
		return mutate_refuse(error,
				     "%s: offset 0x%x: found no room for %u bytes, expected them to end "
				     "at 0x%zx: --size makes an image longer",
				     rom->path, p->offset, p->size, rom->size);
	memcpy(rom->bytes + p->offset, p->bytes, p->size);
	return 0;
}

static int truncate_file(struct romfile *rom, uint32_t size, struct romfile_error *error)
{
	if (size > rom->size)
		return mutate_refuse(error,
				     "%s: offset 0x%x: found only %zu bytes, expected more than that to "
				     "cut: --size makes an image longer",
				     rom->path, size, rom->size);
	rom->size = size;
	return 0;
}

/* Bytes that the length claims and the file does not have count as 0, as for the firmware. */
static void mend(struct romfile *rom, uint32_t truncated)
{
	size_t length = mutate_length(rom), have = rom->size;

	if (truncated && truncated < have)
		have = truncated;
	if (length > have)
		length = have;
	romfile_mend(&header(rom)->rom_pad0, rom->bytes, length);
}

int mutate_rom(struct romfile *rom, const struct mutate *m, struct romfile_error *error)
{
	struct vrom_pcir *pcir;

	if (!romfile_header(rom, error))
		return -1;
	if (m->set_api) {
		header(rom)->api_version_maj = m->major;
		header(rom)->api_version_min = m->minor;
	}
	if (m->license && set_license(rom, m->license, error))
		return -1;
	if (m->set_vendor) {
		pcir = romfile_pcir(rom, error);
		if (!pcir)
			return -1;
		pcir->vendor = m->vendor;
		pcir->device = m->device;
	}
	if (mutate_add_code(rom, m, error) || mutate_set_capabilities(rom, m, error) ||
	    mutate_drop64(rom, m, error))
		return -1;
	if (m->size && set_size(rom, m->size, error))
		return -1;
	if (m->no_pnp)
		header(rom)->pnp_header_offs = 0;
	if (m->no_pcir)
		header(rom)->pci_header_offs = 0;
	for (size_t i = 0; i < m->patches; i++)
		if (put_bytes(rom, &m->patch[i], error))
			return -1;
	for (size_t i = 0; i < m->flips; i++)
		if (flip(rom, &m->flip[i], error))
			return -1;
	if (m->sign_directory && romfile_sign_directory(rom, error))
		return -1;
	if (!m->keep_checksum)
		mend(rom, m->truncate);
	if (m->bad_checksum)
		header(rom)->rom_pad0++;
	return m->truncate ? truncate_file(rom, m->truncate, error) : 0;
}
