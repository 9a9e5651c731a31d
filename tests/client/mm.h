/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory: page frames, the kernel's page tables, processes' address spaces. */
#ifndef MM_H
#define MM_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "pv.h"

#define PAGE_SIZE 4096u
#define PTE_PRESENT 0x1u
#define PTE_WRITE 0x2u
#define PTE_USER 0x4u
#define PTE_ACCESSED 0x20u
#define PTE_DIRTY 0x40u
#define PTE_GLOBAL 0x100u
#define PTE_NX (1ull << 63)
#define PTE_KERNEL (PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY)
#define PTE_TABLE (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED | PTE_DIRTY)

/* An address space: user half its own, kernel half a copy of kernel_space's top level. */
struct space {
	uint32_t root; /* physical: what CR3 gets */
};
extern struct space kernel_space;
extern bool nx;
extern uint64_t pte_global, pte_no_execute; /* the bits that this processor has, else 0 */

static inline void *virt(uint32_t physical)
{
	return (void *)(physical + PAGE_OFFSET);
}

static inline uint32_t phys(const void *address)
{
	return (uint32_t)address - PAGE_OFFSET;
}

/* Frames, by physical address; 0 if there is none. A frame is shared by counting. */
void frames_init(uint32_t end);
uint32_t frame_alloc(void); /* zeroed */
void frame_share(uint32_t frame);
uint32_t frame_users(uint32_t frame);
void frame_release(uint32_t frame); /* frees it with its last user */
uint32_t frames_free(void);

/* Changes from the boot page directory to the kernel's tables, PAE or not. */
void paging_init(uint32_t memory_end, bool want_pae);
uint32_t memory_pages(void);

/* The entry of `address`; `make`: with the tables that are missing. NULL without them. */
void *space_pte(struct space *space, uint32_t address, bool make);
uint64_t pte_read(const void *pte);
/* The physical address in an entry. */
static inline uint32_t pte_frame(uint64_t pte)
{
	return (uint32_t)pte & ~(PAGE_SIZE - 1);
}

/* Result: false if memory has run out. */
bool space_create(struct space *space);
bool space_copy(struct space *to, struct space *from); /* shares every page, read-only */
void space_destroy(struct space *space);
/* Maps a frame; with 0, a new one. Result: the frame, or 0. */
uint32_t space_map(struct space *space, uint32_t address, uint32_t frame, bool write);
/* A page fault in user memory that may be touched: true if it is repaired. */
bool space_fault(struct space *space, uint32_t address, bool write);

/* Kernel addresses beyond the mapping of memory. */
#define VMALLOC 0xd0000000u
void *vmalloc_pte(uint32_t page);
/* Lays the fixmap below `top`; what was mapped in it is not any more. */
void fixmap_init(uint32_t top);
/* Maps the local APIC there. */
void fixmap_map_apic(void);
uint32_t fixmap_apic(void);

#endif
