/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of tools/addr2call share. */
#ifndef ADDR2CALL_INTERNAL_H
#define ADDR2CALL_INTERNAL_H

#include "addr2call/addr2call.h"
#include "vmi_abi.h"

/* Result: -1, with a line in `error`. */
int addr2call_refuse(struct romfile_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* rom_elf.c: an .elf of the build. */
struct rom_elf;
/* Result: NULL with `error`: missing, no ELF file, no symbols, or not of this ROM. */
struct rom_elf *rom_elf_open(const char *path, const struct romfile *rom,
			     struct romfile_error *error);
void rom_elf_close(struct rom_elf *s);
/*
 * The global or local label at or nearest below `offset`; labels within a function (NAME.PART)
 * do not count. Result: its name, with *start; or NULL.
 */
const char *rom_elf_label(const struct rom_elf *s, uint32_t offset, uint32_t *start);
/* Does `offset` lie in the part that is dropped when POST has run? */
bool rom_elf_post(const struct rom_elf *s, uint32_t offset);
/* The source line. Result: the file's name, with *line; or NULL. */
const char *rom_elf_line(struct rom_elf *s, uint32_t offset, int *line);

/* entries.c: what GetRelocationInfo answers. Offset 0 is no entry. */
struct entries {
	uint32_t call[VMI_CALLS];
	uint32_t slot[2]; /* where the slots of VMI_Init and GetRelocationInfo lead */
};
/* Result: 0, or -1 with `error` where the ROM answers no entry at all. */
int entries_ask(struct entries *entries, const struct romfile *rom, struct romfile_error *error);

#endif
