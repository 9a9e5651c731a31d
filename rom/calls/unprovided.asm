; SPDX-License-Identifier: GPL-2.0-only
; Where the jump slots of numbers lead that have no body. No profile may answer
; them with anything but NONE, so whoever comes here never asked: an invalid
; opcode inside the image tells the guest's fault handler so.
%include "rom.inc"

section .text
bits 32

%macro unprovided 1-*
	%rep %0
		global %1
		%1:
		%rotate 1
	%endrep
%endmacro
	unprovided vmi_unprovided
	unprovided vmi_set_initial_ap_state
	unprovided vmi_read_msr_safe, vmi_write_msr_safe, vmi_flush_tlb_multi, vmi_get_vcpu_cycles
%ifdef HV				; devices are the guest's own there
	unprovided vmi_apic_write, vmi_apic_read, vmi_get_cycle_frequency, vmi_get_cycle_counter
	unprovided vmi_set_alarm, vmi_cancel_alarm, vmi_get_wallclock_time, vmi_wallclock_updated
%endif
	endbr32
	ud2
