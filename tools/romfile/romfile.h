/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ROM files: the one reader, parser and checksum for every host tool.
 *
 * A file is outside data: nothing here trusts an offset or a length in it. Each
 * refusal says what was found, what was expected and what to do.
 */
#ifndef ROMFILE_H
#define ROMFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi_abi.h" /* struct vrom_header, vrom_pcir, vrom_pnp, vrom_config, VROM_* */

/* The length byte counts blocks, so no option ROM is larger. */
#define ROMFILE_MAX (255u * VROM_BLOCK)

struct romfile {
	char *path;
	uint8_t *bytes;
	size_t size; /* 1 to ROMFILE_MAX */
};

/* Why a function refused, as one line for a person. */
struct romfile_error {
	char text[512];
};

/*
 * Reads the regular file `path`. Result: 0, or -1 with `error` (missing,
 * unreadable, no regular file, empty, larger than ROMFILE_MAX), and then *rom
 * holds nothing. Free with romfile_free().
 */
int romfile_read(struct romfile *rom, const char *path, struct romfile_error *error);
/* The same with another limit, `max` bytes, for files that hold more than one image. */
int romfile_read_max(struct romfile *rom, const char *path, size_t max,
		     struct romfile_error *error);
void romfile_free(struct romfile *rom);

/*
 * Writes the image to `path`, whole or not at all: a temporary file beside it
 * is renamed. What is no regular file is not replaced. Result: 0, or -1 with `error`.
 */
int romfile_write(const struct romfile *rom, const char *path, struct romfile_error *error);

/* The 8-bit sum of `size` bytes; 0 is a good checksum. */
uint8_t romfile_sum(const void *bytes, size_t size);

/*
 * The directory at VROM_DIRECTORY of an image with a good header; NULL if it has no signature.
 * *capabilities becomes its table, NULL if directory or tables do not lie inside the file.
 */
struct vrom_directory *romfile_directory(const struct romfile *rom, uint8_t **capabilities);
/* The same of a directory anywhere in the file, such as that of a further ABI. */
struct vrom_directory *romfile_directory_at(const struct romfile *rom, size_t offset,
					     uint8_t **capabilities);
/* The list of further ABIs, of *count elements; NULL if there is none inside the file. */
const struct vrom_abi *romfile_abis(const struct romfile *rom, size_t *count);
/*
 * Finds the ABI of `width` bits and that major in the list, the highest minor as the loader takes
 * it, of equals the first. Result: false if none is listed; table->directory is NULL where it or its
 * tables do not lie inside the file.
 */
struct romfile_table {
	const struct vrom_abi *abi;
	struct vrom_directory *directory;
	uint8_t *capabilities;
};
bool romfile_find_abi(const struct romfile *rom, unsigned int width, unsigned int major,
		      struct romfile_table *table);
/* An entry of its table, which must be there; all 0 for a number beyond it. */
struct vrom_capability romfile_capability(const struct romfile_table *table, size_t number);
/* The answer that an entry means, an enum vmi_relocation or a type that does not exist. */
unsigned int romfile_answer(const struct vrom_capability *capability);
/*
 * Mends the sums of a directory's tables, then of the directory, if there is one, and first
 * those of the further ABIs; not the image's. Result: 0, or -1 with `error`.
 */
int romfile_sign_directory(struct romfile *rom, struct romfile_error *error);

/*
 * Where GetRelocationInfo is called, as an offset into the `size` bytes of an image: the entry
 * that its directory names, if signature and sum of that are good, else its slot.
 */
uint32_t romfile_get_reloc(const uint8_t *image, size_t size);

/* Changes *checksum, one of the `size` bytes at `bytes`, so that their sum is 0. */
void romfile_mend(uint8_t *checksum, const void *bytes, size_t size);

/*
 * Each of these finds a structure in the image and checks that all of it lies
 * inside the file. Result: a pointer into rom->bytes, or NULL with `error`.
 *
 * romfile_header() also checks both signatures and that the length byte is not
 * 0 and not beyond the file; the others need a good header and refuse what
 * romfile_header() refuses.
 */
struct vrom_header *romfile_header(const struct romfile *rom, struct romfile_error *error);
struct vrom_pcir *romfile_pcir(const struct romfile *rom, struct romfile_error *error);
struct vrom_pnp *romfile_pnp(const struct romfile *rom, struct romfile_error *error);
struct vrom_config *romfile_config(const struct romfile *rom, struct romfile_error *error);

#endif
