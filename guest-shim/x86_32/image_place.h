/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel image lies where it was loaded, i386. */
#ifndef IMAGE_PLACE_H
#define IMAGE_PLACE_H

#include <stdint.h>

/* Rights of text, beside being run: user mode may run it, too (paging.c). */
#define PTE_TEXT PTE_USER

/* Where a page of the image lies in memory. */
static inline uint32_t image_physical(uintptr_t address)
{
	return address;
}

#endif
