/* SPDX-License-Identifier: GPL-2.0-only */
/* A builder of synthetic VMI images: good ones, which tests then spoil. */
#ifndef ROM_IMAGE_H
#define ROM_IMAGE_H

#include "vmi_abi.h"

/* Where the builder puts things. */
enum {
	ROM_IMAGE_SIZE = 4096,
	ROM_IMAGE_LICENSE = 0x300,
	ROM_IMAGE_MANUFACTURER = 0x310,
	ROM_IMAGE_PRODUCT = 0x318,
	ROM_IMAGE_PCIR = 0x330,
	ROM_IMAGE_PNP = 0x350,
	ROM_IMAGE_INIT = 0x380,
	ROM_IMAGE_GET_RELOC = 0x390,
	ROM_IMAGE_CALLS = 0x400, /* entry of call 0; one every 16 bytes */
};

/* Builds a good image of ROM_IMAGE_SIZE bytes with an entry table for all calls. */
void rom_image_build(uint8_t *rom, uint8_t major, uint8_t minor);

/* Mends the checksum over what the length byte says, which must lie inside the buffer. */
void rom_image_sign(uint8_t *rom);
/* Mends $PnP's own checksum over its 32 bytes. */
void rom_image_sign_pnp(uint8_t *rom);

struct vrom_header *rom_image_header(uint8_t *rom);
struct vrom_pcir *rom_image_pcir(uint8_t *rom);
struct vrom_pnp *rom_image_pnp(uint8_t *rom);

#endif
