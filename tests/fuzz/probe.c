// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe and validate. Input: a byte of flags, then the window's bytes from its start, as
 * many as there are. Flags: 1 mends the image's checksum, 2 that of $PnP where the header
 * says it is, so that damage reaches the checks behind the sums.
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
	machine_init(&m);
	memcpy(m.memory, data + 1, size - 1);
	length = m.memory[2] * VROM_BLOCK;
	if (length > FUZZ_WINDOW)
		length = FUZZ_WINDOW;
	if (data[0] & 2)
		mend_pnp(m.memory, length);
	if (data[0] & 1 && length)
		mend_image(m.memory, length);
	machine_run(&m);
	return 0;
}
