/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt operations as a kernel writes them everywhere: inline, each a patch site.
 * The compiler is told that no register but the result changes, so a patched call must
 * leave all of them alone. site.inc is the same for assembly.
 */
#ifndef SITE_H
#define SITE_H

#include <stdint.h>

#include "pv.h"

/* One record of .parainstructions. */
struct site {
	uint32_t address;
	uint8_t call;
	uint8_t length;
	uint16_t reserved;
};

#define SITE_CODE(push_eax, pop_eax) \
	"771:\n\t" push_eax "pushl %%ecx\n\tpushl %%edx\n\t" \
	"call *%c[slot]\n\t" \
	"popl %%edx\n\tpopl %%ecx\n\t" pop_eax "772:\n\t" \
	".pushsection .parainstructions, \"a\"\n\t.balign 4\n\t" \
	".long 771b\n\t.byte %c[number], 772b-771b\n\t.short 0\n\t.popsection\n\t"
#define SITE_ARGS(slot_, number_) [slot] "i"(&pv_irq_ops.slot_), [number] "i"(number_)

static inline void irq_enable(void)
{
	asm volatile(SITE_CODE("pushl %%eax\n\t", "popl %%eax\n\t")
		     : : SITE_ARGS(irq_enable, VMI_CALL_EnableInterrupts) : "memory", "cc");
}

static inline void irq_disable(void)
{
	asm volatile(SITE_CODE("pushl %%eax\n\t", "popl %%eax\n\t")
		     : : SITE_ARGS(irq_disable, VMI_CALL_DisableInterrupts) : "memory", "cc");
}

/* EFLAGS, of which the interrupt flag counts. */
static inline uint32_t irq_flags(void)
{
	uint32_t flags;

	asm volatile(SITE_CODE("", "")
		     : "=a"(flags)
		     : SITE_ARGS(save_fl, VMI_CALL_GetInterruptMask)
		     : "memory", "cc");
	return flags;
}

static inline void irq_restore(uint32_t flags)
{
	asm volatile(SITE_CODE("pushl %%eax\n\t", "popl %%eax\n\t")
		     :
		     : "a"(flags), SITE_ARGS(restore_fl, VMI_CALL_SetInterruptMask)
		     : "memory", "cc");
}

static inline uint32_t irq_save(void)
{
	uint32_t flags = irq_flags();

	irq_disable();
	return flags;
}

struct spinlock {
	volatile uint32_t taken;
};

static inline uint32_t lock(struct spinlock *l)
{
	uint32_t flags = irq_save();

	while (__sync_lock_test_and_set(&l->taken, 1))
		asm volatile("pause");
	return flags;
}

static inline void unlock(struct spinlock *l, uint32_t flags)
{
	__sync_lock_release(&l->taken);
	irq_restore(flags);
}

#endif
