/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of pv_ops that the kernel makes often, as patch sites: each is a call of the
 * native twin, recorded for the loader (vmi_patch.h), which puts there what the slot is
 * bound to. Arguments lie where the call wants them, so wrappers have no part in this.
 *
 * A site is as long as its native code, which is put inline where the slot is native; the
 * loader leaves the call where that is longer.
 */
#ifndef SITES_H
#define SITES_H

#include "slots.h"
#include "vmi_patch.h"

#define SITE_CALL(twin, length) \
	"771:\tcall native_" #twin "\n\t" \
	".fill " #length " - 5, 1, 0x90\n\t" \
	".pushsection .patch_sites, \"a\"\n\t" \
	".long 771b, 0\n\t.short %c[row]\n\t.byte " #length ", %c[kind]\n\t.long %c[clobbers]\n\t" \
	".popsection"
#define SITE_ROW(id, may_change) \
	[row] "i"(SLOT_##id), [kind] "i"(VMI_SITE_CALL), [clobbers] "i"(may_change)
#define SITE_STANDARD (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_FLAGS)

/* No argument, or one in EAX; a result in EAX, or none. */
#define SITE_VOID(id, twin) \
	static inline void site_##id(void) \
	{ \
		asm volatile(SITE_CALL(twin, 5) : : SITE_ROW(id, SITE_STANDARD) \
			     : "eax", "ecx", "edx", "memory", "cc"); \
	}
#define SITE_SET(id, twin) \
	static inline void site_##id(uint32_t value) \
	{ \
		asm volatile(SITE_CALL(twin, 5) : "+a"(value) : SITE_ROW(id, SITE_STANDARD) \
			     : "ecx", "edx", "memory", "cc"); \
	}
#define SITE_GET(id, twin) \
	static inline uint32_t site_##id(void) \
	{ \
		uint32_t value; \
		asm volatile(SITE_CALL(twin, 5) : "=a"(value) : SITE_ROW(id, SITE_STANDARD) \
			     : "ecx", "edx", "memory", "cc"); \
		return value; \
	}

SITE_VOID(safe_halt, halt)
SITE_VOID(clts, clts)
SITE_VOID(wbinvd, wbinvd)
SITE_VOID(io_delay, io_delay)
SITE_SET(write_cr0, set_cr0)
SITE_SET(write_cr2, set_cr2)
SITE_SET(write_cr3, set_cr3)
SITE_SET(write_cr4, set_cr4)
SITE_SET(flush_tlb_single, inval_page)
SITE_SET(set_lazy_mode, set_lazy_mode)
SITE_GET(read_cr0, get_cr0)
SITE_GET(read_cr2, get_cr2)
SITE_GET(read_cr3, get_cr3)
SITE_GET(read_cr4, get_cr4)

/* These four keep every register but a result. */
static inline void site_irq_enable(void)
{
	asm volatile(SITE_CALL(enable_interrupts, 5) : : SITE_ROW(irq_enable, VMI_REG_FLAGS)
		     : "memory", "cc");
}

static inline void site_irq_disable(void)
{
	asm volatile(SITE_CALL(disable_interrupts, 5) : : SITE_ROW(irq_disable, VMI_REG_FLAGS)
		     : "memory", "cc");
}

static inline uint32_t site_save_fl(void)
{
	uint32_t eflags;

	asm volatile(SITE_CALL(get_interrupt_mask, 5) : "=a"(eflags)
		     : SITE_ROW(save_fl, VMI_REG_FLAGS | VMI_REG_EAX) : "memory", "cc");
	return eflags;
}

static inline void site_restore_fl(uint32_t eflags)
{
	asm volatile(SITE_CALL(set_interrupt_mask, 5) :
		     : "a"(eflags), SITE_ROW(restore_fl, VMI_REG_FLAGS) : "memory", "cc");
}

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
