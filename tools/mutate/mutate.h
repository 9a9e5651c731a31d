/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Variants of a good ROM image, for tests: other versions, lengths, strings, answers,
 * and damage. The result is as valid as what was asked for lets it be.
 *
 * New code and longer strings are appended in blocks of their own, so that no offset in
 * the image moves. What our ROM's POST would drop lies before them, so such an
 * image keeps all of it: config.resident_blocks becomes image_blocks.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "romfile/romfile.h"
#include "vmi64_abi.h"

#define MUTATE_OVERRIDES 256
#define MUTATE_FLIPS 64
#define MUTATE_CAPABILITIES 16
#define MUTATE_PATCHES 64
#define MUTATE_PATCH_SIZE 16

/* What GetRelocationInfo is to answer for a call, any number. */
struct mutate_override {
	uint32_t call;
	uint32_t type; /* goes to EDX as it is, so that types that do not exist can be had */
};

/* Another value of a field in a call's vrom_capability; the directory's sums follow. */
struct mutate_capability {
	uint32_t call;
	uint8_t offset, size; /* of the field */
	uint16_t value;
};

struct mutate_flip {
	uint32_t offset;
	uint32_t bit; /* 0 to 7 */
};

/* Other bytes from `offset` on. */
struct mutate_patch {
	uint32_t offset;
	uint32_t size; /* up to MUTATE_PATCH_SIZE */
	uint8_t bytes[MUTATE_PATCH_SIZE];
};

/*
 * Code to stand in for VMI_Init or GetRelocationInfo; position-independent. The jump slot
 * leads to its first byte, at a 16-byte border. Two words before it help it to find
 * things (both are distances to subtract from the address of the first byte):
 * at -4 to the first byte of the image, at -8 to the code that it replaces.
 */
struct mutate_code {
	const void *bytes; /* NULL = leave the slot alone */
	size_t size;
};

/* All zero changes nothing but mends the checksum. */
struct mutate {
	bool set_api, set_vendor, no_pnp, no_pcir, bad_checksum, keep_checksum, sign_directory;
	uint8_t major, minor;
	uint16_t vendor, device;
	const char *license;      /* NULL = as it is */
	uint32_t size, truncate;  /* bytes; 0 = as it is */
	struct mutate_code init, answer;
	bool drop64[VMI64_CALLS], any_drop64; /* not provided in the table of the 64-bit ABI */
	size_t overrides, capabilities, patches, flips; /* how many there are */
	struct mutate_override override[MUTATE_OVERRIDES];
	struct mutate_capability capability[MUTATE_CAPABILITIES];
	struct mutate_patch patch[MUTATE_PATCHES];
	struct mutate_flip flip[MUTATE_FLIPS];
};

/*
 * Changes *rom, a VMI ROM with a good header (romfile_header()), in this order:
 * version, licence, PCI ids; code, the overrides around it; capabilities of both widths; size; PnP, PCIR;
 * bytes, flips; the directory's sums, if asked to; the checksum in rom_pad0; truncation,
 * whose lost bytes the checksum takes for 0. $PnP's own checksum is never mended.
 * A directory's table follows the overrides, without bytes to be copied for these calls; it
 * knows nothing of other code for GetRelocationInfo.
 *
 * Result: 0, or -1 with `error`; *rom may then be half changed and is still to be freed.
 */
int mutate_rom(struct romfile *rom, const struct mutate *m, struct romfile_error *error);

/*
 * Where the jump in slot `number`, which must lie in the image, leads, as an offset in it.
 * Result: 0, or -1 with `error`: no jump, or one that leaves the image.
 */
int mutate_slot_target(const struct romfile *rom, uint32_t number, uint32_t *target,
		       struct romfile_error *error);

#endif
