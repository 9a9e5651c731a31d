// SPDX-License-Identifier: GPL-2.0-only
#include "rom_check.h"

#include <string.h>

#include "vmi_abi.h"

static const char *check_strings(const uint8_t *rom, uint32_t length,
				 const struct vrom_header *header)
{
	struct vrom_pnp pnp;

	if (header->license_offs >= length ||
	    !memchr(rom + header->license_offs, 0, length - header->license_offs))
		return "the licence leaves the image";
	if (!header->pnp_header_offs)
		return NULL;
	if (header->pnp_header_offs > length - sizeof(pnp))
		return "$PnP leaves the image";
	memcpy(&pnp, rom + header->pnp_header_offs, sizeof(pnp));
	if (pnp.length * 16u > length - header->pnp_header_offs)
		return "$PnP's length leaves the image";
	if (pnp.manufacturer_offs >= length || pnp.product_offs >= length)
		return "a string of $PnP leaves the image";
	return NULL;
}

const char *rom_check(const uint8_t *rom, uint32_t room)
{
	struct vrom_header header;
	struct vrom_pcir pcir;
	uint32_t length, table;
	uint8_t sum = 0;

	if (room < sizeof(header))
		return "no room for a header";
	memcpy(&header, rom, sizeof(header));
	length = header.rom_length * VROM_BLOCK;
	table = VROM_SLOT_TABLE + header.jump_slots * VROM_SLOT_SIZE;
	if (header.rom_signature != VROM_SIGNATURE || header.vrom_signature != VROM_VMI_SIGNATURE)
		return "a signature is wrong";
	if (!length || length > room || table > length || header.jump_slots < 2)
		return "the length is wrong";
	for (uint32_t i = 0; i < length; i++)
		sum += rom[i];
	if (sum)
		return "the checksum is wrong";
	if (header.pci_header_offs < table || header.pci_header_offs > length - sizeof(pcir))
		return "PCIR leaves the image";
	memcpy(&pcir, rom + header.pci_header_offs, sizeof(pcir));
	if (pcir.signature != VROM_PCIR_SIGNATURE || pcir.length > length - header.pci_header_offs)
		return "PCIR is wrong";
	return check_strings(rom, length, &header);
}
