/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binding table as a list, one line per slot:
 *
 *   KIND(ID, SLOT, CALL, ENTRY)   the call and its ENTRY as spec/ names them;
 *                                 native_ENTRY is the twin, assembled from there
 *                                 (power.asm where spec/ has no text)
 *   NATIVE(ID, SLOT, FUNCTION)    a slot without a call
 *
 * FLOW    a jump target; wrap_ID stands in it if the ROM answers CALL_REL
 * DIRECT  the entry's address goes into the slot
 * WRAP    wrap_ID stands in the slot for good and calls slot_entry[SLOT_ID]
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <stdint.h>

#include "layout.h"
#include "slots_arch.h" /* PV_SLOTS_FLOW, PV_SLOTS_PTE: rows of one width */

#define PV_SLOTS(FLOW, DIRECT, WRAP, NATIVE) \
	FLOW(iret, pv_cpu_ops.iret, IRET, iret) \
	PV_SLOTS_FLOW(FLOW, DIRECT, WRAP, NATIVE) \
	WRAP(cpuid, pv_cpu_ops.cpuid, CPUID, cpuid) \
	DIRECT(load_gdt, pv_cpu_ops.load_gdt, SetGDT, set_gdt) \
	WRAP(set_ldt, pv_cpu_ops.set_ldt, SetLDT, set_ldt) \
	DIRECT(load_idt, pv_cpu_ops.load_idt, SetIDT, set_idt) \
	WRAP(load_tr_desc, pv_cpu_ops.load_tr_desc, SetTR, set_tr) \
	DIRECT(store_gdt, pv_cpu_ops.store_gdt, GetGDT, get_gdt) \
	DIRECT(get_ldt, vmi_ops.get_ldt, GetLDT, get_ldt) \
	DIRECT(store_idt, pv_cpu_ops.store_idt, GetIDT, get_idt) \
	DIRECT(store_tr, pv_cpu_ops.store_tr, GetTR, get_tr) \
	WRAP(write_gdt_entry, pv_cpu_ops.write_gdt_entry, WriteGDTEntry, write_gdt_entry) \
	WRAP(load_tls, pv_cpu_ops.load_tls, WriteGDTEntry, write_gdt_entry) \
	WRAP(write_ldt_entry, pv_cpu_ops.write_ldt_entry, WriteLDTEntry, write_ldt_entry) \
	WRAP(write_idt_entry, pv_cpu_ops.write_idt_entry, WriteIDTEntry, write_idt_entry) \
	WRAP(load_sp0, pv_cpu_ops.load_sp0, UpdateKernelStack, update_kernel_stack) \
	DIRECT(write_cr0, pv_cpu_ops.write_cr0, SetCR0, set_cr0) \
	DIRECT(write_cr2, pv_mmu_ops.write_cr2, SetCR2, set_cr2) \
	DIRECT(write_cr3, pv_mmu_ops.write_cr3, SetCR3, set_cr3) \
	DIRECT(write_cr4, pv_cpu_ops.write_cr4, SetCR4, set_cr4) \
	DIRECT(read_cr0, pv_cpu_ops.read_cr0, GetCR0, get_cr0) \
	DIRECT(read_cr2, pv_mmu_ops.read_cr2, GetCR2, get_cr2) \
	DIRECT(read_cr3, pv_mmu_ops.read_cr3, GetCR3, get_cr3) \
	DIRECT(read_cr4, pv_cpu_ops.read_cr4, GetCR4, get_cr4) \
	DIRECT(wbinvd, pv_cpu_ops.wbinvd, WBINVD, wbinvd) \
	DIRECT(set_debugreg, pv_cpu_ops.set_debugreg, SetDR, set_dr) \
	DIRECT(get_debugreg, pv_cpu_ops.get_debugreg, GetDR, get_dr) \
	WRAP(read_pmc, pv_cpu_ops.read_pmc, RDPMC, rdpmc) \
	DIRECT(read_tsc, pv_cpu_ops.read_tsc, RDTSC, rdtsc) \
	DIRECT(clts, pv_cpu_ops.clts, CLTS, clts) \
	DIRECT(irq_enable, pv_irq_ops.irq_enable, EnableInterrupts, enable_interrupts) \
	DIRECT(irq_disable, pv_irq_ops.irq_disable, DisableInterrupts, disable_interrupts) \
	DIRECT(save_fl, pv_irq_ops.save_fl, GetInterruptMask, get_interrupt_mask) \
	DIRECT(restore_fl, pv_irq_ops.restore_fl, SetInterruptMask, set_interrupt_mask) \
	DIRECT(safe_halt, pv_irq_ops.safe_halt, Halt, halt) \
	DIRECT(reboot, vmi_ops.reboot, Reboot, reboot) \
	DIRECT(shutdown, vmi_ops.shutdown, Shutdown, shutdown) \
	DIRECT(wrmsr, vmi_ops.wrmsr, WRMSR, wrmsr) \
	WRAP(rdmsr, vmi_ops.rdmsr, RDMSR, rdmsr) \
	PV_SLOTS_PTE(FLOW, DIRECT, WRAP, NATIVE) \
	DIRECT(set_lazy_mode, vmi_ops.set_lazy_mode, SetLazyMode, set_lazy_mode) \
	DIRECT(machine_to_physical, vmi_ops.machine_to_physical, MachineToPhysical, \
	       machine_to_physical) \
	DIRECT(physical_to_machine, vmi_ops.physical_to_machine, PhysicalToMachine, \
	       physical_to_machine) \
	WRAP(alloc_pte, pv_mmu_ops.alloc_pte, AllocatePage, allocate_page) \
	WRAP(alloc_pmd, pv_mmu_ops.alloc_pmd, AllocatePage, allocate_page) \
	WRAP(alloc_pmd_clone, pv_mmu_ops.alloc_pmd_clone, AllocatePage, allocate_page) \
	WRAP(release_pte, pv_mmu_ops.release_pte, ReleasePage, release_page) \
	WRAP(release_pmd, pv_mmu_ops.release_pmd, ReleasePage, release_page) \
	WRAP(pgd_free, pv_mmu_ops.pgd_free, ReleasePage, release_page) \
	DIRECT(flush_tlb_single, pv_mmu_ops.flush_tlb_single, InvalPage, inval_page) \
	WRAP(flush_tlb_user, pv_mmu_ops.flush_tlb_user, FlushTLB, flush_tlb) \
	WRAP(flush_tlb_kernel, pv_mmu_ops.flush_tlb_kernel, FlushTLB, flush_tlb) \
	DIRECT(set_linear_mapping, vmi_ops.set_linear_mapping, SetLinearMapping, \
	       set_linear_mapping) \
	DIRECT(set_iopl_mask, pv_cpu_ops.set_iopl_mask, SetIOPLMask, set_iopl_mask) \
	DIRECT(apic_write, pv_apic_ops.apic_write, APICWrite, apic_write) \
	DIRECT(apic_read, pv_apic_ops.apic_read, APICRead, apic_read) \
	DIRECT(io_delay, pv_cpu_ops.io_delay, IODelay, io_delay) \
	DIRECT(get_cycle_frequency, vmi_ops.get_cycle_frequency, GetCycleFrequency, \
	       get_cycle_frequency) \
	WRAP(get_tsc_khz, pv_time_ops.get_tsc_khz, GetCycleFrequency, get_cycle_frequency) \
	DIRECT(get_cycle_counter, vmi_ops.get_cycle_counter, GetCycleCounter, get_cycle_counter) \
	WRAP(sched_clock, pv_time_ops.sched_clock, GetCycleCounter, get_cycle_counter) \
	DIRECT(set_alarm, vmi_ops.set_alarm, SetAlarm, set_alarm) \
	DIRECT(cancel_alarm, vmi_ops.cancel_alarm, CancelAlarm, cancel_alarm) \
	DIRECT(get_wallclock_time, vmi_ops.get_wallclock_time, GetWallclockTime, \
	       get_wallclock_time) \
	DIRECT(wallclock_updated, vmi_ops.wallclock_updated, WallclockUpdated, \
	       wallclock_updated) \
	DIRECT(get_capability, vmi_ops.get_capability, GetCapability, get_capability) \
	DIRECT(set_mapping, vmi_ops.set_mapping, SetMapping, set_mapping) \
	DIRECT(leave, vmi_ops.leave, Leave, leave) \
	WRAP(lazy_enter, pv_mmu_ops.lazy_mode.enter, SetLazyMode, set_lazy_mode) \
	WRAP(lazy_leave, pv_mmu_ops.lazy_mode.leave, SetLazyMode, set_lazy_mode) \
	WRAP(start_context_switch, pv_cpu_ops.start_context_switch, SetLazyMode, set_lazy_mode) \
	WRAP(end_context_switch, pv_cpu_ops.end_context_switch, SetLazyMode, set_lazy_mode) \
	WRAP(startup_ipi_hook, pv_apic_ops.startup_ipi_hook, SetInitialAPState, \
	     set_initial_ap_state) \
	NATIVE(flush_tlb_others, pv_mmu_ops.flush_tlb_others, guest_flush_tlb_others) \
	DIRECT(halt, pv_irq_ops.halt, HaltOnly, halt_only) \
	WRAP(read_msr, pv_cpu_ops.read_msr, ReadMSRSafe, read_msr_safe) \
	WRAP(write_msr, pv_cpu_ops.write_msr, WriteMSRSafe, write_msr_safe) \
	DIRECT(get_vcpu_state, vmi_ops.get_vcpu_state, GetVcpuState, get_vcpu_state) \
	DIRECT(vcpu_wait, vmi_ops.vcpu_wait, VcpuWait, vcpu_wait) \
	DIRECT(vcpu_kick, vmi_ops.vcpu_kick, VcpuKick, vcpu_kick) \
	DIRECT(set_io_bitmap, vmi_ops.set_io_bitmap, SetIOBitmap, set_io_bitmap) \
	DIRECT(set_page_visibility, vmi_ops.set_page_visibility, SetPageVisibility, \
	       set_page_visibility) \
	DIRECT(set_backends, vmi_ops.set_backends, SetBackends, set_backends)

#define SLOT_ID(id, ...) SLOT_##id,
enum slot_id { PV_SLOTS(SLOT_ID, SLOT_ID, SLOT_ID, SLOT_ID) SLOT_COUNT };
#undef SLOT_ID
_Static_assert(SLOT_iret == SLOT_IRET, "layout.h");
PV_SLOTS_ASSERT

/* What each slot is bound to: the ROM's entry or the native twin, never a wrapper. */
extern uintptr_t slot_entry[SLOT_COUNT];

#endif
