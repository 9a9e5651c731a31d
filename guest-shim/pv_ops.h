/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pv_ops table: slots named as in Linux 2.6.32, and vmi_ops for calls that have no
 * slot there. Privileged work goes through these pointers, whatever they are bound to.
 *
 * Two kinds of slot cannot be called as C functions: iret and irq_enable_sysexit are
 * jump targets (flow.asm), and the irq slots keep every register but a result, so that
 * the inline functions below tell the compiler no more than that.
 */
#ifndef PV_OPS_H
#define PV_OPS_H

#include "arch.h"
#include "mm.h" /* struct mm */
#include "slots.h"
#include "vmi_abi.h"

#define PV VMI_REGPARM

struct pv_cpu_ops {
	void *iret, *irq_enable_sysexit; /* first: flow.asm knows their places */
	vmi_get_dr_fn *get_debugreg;
	vmi_set_dr_fn *set_debugreg;
	vmi_clts_fn *clts;
	vmi_get_cr0_fn *read_cr0;
	vmi_set_cr0_fn *write_cr0;
	vmi_get_cr4_fn *read_cr4;
	vmi_set_cr4_fn *write_cr4;
	void PV (*load_tr_desc)(void);
	vmi_set_gdt_fn *load_gdt;
	vmi_set_idt_fn *load_idt;
	vmi_get_gdt_fn *store_gdt;
	vmi_get_idt_fn *store_idt;
	void PV (*set_ldt)(const void *table, uint32_t entries);
	vmi_get_tr_fn *store_tr;
	void PV (*load_tls)(const struct thread *thread, uint32_t cpu);
	void PV (*write_ldt_entry)(struct descriptor *table, int index, const void *entry);
	void PV (*write_gdt_entry)(struct descriptor *table, int index, const void *entry, int type);
	void PV (*write_idt_entry)(struct descriptor *table, int index, const struct descriptor *gate);
	void PV (*load_sp0)(struct tss *tss, const struct thread *thread);
	vmi_set_iopl_mask_fn *set_iopl_mask;
	vmi_wbinvd_fn *wbinvd;
	vmi_io_delay_fn *io_delay;
	void PV (*cpuid)(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx);
	uint64_t PV (*read_msr)(uint32_t msr, int *error);
	int PV (*write_msr)(uint32_t msr, uint32_t low, uint32_t high);
	vmi_rdtsc_fn *read_tsc;
	uint64_t PV (*read_pmc)(int counter);
	void PV (*start_context_switch)(struct thread *previous);
	void PV (*end_context_switch)(struct thread *next);
};
_Static_assert(offsetof(struct pv_cpu_ops, iret) == PV_CPU_IRET, "layout.h");
_Static_assert(offsetof(struct pv_cpu_ops, irq_enable_sysexit) == PV_CPU_SYSEXIT, "layout.h");

struct pv_irq_ops {
	vmi_get_interrupt_mask_fn *save_fl;
	vmi_set_interrupt_mask_fn *restore_fl;
	vmi_disable_interrupts_fn *irq_disable;
	vmi_enable_interrupts_fn *irq_enable;
	vmi_halt_fn *safe_halt;
	void PV (*halt)(void);
};

struct pv_mmu_ops {
	vmi_get_cr2_fn *read_cr2;
	vmi_set_cr2_fn *write_cr2;
	vmi_get_cr3_fn *read_cr3;
	vmi_set_cr3_fn *write_cr3;
	void PV (*flush_tlb_user)(void);
	void PV (*flush_tlb_kernel)(void);
	vmi_inval_page_fn *flush_tlb_single;
	void PV (*flush_tlb_others)(uint32_t cpus, uintptr_t address);
	void PV (*pgd_free)(struct mm *mm, void *pgd);
	void PV (*alloc_pte)(struct mm *mm, uint32_t pfn);
	void PV (*alloc_pmd)(struct mm *mm, uint32_t pfn);
	void PV (*alloc_pmd_clone)(uint32_t pfn, uint32_t from, uint32_t start, uint32_t count);
	void PV (*release_pte)(uint32_t pfn);
	void PV (*release_pmd)(uint32_t pfn);
	void PV (*set_pte)(uint32_t *ptep, uint32_t pte);
	void PV (*set_pte_at)(struct mm *mm, uintptr_t address, uint32_t *ptep, uint32_t pte);
	void PV (*set_pmd)(uint32_t *pmdp, uint32_t pmd);
	void PV (*pte_update)(struct mm *mm, uintptr_t address, uint32_t *ptep);
	void PV (*pte_update_defer)(struct mm *mm, uintptr_t address, uint32_t *ptep);
	/* PAE only, as is all of pv_pae_ops */
	void PV (*set_pte_atomic)(uint64_t *ptep, uint64_t pte);
	void PV (*pte_clear)(struct mm *mm, uintptr_t address, uint64_t *ptep);
	void PV (*pmd_clear)(uint64_t *pmdp);
	void PV (*set_pud)(uint64_t *pudp, uint64_t pud);
	struct {
		void PV (*enter)(void);
		void PV (*leave)(void);
	} lazy_mode;
};

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

struct pv_apic_ops {
	void PV (*startup_ipi_hook)(uint32_t apic_id, const struct vmi_ap_state *state);
	vmi_apic_write_fn *apic_write;
	vmi_apic_read_fn *apic_read;
};

struct pv_time_ops {
	uint64_t PV (*sched_clock)(void); /* ns since some start, of available time */
	uint32_t PV (*get_tsc_khz)(void);
};

/*
 * Calls that Linux has no slot for, or keeps native there; and page-table calls with their own
 * arguments, for patch sites (sites.h).
 */
struct vmi_ops {
	vmi_get_ldt_fn *get_ldt;
	vmi_wrmsr_fn *wrmsr;
	uint64_t PV (*rdmsr)(uint32_t reg);
	vmi_set_pxe_fn *set_pxe;
	vmi_set_pxe_long_fn *set_pxe_long;
	vmi_update_pxe_fn *update_pxe;
	vmi_update_pxe_long_fn *update_pxe_long;
	vmi_set_lazy_mode_fn *set_lazy_mode;
	vmi_machine_to_physical_fn *machine_to_physical;
	vmi_physical_to_machine_fn *physical_to_machine;
	vmi_set_linear_mapping_fn *set_linear_mapping;
	vmi_reboot_fn *reboot;
	vmi_shutdown_fn *shutdown;
	vmi_get_cycle_frequency_fn *get_cycle_frequency;
	vmi_get_cycle_counter_fn *get_cycle_counter;
	vmi_set_alarm_fn *set_alarm;
	vmi_cancel_alarm_fn *cancel_alarm;
	vmi_get_wallclock_time_fn *get_wallclock_time;
	vmi_wallclock_updated_fn *wallclock_updated;
	vmi_get_capability_fn *get_capability;
	vmi_set_mapping_fn *set_mapping;
	vmi_leave_fn *leave;
};

extern struct pv_cpu_ops pv_cpu_ops;
extern struct pv_irq_ops pv_irq_ops;
extern struct pv_mmu_ops pv_mmu_ops;
extern struct pv_pae_ops pv_pae_ops;
extern struct pv_apic_ops pv_apic_ops;
extern struct pv_time_ops pv_time_ops;
extern struct vmi_ops vmi_ops;

static inline void pv_irq_enable(void)
{
	asm volatile("call *%0" : : "m"(pv_irq_ops.irq_enable) : "memory", "cc");
}

static inline void pv_irq_disable(void)
{
	asm volatile("call *%0" : : "m"(pv_irq_ops.irq_disable) : "memory", "cc");
}

static inline uint32_t pv_save_fl(void)
{
	uint32_t eflags;

	asm volatile("call *%1" : "=a"(eflags) : "m"(pv_irq_ops.save_fl) : "memory", "cc");
	return eflags;
}

static inline void pv_restore_fl(uint32_t eflags)
{
	asm volatile("call *%0" : : "m"(pv_irq_ops.restore_fl), "a"(eflags) : "memory", "cc");
}

#endif
