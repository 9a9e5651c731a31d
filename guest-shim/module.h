/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that a multiboot loader brought along (QEMU: -initrd), if there is one. */
#ifndef MODULE_H
#define MODULE_H

#include <stdint.h>

#define MODULE_MAX (255u * 512u) /* the largest image that a length byte can tell */

/*
 * Copies the first module to where it stays: call before frames_init(), which gives its RAM away.
 * `magic` and `info` as in EAX and EBX at entry; `ram_end` bounds what is believed. What cannot
 * be used is a note.
 */
void module_keep(uint32_t magic, uintptr_t info, uint32_t ram_end);

/* The module kept, and *size; NULL if there is none. */
const uint8_t *module_get(uint32_t *size);

#endif
