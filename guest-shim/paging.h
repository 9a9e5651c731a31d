/* SPDX-License-Identifier: GPL-2.0-only */
/* Paging as far as tests need it: everything of the guest identity mapped. */
#ifndef PAGING_H
#define PAGING_H

#include <stdint.h>

#include "arch.h"

#define PTE_PRESENT 0x001u
#define PTE_WRITE 0x002u
#define PTE_USER 0x004u
#define PTE_GLOBAL 0x100u

/* Pages from here on are mapped as tests choose. */
#define PAGING_TEST_BASE 0x00800000u

extern struct mm kernel_mm;

uint32_t paging_root(void);
/* The entry of test page `page` (0 to 1023), at PAGING_TEST_BASE + 4096 * page. */
uint32_t *paging_test_pte(unsigned page);
/* The entry of an address below 4 MiB; paging_on() makes it anew. */
uint32_t *paging_low_pte(uintptr_t address);
/* Switches paging on and off through the slots. */
void paging_on(void);
void paging_off(void);

#endif
