/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest that came as a multiboot module, put where it belongs by a kernel that runs it. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stdint.h>

#define BOOT_MAGIC 0x2badb002u
#define LOAD_INFO_AT 0x7000u /* the guest's own multiboot information, which EBX leads to */
#define LOAD_LOWER 636u      /* KiB of conventional memory that every firmware leaves */
#define LOAD_LINE_MAX 512u   /* bytes of its command line, with the end */

struct boot_info { /* multiboot's */
	uint32_t flags, lower, upper, boot, line, module_count, modules;
};

/* Whether a loader left a module; its own command line, or "". */
bool load_there(uint32_t magic, const struct boot_info *info);
const char *load_line(const struct boot_info *info);
/* Leaves the guest its information: `line`, cut if need be, RAM up to `lower` KiB and from 1 MiB to `ram_end`. */
void load_info(const char *line, uint32_t lower, uint32_t ram_end);
/*
 * Copies the segments of the first module, a 32-bit ELF file, to where they belong between 1 MiB
 * and `ram_end`. Result: NULL and *entry, or what is wrong with it and *value, which tells more.
 */
const char *load_elf(const struct boot_info *info, uint32_t ram_end, uint32_t *entry, uint32_t *value);

#endif
