/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An image under validation, and the reading of it. */
#ifndef VMI_IMAGE_H
#define VMI_IMAGE_H

#include "internal.h"

struct image {
	const struct vmi_load *load;
	struct vmi_candidate *candidate; /* `length` is inside the window once it is checked */
	struct vrom_header header;       /* a copy: every check sees the same bytes */
	uint32_t table_end;              /* bytes of header and entry table */
};

/*
 * These read only what the caller has found to lie inside the window. `field` is
 * what is being read. Result: false, with VMI_E_READ noted, if it cannot be read.
 */

/* Copies `size` bytes from `offset`. */
bool vmi_image_read(struct image *image, const char *field, uint32_t offset, void *to,
		    uint32_t size);
/* Adds up `size` bytes from `offset`. */
bool vmi_image_sum(struct image *image, const char *field, uint32_t offset, uint32_t size,
		   uint8_t *sum);
/*
 * Measures the string at `offset`, which lies inside the image, into *length: all
 * the rest of the image if there is no NUL in it.
 */
bool vmi_image_strlen(struct image *image, const char *field, uint32_t offset,
		      uint32_t *length);

/*
 * validate.c: reads the header, which every check below needs; all but the first need
 * vmi_check_length(), too. vmi_validate() runs them in order. Result: false if it is refused.
 */
bool vmi_open_image(struct image *image);
bool vmi_check_length(struct image *image);
bool vmi_check_sum(struct image *image);
bool vmi_check_version(struct image *image);
bool vmi_check_entry_table(struct image *image);
bool vmi_check_virtual_top(struct image *image);
/* Notes that the image has no code of the guest's width. Result: false. */
bool vmi_refuse_width(struct vmi_candidate *candidate);
/*
 * directory.c: fills candidate->directory from what stands at 0x20, or at offset `at`, which *d
 * is a copy of then. Result: false if the image cannot be read.
 */
bool vmi_check_directory(struct image *image);
bool vmi_read_directory(struct image *image, uint32_t at, struct vrom_directory *d);
/*
 * abis.c, for a guest in long mode: makes the candidate one of the further ABI that the guest
 * takes, with the directory of that. Result: false if there is none, or it is refused.
 */
bool vmi_check_abis(struct image *image);

/* structures.c: what the header points to. Result: false if it is refused. */
bool vmi_check_license(struct image *image);
bool vmi_check_pcir(struct image *image);
bool vmi_check_pnp(struct image *image);

#endif
