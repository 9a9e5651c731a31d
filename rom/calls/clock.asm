; SPDX-License-Identifier: GPL-2.0-only
; Group timer, the half that reads: counters and wall-clock time. Natively nothing
; is ever stolen, so real and available time are both the TSC.
; spec/vmi.abi has the contract of each; segments are flat.
%include "width.inc"

extern rom_config, find_state, scale

section .text
bits WIDTH

; 66 GetCycleFrequency: u64 GetCycleFrequency(void)
; in     nothing
; out    EDX:EAX Hz, as POST noted it
; clobbers ECX, flags
begin vmi_get_cycle_frequency
	here xcx
	w_load xax, xdx, IMAGE + rom_config + vrom_config.tsc_hz
	ret
end vmi_get_cycle_frequency

; 67 GetCycleCounter: u64 GetCycleCounter(u32 counter)
; in     EAX 0 real, 1 available, 2 stolen; any other reads 0
; out    EDX:EAX
; clobbers ECX, flags
begin vmi_get_cycle_counter
	cmp ARG1, 1
	ja .nothing			; stolen, natively, too
	w_now
	ret
.nothing:
	w_zero xax, xdx
	ret
end vmi_get_cycle_counter

; 70 GetWallclockTime: u64 GetWallclockTime(void)
; in     nothing
; out    EDX:EAX nanoseconds since 1970, UTC
; clobbers ECX, flags
begin vmi_get_wallclock_time
	save xsi
	here xsi
	lea xsi, [IMAGE_AT + rom_config]
	w_now
	w_sub xax, xdx, xsi + vrom_config.wallclock_tsc
	w_scale xsi + vrom_config.ns_per_tick
	w_add xax, xdx, xsi + vrom_config.wallclock_ns
	restore xsi
	ret
end vmi_get_wallclock_time

; 71 WallclockUpdated: bool WallclockUpdated(void)
; in     nothing
; out    EAX 1 once after VMI_Init, then 0: natively the clock never jumps
; clobbers ECX, EDX, flags
begin vmi_wallclock_updated
	push xbx
	call find_state
	mov eax, 0
	jc .done
	xchg al, [xbx + vmi_state.wallclock_updated]
.done:
	pop xbx
	ret
end vmi_wallclock_updated
