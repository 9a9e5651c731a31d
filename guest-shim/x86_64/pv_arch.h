/* SPDX-License-Identifier: GPL-2.0-only */
/* Slots that x86-64 alone has: pv_ops.h says where its members stand, slots.h its rows. */
#ifndef PV_ARCH_H
#define PV_ARCH_H

#define PV_FIRST "D" /* where a function has its first argument, for asm */
#define PV_CPU_FLOW \
	void *usergs_sysret64, *usergs_sysret32; \
	void PV (*swapgs)(void); \
	bool PV (*load_gs_index)(uint32_t selector); /* it was refused */
#define PV_MMU_ARCH \
	void PV (*set_p4d)(uint64_t *p4dp, uint64_t p4d); \
	void PV (*set_pgd)(uint64_t *pgdp, uint64_t pgd); \
	void PV (*alloc_pud)(struct mm *mm, uint32_t pfn); \
	void PV (*alloc_p4d)(struct mm *mm, uint32_t pfn); \
	void PV (*release_pud)(uint32_t pfn); \
	void PV (*release_p4d)(uint32_t pfn);
#define VMI_OPS_ARCH
#define PV_OPS_ARCH

#endif
