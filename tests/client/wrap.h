/* SPDX-License-Identifier: GPL-2.0-only */
/* The wrappers, named after the slots that they go into. */
#ifndef WRAP_H
#define WRAP_H

#include "pv.h"

void wrap_cpuid(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx);
void wrap_set_ldt(const struct descriptor *ldt, uint32_t entries);
void wrap_load_tr_desc(void);
void wrap_write_gdt_entry(struct descriptor *table, uint32_t index, const struct descriptor *d);
void wrap_write_ldt_entry(struct descriptor *table, uint32_t index, const struct descriptor *d);
void wrap_write_idt_entry(struct descriptor *table, uint32_t index, const struct descriptor *d);
void wrap_load_sp0(struct tss *tss, uint32_t esp0);
void wrap_flush_tlb_user(void);
void wrap_flush_tlb_kernel(void);
void wrap_lazy_mmu(void);
void wrap_lazy_cpu(void);
void wrap_lazy_none(void);
void wrap_set_pte(void *pte, uint64_t value);
void wrap_set_pte_at(struct space *space, uint32_t address, void *pte, uint64_t value);
void wrap_set_pmd(void *pmd, uint64_t value);
void wrap_set_pud(void *pud, uint64_t value);
void wrap_pte_clear(struct space *space, uint32_t address, void *pte);
void wrap_pmd_clear(void *pmd);
void wrap_pte_update(struct space *space, uint32_t address, void *pte);
void wrap_pte_update_defer(struct space *space, uint32_t address, void *pte);
void wrap_alloc_pte(struct space *space, uint32_t pfn);
void wrap_alloc_pmd(struct space *space, uint32_t pfn);
void wrap_alloc_pmd_clone(uint32_t pfn, uint32_t clone, uint32_t start, uint32_t count);
void wrap_release_pte(uint32_t pfn);
void wrap_release_pmd(uint32_t pfn);
void wrap_startup_ipi_hook(uint32_t apic_id, uint32_t eip, uint32_t esp);

#endif
