/* SPDX-License-Identifier: GPL-2.0-only */
/* The binding table's rows that x86-64 alone has; slots.h explains the form. */
#ifndef SLOTS_ARCH_H
#define SLOTS_ARCH_H

#include "vmi64_abi.h" /* numbers of the calls that 4.0 alone has */

#define PV_SLOTS_FLOW(FLOW, DIRECT, WRAP, NATIVE) \
	FLOW(usergs_sysret64, pv_cpu_ops.usergs_sysret64, SYSRET64, sysret64) \
	FLOW(usergs_sysret32, pv_cpu_ops.usergs_sysret32, SYSRET32, sysret32) \
	DIRECT(swapgs, pv_cpu_ops.swapgs, SwapGS, swapgs)

#define PV_SLOTS_PTE(FLOW, DIRECT, WRAP, NATIVE) \
	WRAP(set_pte, pv_mmu_ops.set_pte, SetPxELong, set_pxe_long) \
	WRAP(set_pte_at, pv_mmu_ops.set_pte_at, SetPxELong, set_pxe_long) \
	WRAP(set_pmd, pv_mmu_ops.set_pmd, SetPxELong, set_pxe_long) \
	WRAP(set_pud, pv_mmu_ops.set_pud, SetPxELong, set_pxe_long) \
	WRAP(set_p4d, pv_mmu_ops.set_p4d, SetPxELong, set_pxe_long) \
	WRAP(set_pgd, pv_mmu_ops.set_pgd, SetPxELong, set_pxe_long) \
	WRAP(pte_clear, pv_mmu_ops.pte_clear, SetPxELong, set_pxe_long) \
	WRAP(pmd_clear, pv_mmu_ops.pmd_clear, SetPxELong, set_pxe_long) \
	WRAP(pte_update, pv_mmu_ops.pte_update, UpdatePxELong, update_pxe_long) \
	WRAP(pte_update_defer, pv_mmu_ops.pte_update_defer, UpdatePxELong, update_pxe_long) \
	WRAP(set_pte_atomic, pv_mmu_ops.set_pte_atomic, UpdatePxELong, update_pxe_long) \
	DIRECT(set_pxe_long, vmi_ops.set_pxe_long, SetPxELong, set_pxe_long) \
	DIRECT(update_pxe_long, vmi_ops.update_pxe_long, UpdatePxELong, update_pxe_long) \
	DIRECT(load_gs_index, pv_cpu_ops.load_gs_index, LoadGSIndex, load_gs_index) \
	WRAP(alloc_pud, pv_mmu_ops.alloc_pud, AllocatePage, allocate_page) \
	WRAP(alloc_p4d, pv_mmu_ops.alloc_p4d, AllocatePage, allocate_page) \
	WRAP(release_pud, pv_mmu_ops.release_pud, ReleasePage, release_page) \
	WRAP(release_p4d, pv_mmu_ops.release_p4d, ReleasePage, release_page)

#define PV_SLOTS_ASSERT \
	_Static_assert(SLOT_usergs_sysret64 == SLOT_SYSRET64 && \
		       SLOT_usergs_sysret32 == SLOT_SYSRET32 && SLOT_swapgs == SLOT_SWAPGS, \
		       "layout.h");

#endif
