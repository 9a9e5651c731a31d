/* SPDX-License-Identifier: GPL-2.0-only */
/* The binding table's rows that i386 alone has; slots.h explains the form. */
#ifndef SLOTS_ARCH_H
#define SLOTS_ARCH_H

#define PV_SLOTS_FLOW(FLOW, DIRECT, WRAP, NATIVE) \
	FLOW(irq_enable_sysexit, pv_cpu_ops.irq_enable_sysexit, SYSEXIT, sysexit)

#define PV_SLOTS_PTE(FLOW, DIRECT, WRAP, NATIVE) \
	WRAP(set_pte, pv_mmu_ops.set_pte, SetPxE, set_pxe) \
	WRAP(set_pte_at, pv_mmu_ops.set_pte_at, SetPxE, set_pxe) \
	WRAP(set_pmd, pv_mmu_ops.set_pmd, SetPxE, set_pxe) \
	WRAP(pte_clear, pv_mmu_ops.pte_clear, SetPxELong, set_pxe_long) \
	WRAP(pmd_clear, pv_mmu_ops.pmd_clear, SetPxELong, set_pxe_long) \
	WRAP(set_pud, pv_mmu_ops.set_pud, SetPxELong, set_pxe_long) \
	WRAP(pte_update, pv_mmu_ops.pte_update, UpdatePxE, update_pxe) \
	WRAP(pte_update_defer, pv_mmu_ops.pte_update_defer, UpdatePxE, update_pxe) \
	WRAP(set_pte_atomic, pv_mmu_ops.set_pte_atomic, UpdatePxELong, update_pxe_long) \
	WRAP(pae_set_pte, pv_pae_ops.set_pte, SetPxELong, set_pxe_long) \
	WRAP(pae_set_pte_at, pv_pae_ops.set_pte_at, SetPxELong, set_pxe_long) \
	WRAP(pae_set_pmd, pv_pae_ops.set_pmd, SetPxELong, set_pxe_long) \
	WRAP(pae_pte_update, pv_pae_ops.pte_update, UpdatePxELong, update_pxe_long) \
	WRAP(pae_pte_update_defer, pv_pae_ops.pte_update_defer, UpdatePxELong, update_pxe_long) \
	DIRECT(set_pxe, vmi_ops.set_pxe, SetPxE, set_pxe) \
	DIRECT(set_pxe_long, vmi_ops.set_pxe_long, SetPxELong, set_pxe_long) \
	DIRECT(update_pxe, vmi_ops.update_pxe, UpdatePxE, update_pxe) \
	DIRECT(update_pxe_long, vmi_ops.update_pxe_long, UpdatePxELong, update_pxe_long)

#define PV_SLOTS_ASSERT \
	_Static_assert(SLOT_irq_enable_sysexit == SLOT_SYSEXIT, "layout.h");

#endif
