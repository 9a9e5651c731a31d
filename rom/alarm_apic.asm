; SPDX-License-Identifier: GPL-2.0-only
; Alarms of the local APIC's timer: the device that alarm_next.asm programs, and what the
; calls of the group apic must tell when they touch its register or end its interrupt.
%include "width.inc"
%include "timers.inc"

extern rom_config, apic_get, start_apic, scale
extern program, has_fired, device_is_counting, next_expiry

ALARMS_SHIFT	equ 6
	times -(1 << ALARMS_SHIFT != vmi_alarms_size) db 0	; an error if spec/ changes that
LVTT_PERIODIC	equ 0x20000
APIC_SHIFT_MAX	equ 7			; it divides by up to 128

section .text
bits WIDTH

; in     EBX, EDI
; out    CF clear: ESI -> this processor's vmi_alarms
; clobbers EAX, ECX, EDX
global cpu_alarms
cpu_alarms:
	mov ecx, APIC_ID
	call apic_get
	cmp edi, APIC_BY_MSR		; there the id has all 32 bits
	je .id
	shr eax, 24
.id:
	cmp eax, VMI_STATE_CPUS
	jae .none
	shl eax, ALARMS_SHIFT		; CF is clear
	lea xsi, [xbx + xax + vmi_state.cpus]
	ret
.none:
	stc
	ret

; Makes the APIC timer count EDX:EAX ticks, rounded up.
; in     ESI, EDI
; clobbers EAX, EBX, ECX, EDX, EBP
global program_apic
program_apic:
	here xbx
	w_scale IMAGE + rom_config + vrom_config.apic_per_tick
	w_add_number xax, xdx, 1
	xor ebp, ebp			; log2 of the divider
.divide:
	w_fits_32 xax, xdx, .fits
	cmp ebp, APIC_SHIFT_MAX
	je .longest
	inc ebp
	w_add_number xax, xdx, 1
	w_shr xax, xdx, 1
	jmp short .divide
.longest:
	mov eax, 0xFFFFFFFF
.fits:
	jmp start_apic

; A write to LVTT keeps the periodic bit while the device repeats an alarm: a client
; arms first and writes a bare vector after.
; in     EAX value, EBX, EDI
; out    EAX value to write
; clobbers ECX, EDX, ESI
global alarm_kept_periodic
alarm_kept_periodic:
	push xax
	call cpu_alarms
	pop xax
	jc .done
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	je .done
	or eax, LVTT_PERIODIC
.done:
	ret

; LVTT was written. An alarm that was due, but whose interrupt an emulated timer had not
; raised yet, or that fired while it was masked, has lost it: it fires now.
; in     EBX, EDI, interrupts off
; clobbers EAX, ECX, EDX, ESI
global alarm_rewired
alarm_rewired:
	call cpu_alarms
	jc .done
	cmp byte [xsi + vmi_alarms.armed], 0
	je .done
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	jne .done
	call device_is_counting
	test eax, eax
	jnz .done
	call has_fired
	test eax, eax
	jz program
.done:
	ret

; Before an end of interrupt is told: is this processor's alarm one that has fired?
; in     EBX, EDI, interrupts off
; out    EAX not 0 if so; then ESI is for alarm_next
; clobbers ECX, EDX
global alarm_ends
alarm_ends:
	call cpu_alarms
	mov eax, 0
	jc .done
	cmp [xsi + vmi_alarms.armed], al
	je .done
	cmp [xsi + vmi_alarms.device_periodic], al
	jne .done
	jmp has_fired
.done:
	ret

; After it: the next alarm is armed, if there is one.
; in     ESI, EDI, interrupts off
; clobbers EAX, ECX, EDX, EBP
global alarm_next
alarm_next:
	call next_expiry
	cmp byte [xsi + vmi_alarms.armed], 0
	jne program
	ret
