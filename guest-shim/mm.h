/* SPDX-License-Identifier: GPL-2.0-only */
/* Address spaces and their page tables, in either format. */
#ifndef MM_H
#define MM_H

#include <stdbool.h>
#include <stdint.h>

#include "spinlock.h"

#define PTE_PRESENT 0x001u
#define PTE_WRITE 0x002u
#define PTE_USER 0x004u
#define PTE_UNCACHED 0x018u
#define PTE_ACCESSED 0x020u
#define PTE_DIRTY 0x040u
#define PTE_LARGE 0x080u /* in a directory */
#define PTE_GLOBAL 0x100u
#define PTE_COPY 0x200u /* ours: shared after a fork, copied on the first write */
#define PTE_NX (1ull << 63)
#define PTE_ADDRESS 0xffffff000ull

#define MM_AREAS 16

/* A range of user addresses that may be touched. */
struct area {
	uint32_t start, end; /* equal: not in use */
	bool write;
};

/* An address space. Tables are named by physical address. */
struct mm {
	uint32_t root;       /* what CR3 holds */
	uint32_t pmd[4];     /* directories: one, or with PAE four */
	struct area areas[MM_AREAS];
	struct spinlock lock;     /* held while tables or areas change */
	volatile uint32_t cpus;   /* processors that may have entries in their TLB */
	uint32_t users;           /* processes */
};

/* An entry of the format in use. */
uint64_t entry_read(const void *entry);

/* The directory entry that serves `address`. */
void *pmd_entry(const struct mm *mm, uint32_t address);
/* The entry of the page at `address`; NULL if there is no table for it. */
void *pte_entry(const struct mm *mm, uint32_t address);
/* The same; a missing table is made. NULL if no frame is left. */
void *pte_make(struct mm *mm, uint32_t address);

/* Writes through the slots; TLBs keep what they have. */
void pte_set(struct mm *mm, uint32_t address, void *pte, uint64_t value);
void pte_remove(struct mm *mm, uint32_t address, void *pte);
void pmd_set(void *pmd, uint64_t value);

/* Takes the right to write away in memory, then tells of it. */
void pte_wrprotect(struct mm *mm, uint32_t address, void *pte, uint32_t set);

/* Bytes that a directory entry serves, and a table with all entries absent. */
uint32_t pmd_span(void);

/* Makes the tables of a new address space, kernel half included. False: no frame is left. */
bool tables_make(struct mm *mm);
/* Frees tables; the pages that they map must be gone. */
void tables_free(struct mm *mm);

#endif
