/* SPDX-License-Identifier: GPL-2.0-only */
/* The sites of sites.h whose arguments or results are not one register of the width. */
#ifndef SITES_WIDTH_H
#define SITES_WIDTH_H

static inline uint64_t site_read_tsc(void)
{
	uint64_t value;

	asm volatile(SITE_CALL(rdtsc, 5) : "=A"(value) : SITE_ROW(read_tsc, SITE_STANDARD)
		     : "ecx", "memory", "cc");
	return value;
}

static inline void site_set_pxe(uint32_t pte, void *ptep, uint32_t flags)
{
	asm volatile(SITE_CALL(set_pxe, 5) : "+a"(pte), "+d"(ptep), "+c"(flags)
		     : SITE_ROW(set_pxe, SITE_STANDARD) : "memory", "cc");
}

static inline void site_set_pxe_long(uint64_t pte, void *ptep, uint32_t flags)
{
	asm volatile("pushl %[flags]\n" SITE_CALL(set_pxe_long, 12) "\n\tleal 4(%%esp), %%esp"
		     : "+A"(pte), "+c"(ptep)
		     : [flags] "ir"(flags), SITE_ROW(set_pxe_long, SITE_STANDARD) : "memory", "cc");
}

static inline void site_update_pxe(void *ptep, uint32_t flags)
{
	asm volatile(SITE_CALL(update_pxe, 5) : "+a"(ptep), "+d"(flags)
		     : SITE_ROW(update_pxe, SITE_STANDARD) : "ecx", "memory", "cc");
}

static inline void site_update_pxe_long(void *ptep, uint32_t flags)
{
	asm volatile(SITE_CALL(update_pxe_long, 5) : "+a"(ptep), "+d"(flags)
		     : SITE_ROW(update_pxe_long, SITE_STANDARD) : "ecx", "memory", "cc");
}

#endif
