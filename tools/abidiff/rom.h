/* SPDX-License-Identifier: GPL-2.0-only */
/* A ROM as one side of a comparison, and what a version promises of its answers. */
#ifndef ABIDIFF_ROM_H
#define ABIDIFF_ROM_H

#include "abidiff/differ.h"
#include "abigen/model.h"
#include "inspect/look.h"
#include "romfile/romfile.h"

struct rom {
	struct romfile file;
	struct romfile_images images;
	const struct romfile_image *image; /* the first VMI image of the file */
	struct vrom_header header;
	struct inspect_seen seen;
};

/*
 * Reads a ROM file and asks its first VMI image in the emulator. Result: 0, or 2 after a line on
 * stderr: unreadable, no VMI ROM, or too damaged to be asked.
 */
int rom_open(struct rom *rom, const char *path);
void rom_close(struct rom *rom);

/* What the ROM answers to a number. */
struct rom_answer {
	bool asked;    /* the emulator puts only some numbers beyond the calls that it knows */
	bool provided; /* a type other than NONE, or nothing that a guest can use */
	bool good;     /* a type and an address that a guest can use */
	unsigned int type;
	uint32_t offset; /* of the entry in the image, if it is a call or a jump */
	const char *text;
};
struct rom_answer rom_answer(const struct rom *rom, uint32_t number);
/* The capability table, which our loader takes, says something else about a call. */
bool rom_table_contradicts(const struct rom *rom, uint32_t number);
/* VMI_Init: 0 or another answer as text; *ok if guests go on. */
const char *rom_init(const struct rom *rom, bool *ok);
/* The licence string; "" if there is none inside the image. */
const char *rom_licence(const struct rom *rom);

/* A side that stands at an offset of the ROM; at the jump slot of a call, or where it was asked. */
struct side rom_side(const struct rom *rom, size_t offset, const char *text);
struct side rom_call_side(const struct rom *rom, uint32_t number, const char *text);

/* What a version of the ABI says of answers. */
struct contract_call {
	const char *name, *group;
	bool reserved, atomic;
	unsigned int since_major, since_minor, answers;
	const char *allowed; /* the words of `answers` */
	int line;            /* of `answers`, or of the reserved row; 0 = in no file */
};
#define CONTRACT_LICENCES 8
struct contract {
	const char *path; /* NULL: what pvrom was built with */
	unsigned int major, minor;
	int line; /* of the version */
	size_t count;
	struct contract_call call[MAX_CALLS];
	const char *licence[CONTRACT_LICENCES]; /* that guests take; ends with NULL */
	int licence_line;
};
void contract_built_in(struct contract *c);
void contract_of(struct contract *c, const struct model *m);
bool contract_takes(const struct contract *c, const char *licence);
/* A call that a ROM of this version may answer. */
bool contract_has(const struct contract *c, uint32_t number, unsigned int major,
		  unsigned int minor);
/* `call 17 SetCR3`, `reserved 72 UNUSED72` or `number 0x10000`. */
const char *contract_subject(const struct contract *c, uint32_t number);
/* IRET or SYSEXIT, without which a guest that has begun is lost. */
bool contract_must(const struct contract *c, uint32_t number);
/* The ROM provides a part of the call's atomic group, and not all of it. */
bool contract_torn(const struct contract *c, const struct rom *rom, uint32_t number);

/*
 * The atomic groups as text: `44 45, 50 51`. Of a ROM those of its directory, which lie at *at; NULL
 * if it has none that a guest uses.
 */
const char *rom_groups(const struct rom *rom, size_t *at);
/* NULL where the version is newer, so that there may be more groups. */
const char *contract_groups(const struct contract *c, unsigned int major, unsigned int minor);

/* Compares two ROMs, as guests see them. */
void rom_compare(const struct rom *old, const struct rom *new, struct differences *list);
/* Of that, the ABI of 64 bit, where a ROM has one. */
void rom_compare_abis(const struct rom *old, const struct rom *new, struct differences *list);
/* Holds a ROM against a version. `rom_first`: it is the first side. */
void rom_conform(const struct contract *c, const struct rom *rom, bool rom_first,
		 struct differences *list);

#endif
