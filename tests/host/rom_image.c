// SPDX-License-Identifier: GPL-2.0-only
#include "rom_image.h"

#include <string.h>

struct vrom_header *rom_image_header(uint8_t *rom)
{
	return (struct vrom_header *)rom;
}

struct vrom_pcir *rom_image_pcir(uint8_t *rom)
{
	return (struct vrom_pcir *)(rom + ROM_IMAGE_PCIR);
}

struct vrom_pnp *rom_image_pnp(uint8_t *rom)
{
	return (struct vrom_pnp *)(rom + ROM_IMAGE_PNP);
}

/* Makes `size` bytes sum to 0 by the byte `checksum` among them. */
static void mend(uint8_t *checksum, const uint8_t *bytes, size_t size)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += bytes[i];
	*checksum -= sum;
}

void rom_image_sign(uint8_t *rom)
{
	struct vrom_header *header = rom_image_header(rom);

	mend(&header->rom_pad0, rom, header->rom_length * VROM_BLOCK);
}

void rom_image_sign_pnp(uint8_t *rom)
{
	struct vrom_pnp *pnp = rom_image_pnp(rom);

	mend(&pnp->checksum, (const uint8_t *)pnp, sizeof(*pnp));
}

static void put_jump(uint8_t *rom, uint32_t slot, uint32_t target)
{
	uint32_t at = VROM_SLOT_TABLE + slot * VROM_SLOT_SIZE, distance = target - (at + 5);

	rom[at] = 0xE9;
	memcpy(rom + at + 1, &distance, sizeof(distance));
}

void rom_image_build(uint8_t *rom, uint8_t major, uint8_t minor)
{
	struct vrom_header *header = rom_image_header(rom);
	struct vrom_pcir *pcir = rom_image_pcir(rom);
	struct vrom_pnp *pnp = rom_image_pnp(rom);

	for (uint32_t i = 0; i < ROM_IMAGE_SIZE; i++)
		rom[i] = (uint8_t)(i * 167 + 13); /* code that nobody runs */
	memset(rom, 0, VROM_SLOT_TABLE);
	header->rom_signature = VROM_SIGNATURE;
	header->rom_length = ROM_IMAGE_SIZE / VROM_BLOCK;
	header->vrom_signature = VROM_VMI_SIGNATURE;
	header->api_version_maj = major;
	header->api_version_min = minor;
	header->jump_slots = VROM_SLOT_CALL0 + VMI_CALLS;
	header->license_offs = ROM_IMAGE_LICENSE;
	header->pci_header_offs = ROM_IMAGE_PCIR;
	header->pnp_header_offs = ROM_IMAGE_PNP;
	put_jump(rom, VROM_SLOT_INIT, ROM_IMAGE_INIT);
	put_jump(rom, VROM_SLOT_GET_RELOC, ROM_IMAGE_GET_RELOC);
	for (uint32_t call = 0; call < VMI_CALLS; call++)
		put_jump(rom, VROM_SLOT_CALL0 + call, ROM_IMAGE_CALLS + 16 * call);

	strcpy((char *)rom + ROM_IMAGE_LICENSE, VMI_LICENSE);
	strcpy((char *)rom + ROM_IMAGE_MANUFACTURER, VMI_MANUFACTURER);
	strcpy((char *)rom + ROM_IMAGE_PRODUCT, VMI_PRODUCT);
	*pcir = (struct vrom_pcir){
		.signature = VROM_PCIR_SIGNATURE, .vendor = VROM_PCI_VENDOR,
		.device = VROM_PCI_DEVICE, .length = sizeof(*pcir),
		.image_length = header->rom_length, .indicator = VROM_PCIR_LAST_IMAGE,
	};
	*pnp = (struct vrom_pnp){
		.signature = VROM_PNP_SIGNATURE, .revision = 1, .length = sizeof(*pnp) / 16,
		.manufacturer_offs = ROM_IMAGE_MANUFACTURER, .product_offs = ROM_IMAGE_PRODUCT,
	};
	rom_image_sign_pnp(rom);
	rom_image_sign(rom);
}
