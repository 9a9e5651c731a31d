/* SPDX-License-Identifier: GPL-2.0-only */
/* A builder of synthetic VMI images: good ones, which tests then spoil. */
#ifndef ROM_IMAGE_H
#define ROM_IMAGE_H

#include "vmi_loader.h"

/* Where the builder puts things. */
enum {
	ROM_IMAGE_SIZE = 4096,
	ROM_IMAGE_MANUFACTURER = 0x388, /* right behind the jump slots */
	ROM_IMAGE_PNP = 0x390,
	ROM_IMAGE_PCIR = 0x3B0,
	ROM_IMAGE_PRODUCT = 0x3D0,
	ROM_IMAGE_LICENSE = 0x3E0,
	ROM_IMAGE_INIT = 0x3F0,
	ROM_IMAGE_GET_RELOC = 0x3F8,
	ROM_IMAGE_CALLS = 0x400, /* entry of call 0; one every 16 bytes */
	ROM_IMAGE_CAPABILITIES = 0xB00,
	ROM_IMAGE_GROUPS = 0xE00,
	ROM_IMAGE_INLINE = 0xE40, /* bytes to be copied, 16 for each of a few calls */

	/* What rom_image_widen() puts behind that. */
	ROM_IMAGE64_SIZE = 12288,
	ROM_IMAGE64_ABIS = 0x1000, /* room for four further ABIs; one is there */
	ROM_IMAGE64_DIRECTORY = 0x1040,
	ROM_IMAGE64_INIT = 0x1080,
	ROM_IMAGE64_GET_RELOC = 0x1090,
	ROM_IMAGE64_INLINE = 0x10A0, /* bytes to be copied */
	ROM_IMAGE64_CAPABILITIES = 0x1100,
	ROM_IMAGE64_GROUPS = 0x1400,
	ROM_IMAGE64_CALLS = 0x1500,
};

/*
 * Builds a good image of ROM_IMAGE_SIZE bytes with an entry table for all calls and, from
 * 3.1 on, a directory whose table says what rom_image_answer() does.
 */
void rom_image_build(uint8_t *rom, uint8_t major, uint8_t minor);

/* Makes an image of 3.1 one that has 64-bit code, too: 4.0, with a directory of its own. */
void rom_image_widen(uint8_t *rom);
struct vrom_abi *rom_image_abi(uint8_t *rom);
struct vrom_directory *rom_image_directory64(uint8_t *rom);
struct vrom_capability *rom_image_capability64(uint8_t *rom, int call);
/* rom_image_answer() of 4.0. */
uint8_t rom_image_answer64(int call);
/* rom_image_sign_directory() for both directories. */
void rom_image_sign64(uint8_t *rom);

/* Mends the checksum over what the length byte says, which must lie inside the buffer. */
void rom_image_sign(uint8_t *rom);
/* Mends $PnP's own checksum over its 32 bytes. */
void rom_image_sign_pnp(uint8_t *rom);

/*
 * Mends the sums of the directory's tables, if they lie in the image, and of the directory, then
 * the image's.
 */
void rom_image_sign_directory(uint8_t *rom);

/* The relocation type that a good ROM answers for a call that is not reserved. */
uint8_t rom_image_answer(int call);
/*
 * Offers `length` bytes, at most 16, to be copied for a call, with what the spec lets it change;
 * signs. `place`: 0 to 15, which of the places for bytes.
 */
void rom_image_offer(uint8_t *rom, int call, unsigned int place, const uint8_t *bytes,
		     uint8_t length);

struct vrom_directory *rom_image_directory(uint8_t *rom);
struct vrom_capability *rom_image_capability(uint8_t *rom, int call);
struct vrom_header *rom_image_header(uint8_t *rom);
struct vrom_pcir *rom_image_pcir(uint8_t *rom);
struct vrom_pnp *rom_image_pnp(uint8_t *rom);

#endif
