; SPDX-License-Identifier: GPL-2.0-only
; Group timer, the half that reads: counters and wall-clock time. Natively nothing
; is ever stolen, so real and available time are both the TSC.
; spec/vmi.abi has the contract of each; segments are flat.
%include "rom.inc"

extern rom_config, find_state

section .text
bits 32

; 66 GetCycleFrequency: u64 GetCycleFrequency(void)
; in     nothing
; out    EDX:EAX Hz, as POST noted it
; clobbers ECX, flags
begin vmi_get_cycle_frequency
	call .here
.here:
	pop ecx
	mov eax, [cs:ecx + rom_config + vrom_config.tsc_hz - .here]
	mov edx, [cs:ecx + rom_config + vrom_config.tsc_hz + 4 - .here]
	ret
end vmi_get_cycle_frequency

; 67 GetCycleCounter: u64 GetCycleCounter(u32 counter)
; in     EAX 0 real, 1 available, 2 stolen; any other reads 0
; out    EDX:EAX
; clobbers ECX, flags
begin vmi_get_cycle_counter
	cmp eax, 1
	ja .nothing			; stolen, natively, too
	rdtsc
	ret
.nothing:
	xor eax, eax
	xor edx, edx
	ret
end vmi_get_cycle_counter

; 70 GetWallclockTime: u64 GetWallclockTime(void)
; in     nothing
; out    EDX:EAX nanoseconds since 1970, UTC
; clobbers ECX, flags
begin vmi_get_wallclock_time
	push ebx
	push edi
	call .here
.here:
	pop ebx
	lea ebx, [ebx + rom_config - .here]
	rdtsc
	sub eax, [cs:ebx + vrom_config.wallclock_tsc]
	sbb edx, [cs:ebx + vrom_config.wallclock_tsc + 4]
	mov ecx, [cs:ebx + vrom_config.ns_per_tick]
	mov edi, [cs:ebx + vrom_config.ns_per_tick + 4]
	call scale
	add eax, [cs:ebx + vrom_config.wallclock_ns]
	adc edx, [cs:ebx + vrom_config.wallclock_ns + 4]
	pop edi
	pop ebx
	ret
end vmi_get_wallclock_time

; 71 WallclockUpdated: bool WallclockUpdated(void)
; in     nothing
; out    EAX 1 once after VMI_Init, then 0: natively the clock never jumps
; clobbers ECX, EDX, flags
begin vmi_wallclock_updated
	push ebx
	call find_state
	mov eax, 0
	jc .done
	xchg al, [ebx + vmi_state.wallclock_updated]
.done:
	pop ebx
	ret
end vmi_wallclock_updated

; EDX:EAX = EDX:EAX * EDI.ECX, a 32.32 factor; what overflows is lost.
; clobbers flags
global scale
scale:
	push ebx
	push esi
	push ebp
	mov esi, edx
	mov ebx, eax
	mul ecx
	mov ebp, edx
	mov eax, esi
	mul ecx
	add ebp, eax
	adc edx, 0
	push edx
	mov eax, ebx
	mul edi
	add ebp, eax
	adc [esp], edx
	imul esi, edi
	pop edx
	add edx, esi
	mov eax, ebp
	pop ebp
	pop esi
	pop ebx
	ret
