/* SPDX-License-Identifier: GPL-2.0-only */
/* The sites of sites.h whose arguments or results are not one register of the width. */
#ifndef SITES_WIDTH_H
#define SITES_WIDTH_H

SITE_GET(read_tsc, rdtsc)

static inline void site_set_pxe_long(uint64_t pte, void *ptep, uintptr_t flags)
{
	asm volatile(SITE_CALL(set_pxe_long, 5) : "+D"(pte), "+S"(ptep), "+d"(flags)
		     : SITE_ROW(set_pxe_long, SITE_STANDARD) : "rax", "rcx", "r8", "r9", "r10", "r11", "memory", "cc");
}

static inline void site_update_pxe_long(void *ptep, uintptr_t flags)
{
	asm volatile(SITE_CALL(update_pxe_long, 5) : "+D"(ptep), "+S"(flags)
		     : SITE_ROW(update_pxe_long, SITE_STANDARD) : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc");
}

#endif
