/* SPDX-License-Identifier: GPL-2.0-only */
/* What paging.c and the width's part of it know of each other. */
#ifndef KERNEL_MAP_H
#define KERNEL_MAP_H

#include "image_place.h" /* image_physical(), PTE_TEXT */
#include "paging.h"

/* Rights of a page of the kernel image, and of physical `address` in the linear mapping. */
uint64_t paging_image_rights(uintptr_t address);
uint64_t paging_linear_rights(uint32_t address);
/* Whether paging_seal() was told of it. */
bool paging_sealed(uintptr_t address);

/* An entry of the page at physical `address`: what the processor has of `rights`. */
uint64_t paging_entry(uint32_t address, uint64_t rights);
/* Sets the entry of the page at `address`, without any flush. False: no frame is left. */
bool paging_map(uintptr_t address, uint64_t value);
/* Gives pages of the linear mapping the rights that they now have. */
void paging_linear_again(uint32_t start, uint32_t end);

#endif
