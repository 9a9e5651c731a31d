/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pv_ops table: slots named as in Linux 2.6.32, and vmi_ops for calls that have no
 * slot there. Privileged work goes through these pointers, whatever they are bound to.
 *
 * Two kinds of slot cannot be called as C functions: iret and what PV_CPU_FLOW names are
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

/* Calls with a machine word: a register of the processor, or an address. */
typedef uintptr_t PV word_get_fn(void);
typedef void PV word_set_fn(uintptr_t value);

#include "pv_arch.h" /* PV_CPU_FLOW, PV_MMU_ARCH, VMI_OPS_ARCH: members of one width */

struct pv_cpu_ops {
	void *iret; /* first: assembly knows their places */
	PV_CPU_FLOW
	uintptr_t PV (*get_debugreg)(uint32_t number);
	void PV (*set_debugreg)(uint32_t number, uintptr_t value);
	vmi_clts_fn *clts;
	word_get_fn *read_cr0;
	word_set_fn *write_cr0;
	word_get_fn *read_cr4;
	word_set_fn *write_cr4;
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
	void PV (*write_idt_entry)(gate_desc *table, int index, const gate_desc *gate);
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

struct pv_irq_ops {
	word_get_fn *save_fl;
	word_set_fn *restore_fl;
	vmi_disable_interrupts_fn *irq_disable;
	vmi_enable_interrupts_fn *irq_enable;
	vmi_halt_fn *safe_halt;
	vmi_halt_only_fn *halt;
};

struct pv_mmu_ops {
	word_get_fn *read_cr2;
	word_set_fn *write_cr2;
	word_get_fn *read_cr3;
	word_set_fn *write_cr3;
	void PV (*flush_tlb_user)(void);
	void PV (*flush_tlb_kernel)(void);
	word_set_fn *flush_tlb_single;
	void PV (*flush_tlb_others)(uint32_t cpus, uintptr_t address);
	void PV (*pgd_free)(struct mm *mm, void *pgd);
	void PV (*alloc_pte)(struct mm *mm, uint32_t pfn);
	void PV (*alloc_pmd)(struct mm *mm, uint32_t pfn);
	void PV (*alloc_pmd_clone)(uint32_t pfn, uint32_t from, uint32_t start, uint32_t count);
	void PV (*release_pte)(uint32_t pfn);
	void PV (*release_pmd)(uint32_t pfn);
	void PV (*set_pte)(pteval_t *ptep, pteval_t pte);
	void PV (*set_pte_at)(struct mm *mm, uintptr_t address, pteval_t *ptep, pteval_t pte);
	void PV (*set_pmd)(pteval_t *pmdp, pteval_t pmd);
	void PV (*pte_update)(struct mm *mm, uintptr_t address, pteval_t *ptep);
	void PV (*pte_update_defer)(struct mm *mm, uintptr_t address, pteval_t *ptep);
	/* PAE or x86-64 only */
	void PV (*set_pte_atomic)(uint64_t *ptep, uint64_t pte);
	void PV (*pte_clear)(struct mm *mm, uintptr_t address, uint64_t *ptep);
	void PV (*pmd_clear)(uint64_t *pmdp);
	void PV (*set_pud)(uint64_t *pudp, uint64_t pud);
	PV_MMU_ARCH
	struct {
		void PV (*enter)(void);
		void PV (*leave)(void);
	} lazy_mode;
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
	void PV (*set_pxe_long)(uint64_t pte, void *ptep, uintptr_t flags);
	void PV (*update_pxe_long)(void *ptep, uintptr_t flags);
	VMI_OPS_ARCH
	vmi_set_lazy_mode_fn *set_lazy_mode;
	vmi_machine_to_physical_fn *machine_to_physical;
	vmi_physical_to_machine_fn *physical_to_machine;
	void PV (*set_linear_mapping)(uint32_t slot, uintptr_t va, uintptr_t pages, uintptr_t ppn);
	vmi_reboot_fn *reboot;
	vmi_shutdown_fn *shutdown;
	vmi_get_cycle_frequency_fn *get_cycle_frequency;
	vmi_get_cycle_counter_fn *get_cycle_counter;
	vmi_set_alarm_fn *set_alarm;
	vmi_cancel_alarm_fn *cancel_alarm;
	vmi_get_wallclock_time_fn *get_wallclock_time;
	vmi_wallclock_updated_fn *wallclock_updated;
	vmi_get_capability_fn *get_capability;
	uint32_t PV (*set_mapping)(uint32_t kind, uint64_t physical, uintptr_t linear, uintptr_t size);
	vmi_leave_fn *leave;
	vmi_get_vcpu_state_fn *get_vcpu_state;
	uint32_t PV (*vcpu_wait)(const void *address, uint64_t expected, uint32_t bytes);
	vmi_vcpu_kick_fn *vcpu_kick;
	uint32_t PV (*set_io_bitmap)(const void *bitmap, uint32_t bytes);
	uint32_t PV (*set_page_visibility)(uintptr_t pfn, uintptr_t pages, uint32_t visibility);
	vmi_set_backends_fn *set_backends;
};

extern struct pv_cpu_ops pv_cpu_ops;
extern struct pv_irq_ops pv_irq_ops;
extern struct pv_mmu_ops pv_mmu_ops;
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

static inline uintptr_t pv_save_fl(void)
{
	uintptr_t eflags;

	asm volatile("call *%1" : "=a"(eflags) : "m"(pv_irq_ops.save_fl) : "memory", "cc");
	return eflags;
}

static inline void pv_restore_fl(uintptr_t eflags)
{
	asm volatile("call *%0" : : "m"(pv_irq_ops.restore_fl), PV_FIRST(eflags) : "memory", "cc");
}

#endif
