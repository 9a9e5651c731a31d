/* SPDX-License-Identifier: GPL-2.0-only */
/* The atomic groups that a ROM's directory lists, beside those of a version. */
#include "abidiff/rom.h"

#include <string.h>

/* By call: the lowest number of its group, or NO_GROUP. */
#define NO_GROUP 0xFFFF
typedef uint16_t leaders[MAX_CALLS];

static void clear(leaders of)
{
	for (size_t i = 0; i < MAX_CALLS; i++)
		of[i] = NO_GROUP;
}

static const char *text_of(const leaders of)
{
	const char *text = "";
	for (size_t first = 0; first < MAX_CALLS; first++)
		for (size_t i = first; of[first] == first && i < MAX_CALLS; i++)
			if (of[i] == first)
				text = differ_format("%s%s%zu", text, i > first ? " " : *text ? ", " : "", i);
	return *text ? text : "none";
}

const char *rom_groups(const struct rom *rom, size_t *at)
{
	struct vrom_directory d;
	leaders of;
	clear(of);
	if (!rom->seen.candidate.directory.used)
		return NULL;
	memcpy(&d, rom->image->bytes + VROM_DIRECTORY, sizeof(d));
	*at = d.groups_offs;
	if (d.groups_offs > rom->image->length || d.groups_size > rom->image->length - d.groups_offs)
		return "outside the image";
	const uint8_t *byte = rom->image->bytes + d.groups_offs, *end = byte + d.groups_size;
	while (byte < end) {
		size_t count = *byte++;
		uint16_t first = NO_GROUP;
		if (count > (size_t)(end - byte))
			return "a group that is cut";
		for (size_t i = 0; i < count; i++)
			first = byte[i] < first ? byte[i] : first;
		for (size_t i = 0; i < count; i++)
			of[byte[i]] = first;
		byte += count;
	}
	return text_of(of);
}

const char *contract_groups(const struct contract *c, unsigned int major, unsigned int minor)
{
	leaders of;
	clear(of);
	if (major != c->major || minor > c->minor)
		return NULL;
	for (uint32_t i = 0; i < c->count; i++) {
		uint32_t first = 0;
		if (!contract_has(c, i, major, minor) || !c->call[i].atomic)
			continue;
		while (!contract_has(c, first, major, minor) ||
		       strcmp(c->call[first].group, c->call[i].group))
			first++;
		of[i] = (uint16_t)first;
	}
	return text_of(of);
}
