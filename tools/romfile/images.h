/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The images in a ROM file, one behind the other as the PCI Firmware Specification
 * chains them, or anywhere in a memory dump. Nothing here trusts the bytes.
 */
#ifndef ROMFILE_IMAGES_H
#define ROMFILE_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi_abi.h"

/* More images than this are not looked at; the end says so. */
#define ROMFILE_IMAGES 64
/* What a file with several images, or a dump, may measure. */
#define ROMFILE_DUMP_MAX (16u << 20)

/* A structure that an image points to: `bytes` is NULL where there is none. */
struct romfile_part {
	const uint8_t *bytes;
	size_t at;         /* from the image's first byte */
	uint16_t pointer;  /* what the header says */
	const char *fault; /* why a pointer that is not 0 leads to none; or NULL */
};

struct romfile_image {
	const uint8_t *bytes; /* of the file, from the image's first byte to the file's end */
	size_t offset;        /* of the image in the file */
	size_t room;          /* bytes up to the file's end */
	uint8_t blocks;       /* the length byte; 0 where the file ends before it */
	size_t stated;        /* what its header says it is long; may be 0 or more than `room` */
	size_t length;        /* the part of that which is there; all of the rest if it says 0 */
	bool efi;             /* begins with a vrom_efi */
	bool vmi;             /* begins with a vrom_header: "cVmi" */
	struct romfile_part pcir;
	bool pcir_more;       /* a vrom_pcir_more follows it, inside the file */
	struct romfile_part pnp; /* never of an EFI image */
};

struct romfile_images {
	size_t count;
	struct romfile_image image[ROMFILE_IMAGES];
	char end[160];   /* why the list ends there, as a line for a person */
	bool complete;   /* it ends as the specification says */
};

/* The chain that begins at the first of `size` bytes; no image if that holds no 55AA. */
void romfile_chain(struct romfile_images *images, const uint8_t *bytes, size_t size);

/*
 * Every image on a VROM_WINDOW_STEP of physical memory, of which `bytes` is a dump
 * from address `base` on.
 */
void romfile_dump(struct romfile_images *images, const uint8_t *bytes, size_t size, uint64_t base);

/* The $PnP header that `pointer` (from the image's first byte; 0 = none) leads to. */
struct romfile_part romfile_pnp_at(const struct romfile_image *image, uint16_t pointer);

/*
 * Where the jump at `at` leads, from the image's first byte, `width` (16 or 32) being that of
 * the code. Result: false if no direct jump stands there.
 */
bool romfile_jump(const struct romfile_image *image, size_t at, unsigned int width,
		  uint32_t *target);

/* The 8-bit sum of the stated length, where bytes behind the file count as 0. */
uint8_t romfile_image_sum(const struct romfile_image *image);

/*
 * The string at `offset` of the image. Result: its length, or -1 where it leaves the
 * image before it ends.
 */
long romfile_string(const struct romfile_image *image, size_t offset);

/* The structures copied out, since they need not be aligned; the part must be there. */
struct vrom_pcir romfile_image_pcir(const struct romfile_image *image);
/* The bytes by PCIR, which has the say in a chain; 0 without one. */
size_t romfile_chain_length(const struct romfile_image *image);

#endif
