/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel image lies at KERNEL_BASE, x86-64. */
#ifndef IMAGE_PLACE_H
#define IMAGE_PLACE_H

#include <stdint.h>

#include "layout.h"

/* Rights of text, beside being run: none; SMEP forbids the kernel what user mode may run. */
#define PTE_TEXT 0u

/* Where a page of the image lies in memory. */
static inline uint32_t image_physical(uintptr_t address)
{
	return (uint32_t)(address - KERNEL_BASE);
}

#endif
