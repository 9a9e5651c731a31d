/* SPDX-License-Identifier: GPL-2.0-only */
/* Slots that i386 alone has: pv_ops.h says where its members stand, slots.h its rows. */
#ifndef PV_ARCH_H
#define PV_ARCH_H

#define PV_FIRST "a" /* where a function has its first argument, for asm */
#define PV_CPU_FLOW void *irq_enable_sysexit;
#define PV_MMU_ARCH
#define VMI_OPS_ARCH \
	vmi_set_pxe_fn *set_pxe; \
	vmi_update_pxe_fn *update_pxe;

/*
 * Slots of pv_mmu_ops that a Linux with PAE fills otherwise. This guest has both formats in
 * one binary, so both have their place.
 */
struct pv_pae_ops {
	void PV (*set_pte)(uint64_t *ptep, uint64_t pte);
	void PV (*set_pte_at)(struct mm *mm, uintptr_t address, uint64_t *ptep, uint64_t pte);
	void PV (*set_pmd)(uint64_t *pmdp, uint64_t pmd);
	void PV (*pte_update)(struct mm *mm, uintptr_t address, uint64_t *ptep);
	void PV (*pte_update_defer)(struct mm *mm, uintptr_t address, uint64_t *ptep);
};
extern struct pv_pae_ops pv_pae_ops;

/* What binding.c defines beside the structures of both widths. */
#define PV_OPS_ARCH struct pv_pae_ops pv_pae_ops;

#endif
