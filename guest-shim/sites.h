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
#include "sites_arch.h" /* SITE_ADDRESS, SITE_STANDARD, registers and their lists */
#include "vmi_patch.h"

#define SITE_CALL(twin, length) \
	"771:\tcall native_" #twin "\n\t" \
	".fill " #length " - 5, 1, 0x90\n\t" \
	".pushsection .patch_sites, \"a\"\n\t" \
	SITE_ADDRESS "\n\t.short %c[row]\n\t.byte " #length ", %c[kind]\n\t.long %c[clobbers]\n\t" \
	".popsection"
#define SITE_ROW(id, may_change) \
	[row] "i"(SLOT_##id), [kind] "i"(VMI_SITE_CALL), [clobbers] "i"(may_change)

/* No argument, or one in SITE_ARGUMENT; a result in EAX or RAX, or none. */
#define SITE_VOID(id, twin) \
	static inline void site_##id(void) \
	{ \
		asm volatile(SITE_CALL(twin, 5) : : SITE_ROW(id, SITE_STANDARD) \
			     : SITE_ANY, "memory", "cc"); \
	}
#define SITE_SET(id, twin) \
	static inline void site_##id(uintptr_t value) \
	{ \
		asm volatile(SITE_CALL(twin, 5) : "+" SITE_ARGUMENT(value) : SITE_ROW(id, SITE_STANDARD) \
			     : SITE_BUT_ARGUMENT, "memory", "cc"); \
	}
#define SITE_GET(id, twin) \
	static inline uintptr_t site_##id(void) \
	{ \
		uintptr_t value; \
		asm volatile(SITE_CALL(twin, 5) : "=a"(value) : SITE_ROW(id, SITE_STANDARD) \
			     : SITE_BUT_RESULT, "memory", "cc"); \
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

static inline uintptr_t site_save_fl(void)
{
	uintptr_t flags;

	asm volatile(SITE_CALL(get_interrupt_mask, 5) : "=a"(flags)
		     : SITE_ROW(save_fl, VMI_REG_FLAGS | VMI_REG_EAX) : "memory", "cc");
	return flags;
}

static inline void site_restore_fl(uintptr_t flags)
{
	asm volatile(SITE_CALL(set_interrupt_mask, 5) :
		     : SITE_ARGUMENT(flags), SITE_ROW(restore_fl, VMI_REG_FLAGS) : "memory", "cc");
}

#include "sites_width.h" /* RDTSC and page-table entries: their width is the processor's */

#endif
