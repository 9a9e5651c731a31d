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
#define PTE_COPY 0x200u   /* ours: shared after a fork, copied on the first write */
#define PTE_DEMAND 0x400u /* ours, with PRESENT off: a page of zeros on the first touch */
#define PTE_NX (1ull << 63)
#define PTE_ADDRESS 0xffffff000ull

/* An address space. Tables are named by physical address. */
struct mm {
	uint32_t root;       /* what CR3 holds */
	uint32_t pmd[4];     /* directories: one, or with PAE four */
	struct spinlock lock;      /* held while entries of user pages change */
	volatile uint32_t cpus;    /* processors that have it in CR3 */
	volatile uint32_t users;   /* processes; 0 = not in use */
};

/* An entry of the format in use. */
uint64_t entry_read(const void *entry);

/* The directory entry that serves `address`. */
void *pmd_entry(const struct mm *mm, uintptr_t address);
/* The entry of the page at `address`; NULL if there is no table for it. */
void *pte_entry(const struct mm *mm, uintptr_t address);
/* The same; a missing table is made. NULL if no frame is left. */
void *pte_make(struct mm *mm, uintptr_t address);

/* Writes through the slots; TLBs keep what they have. */
void pte_set(struct mm *mm, uintptr_t address, void *pte, uint64_t value);
void pte_remove(struct mm *mm, uintptr_t address, void *pte);
void pmd_set(void *pmd, uint64_t value);

/* Takes the right to write away in memory, then tells of it. */
void pte_wrprotect(struct mm *mm, uintptr_t address, void *pte, uint32_t set);

/* Bytes that a directory entry serves, and a table with all entries absent. */
uint32_t pmd_span(void);

/* Makes the tables of a new address space, kernel half included. False: no frame is left. */
bool tables_make(struct mm *mm);
/* Frees tables; the pages that they map must be gone. */
void tables_free(struct mm *mm);

/* Shows every entry of a page, large ones too, that is present. */
void tables_walk(const struct mm *mm, void *context,
		 void (*seen)(void *context, uintptr_t address, uint64_t entry, bool large));

/*
 * User pages. Ranges are checked: a page of the kernel, or more than MM_PAGES_MAX pages,
 * is refused. All work under lazy mode and flush what TLBs may hold, on all processors.
 */
#define MM_MAX 64
#define MM_PAGES_MAX 1024u

/* An address space without user pages and with one user; NULL: nothing is left. */
struct mm *mm_create(void);
/* A copy of `from`: pages are shared, and copied when either side writes. */
struct mm *mm_fork(struct mm *from);
void mm_get(struct mm *mm);
/* One user less. The last one frees all; CR3 of no processor may hold it then. */
void mm_put(struct mm *mm);

/* Pages of zeros, made on the first touch; what was there is unmapped first. */
bool mm_map(struct mm *mm, uintptr_t start, uint32_t pages, bool write);
bool mm_unmap(struct mm *mm, uintptr_t start, uint32_t pages);
/* Takes the right to write away, or gives it. */
bool mm_protect(struct mm *mm, uintptr_t start, uint32_t pages, bool write);
/* Moves pages to another place, which may not overlap. */
bool mm_move(struct mm *mm, uintptr_t from, uintptr_t to, uint32_t pages);
/* Maps an allocated frame read-only, as program text. Takes over the reference. */
bool mm_map_text(struct mm *mm, uintptr_t address, uint32_t frame);

/* A page fault of user mode. True: it is resolved, go on; false: the access is wrong. */
bool mm_fault(struct mm *mm, uintptr_t address, bool write);
/* Over all address spaces: faults resolved by making or copying a page; pages mapped. */
uint32_t mm_faults(void);
uint32_t mm_pages(void);

/* Puts `mm` in CR3 of this processor, with its book-keeping. */
void mm_load(struct mm *mm);

#endif
