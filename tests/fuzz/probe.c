// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe and validate. Input: a byte of flags, then the window's bytes from its start, as
 * many as there are. Flags: 1 mends the image's checksum, 2 that of $PnP where the header
 * says it is, 8 those of the directory and of the further ABI that it leads to first, so that
 * damage reaches the checks behind the sums; 4 makes the guest one in long mode.
 */
#include "machine.h"

#include <string.h>

const char fuzz_name[] = "probe";

static void mend_pnp(uint8_t *rom, uint32_t length)
{
	const struct vrom_header *header = (const struct vrom_header *)rom;
	uint32_t at = header->pnp_header_offs, size;
	uint8_t sum = 0;

	if (!at || at + sizeof(struct vrom_pnp) > length)
		return;
	size = rom[at + offsetof(struct vrom_pnp, length)] * 16u;
	if (at + size > length)
		return;
	for (uint32_t i = 0; i < size; i++)
		sum += rom[at + i];
	rom[at + offsetof(struct vrom_pnp, checksum)] -= sum;
}

/* What a directory leads to, and itself, as far as they lie in the image. */
static void mend_directory(uint8_t *rom, uint32_t length, uint32_t at)
{
	struct vrom_directory d;
	uint32_t table;
	uint8_t sum = 0;

	if (at + sizeof(d) > length)
		return;
	memcpy(&d, rom + at, sizeof(d));
	table = (uint32_t)d.capability_count * d.capability_size;
	if (d.capabilities_offs + table > length || d.groups_offs + d.groups_size > length ||
	    at + d.length > length)
		return;
	for (uint32_t i = 0; i < table; i++)
		sum += rom[d.capabilities_offs + i];
	for (uint32_t i = 0; i < d.groups_size; i++)
		sum += rom[d.groups_offs + i];
	rom[at + offsetof(struct vrom_directory, tables_checksum)] = (uint8_t)-sum;
	sum = 0;
	for (uint32_t i = 0; i < d.length; i++)
		sum += rom[at + i];
	rom[at + offsetof(struct vrom_directory, checksum)] -= sum;
}

static void mend_directories(uint8_t *rom, uint32_t length)
{
	struct vrom_directory d;
	struct vrom_abi abi;

	mend_directory(rom, length, VROM_DIRECTORY);
	if (length < VROM_SLOT_TABLE)
		return;
	memcpy(&d, rom + VROM_DIRECTORY, sizeof(d));
	if (!d.abi_count || d.abis_offs + sizeof(abi) > length)
		return;
	memcpy(&abi, rom + d.abis_offs, sizeof(abi));
	mend_directory(rom, length, abi.directory_offs);
}

static void mend_image(uint8_t *rom, uint32_t length)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < length; i++)
		sum += rom[i];
	((struct vrom_header *)rom)->rom_pad0 -= sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine m;
	uint32_t length;

	if (!size || size - 1 > FUZZ_WINDOW)
		return 0;
	machine_init(&m, data[0] & 4);
	memcpy(m.memory, data + 1, size - 1);
	length = m.memory[2] * VROM_BLOCK;
	if (length > FUZZ_WINDOW)
		length = FUZZ_WINDOW;
	if (data[0] & 2)
		mend_pnp(m.memory, length);
	if (data[0] & 8)
		mend_directories(m.memory, length);
	if (data[0] & 1 && length)
		mend_image(m.memory, length);
	machine_run(&m);
	return 0;
}
