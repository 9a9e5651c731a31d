/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations through which the client reaches the processor: slots with the names of
 * Linux 2.6.32. They start native; bind.c fills some of them from the ROM.
 */
#ifndef PV_H
#define PV_H

#include <stdbool.h>
#include <stdint.h>

#include "vmi_abi.h"

struct space;

struct descriptor {
	uint32_t low, high;
};

struct tss {
	uint32_t link, esp0, ss0, unused[22];
	uint16_t trap, io_map;
};

typedef void pv_write_entry_fn(struct descriptor *table, uint32_t index,
			       const struct descriptor *d);

struct pv_cpu_ops {
	void (*iret)(void);   /* reached from assembly only */
	void (*irq_enable_sysexit)(void);
	void (*cpuid)(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx);
	void (*set_debugreg)(uint32_t number, uint32_t value);
	uint32_t (*get_debugreg)(uint32_t number);
	void (*clts)(void);
	uint32_t (*read_cr0)(void);
	void (*write_cr0)(uint32_t value);
	uint32_t (*read_cr4)(void);
	void (*write_cr4)(uint32_t value);
	void (*load_gdt)(const struct vmi_descriptor_pointer *p);
	void (*load_idt)(const struct vmi_descriptor_pointer *p);
	void (*store_gdt)(struct vmi_descriptor_pointer *p);
	void (*store_idt)(struct vmi_descriptor_pointer *p);
	uint32_t (*store_tr)(void);
	void (*load_tr_desc)(void);
	void (*set_ldt)(const struct descriptor *ldt, uint32_t entries);
	pv_write_entry_fn *write_gdt_entry;
	pv_write_entry_fn *write_ldt_entry;
	pv_write_entry_fn *write_idt_entry;
	void (*load_sp0)(struct tss *tss, uint32_t esp0);
	void (*wbinvd)(void);
	uint64_t (*read_tsc)(void);
	void (*set_iopl_mask)(uint32_t mask);
	void (*io_delay)(void);
	void (*start_context_switch)(void);
	void (*end_context_switch)(void);
};

struct pv_irq_ops {
	uint32_t (*save_fl)(void);
	void (*restore_fl)(uint32_t flags);
	void (*irq_disable)(void);
	void (*irq_enable)(void);
	void (*safe_halt)(void);
};

/* Entries are wide enough for both formats; `pae` tells which is in use. */
struct pv_mmu_ops {
	uint32_t (*read_cr2)(void);
	void (*write_cr2)(uint32_t value);
	uint32_t (*read_cr3)(void);
	void (*write_cr3)(uint32_t value);
	void (*flush_tlb_user)(void);
	void (*flush_tlb_kernel)(void);
	void (*flush_tlb_single)(uint32_t address);
	void (*alloc_pte)(struct space *space, uint32_t pfn);
	void (*alloc_pmd)(struct space *space, uint32_t pfn);
	void (*alloc_pmd_clone)(uint32_t pfn, uint32_t clone, uint32_t start, uint32_t count);
	void (*release_pte)(uint32_t pfn);
	void (*release_pmd)(uint32_t pfn);
	void (*pgd_free)(uint32_t pfn);
	void (*set_pte)(void *pte, uint64_t value);
	void (*set_pte_at)(struct space *space, uint32_t address, void *pte, uint64_t value);
	void (*set_pmd)(void *pmd, uint64_t value);
	void (*set_pud)(void *pud, uint64_t value);
	void (*pte_clear)(struct space *space, uint32_t address, void *pte);
	void (*pmd_clear)(void *pmd);
	void (*pte_update)(struct space *space, uint32_t address, void *pte);
	void (*pte_update_defer)(struct space *space, uint32_t address, void *pte);
	void (*lazy_enter)(void);
	void (*lazy_leave)(void);
};

struct apic_ops {
	void (*write)(uint32_t reg, uint32_t value);
	uint32_t (*read)(uint32_t reg);
	void (*startup_ipi_hook)(uint32_t apic_id, uint32_t eip, uint32_t esp);
};

struct pv_timer_ops {
	vmi_get_cycle_frequency_fn *frequency;
	vmi_get_cycle_counter_fn *counter;
	vmi_set_alarm_fn *set_alarm;
	vmi_cancel_alarm_fn *cancel_alarm;
	vmi_get_wallclock_time_fn *wallclock;
	vmi_wallclock_updated_fn *wallclock_updated;
};

extern struct pv_cpu_ops pv_cpu_ops;
extern struct pv_irq_ops pv_irq_ops;
extern struct pv_mmu_ops pv_mmu_ops;
extern struct apic_ops apic_ops;
extern struct pv_timer_ops pv_timer_ops; /* NULL while the timer is native */
/* Told about the kernel's mapping of memory; NULL if the ROM does not want to know. */
extern vmi_set_linear_mapping_fn *pv_set_linear_mapping;

extern bool pae;

/* What native slots do, also for tests to compare with. */
extern const struct pv_cpu_ops native_cpu_ops;
extern const struct pv_irq_ops native_irq_ops;
extern const struct pv_mmu_ops native_mmu_ops;
extern const struct apic_ops native_apic_ops;

#endif
