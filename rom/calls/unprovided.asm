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
	unprovided vmi_wrmsr, vmi_rdmsr, vmi_rdpmc, vmi_reboot, vmi_shutdown
	unprovided vmi_set_pxe, vmi_set_pxe_long, vmi_update_pxe, vmi_update_pxe_long
	unprovided vmi_machine_to_physical, vmi_physical_to_machine
	unprovided vmi_allocate_page, vmi_release_page, vmi_inval_page, vmi_flush_tlb
	unprovided vmi_set_linear_mapping, vmi_set_iopl_mask, vmi_set_initial_ap_state
	unprovided vmi_apic_write, vmi_apic_read, vmi_io_delay
	unprovided vmi_get_cycle_frequency, vmi_get_cycle_counter, vmi_set_alarm
	unprovided vmi_cancel_alarm, vmi_get_wallclock_time, vmi_wallclock_updated
	unprovided vmi_set_lazy_mode
	endbr32
	ud2
