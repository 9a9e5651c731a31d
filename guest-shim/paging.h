/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own address space: space.h. */
#ifndef PAGING_H
#define PAGING_H

#include <stdbool.h>
#include <stdint.h>

#include "mm.h"
#include "space.h"

#ifndef FIXED_APIC /* a kernel without page tables has it elsewhere */
#define FIXED_APIC FIXED_BASE
#endif
#define FIXED_COPY_PAGE 512u  /* a copy of the ROM: see harden.h */
#define FIXED_STATE_PAGE 640u /* its state memory */

extern struct paging {
	bool on;               /* paging is enabled; until then LINEAR_BASE is not there */
	bool pae, nx, large, global, wp;
	unsigned levels;       /* of tables */
} paging;
extern struct mm kernel_mm;

/* Where the kernel reaches physical address `address`, which is RAM or below 1 MiB. */
static inline void *linear(uint32_t address)
{
	return (void *)((uintptr_t)address + (paging.on ? LINEAR_BASE : 0));
}

/*
 * Builds the kernel's tables and switches paging on, through the slots. `pae`: with
 * PAE if the processor has it (a note says so if not). False after a note if it cannot.
 */
bool paging_init(bool pae);

/* Tells a ROM that was bound where the linear mapping is, and how long. */
void paging_tell(void);

/* Physical address of the table in CR3. */
uint32_t paging_root(void);
/*
 * Maps the device page at physical `address` at FIXED_BASE + 4096 * `index`, uncached. Result:
 * where it is.
 */
void *paging_map_device(unsigned index, uint32_t address);
/* Makes pages of the kernel image executable and read-only, or writable again. */
void paging_set_executable(void *start, uint32_t size, bool executable);
/* Where the option-ROM window is mapped, from VROM_WINDOW_BASE on, to be run from there. */
uintptr_t paging_window(void);
/*
 * The ROM in use: its pages below 1 MiB, in the linear mapping, become text. All else there
 * is data, the firmware's permanent memory included, which the ROM may write. 0, 0: none.
 */
void paging_set_rom(uint32_t start, uint32_t size);
/*
 * The ROM's state memory, in RAM or below 1 MiB: it has to be mapped, as data, as far away from
 * where it is as the window is.
 */
void paging_set_state(uint32_t start, uint32_t size);
/* Takes pages of the option-ROM window, whole ones, out of the linear mapping and the window's own. */
void paging_hide(uint32_t start, uint32_t size);
/*
 * Pages of the kernel image, below 4 MiB: from now on neither they nor their place in the linear
 * mapping can be written or run.
 */
void paging_seal(void *start, uint32_t size);
/*
 * Maps the page of RAM at physical `address` at FIXED_BASE + 4096 * `index`: as text, which
 * user mode may run as it may the kernel's, or as data.
 */
void paging_map_fixed(unsigned index, uint32_t address, bool text);
/* Maps page `address` below 1 MiB where it is, for code in user mode; or takes it away. */
void paging_map_low(uint32_t address, bool there);
/*
 * Maps the page of physical `address`, RAM or below 1 MiB, as data at the first test page, or
 * takes it away. Result: where `address` is then.
 */
void *paging_map_alias(uint32_t address, bool there);
/* Lets user mode run the kernel's pages from `start` on, or not. */
void paging_let_user(uintptr_t start, uintptr_t end, bool user);
/* Whether it may run the page at `address`. */
bool paging_user_may_run(uintptr_t address);

/* Test page `page`: PAGING_TEST_BASE + 4096 * page. Its entry is set without any flush. */
void *paging_test_pte(unsigned page);

#endif
