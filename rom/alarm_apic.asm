; SPDX-License-Identifier: GPL-2.0-only
; Alarms of the local APIC's timer: what the calls of the group apic must tell when they touch its register
; or end its interrupt. The same bytes in both widths, once (rom/neutral/neutral.inc).
%include "neutral/neutral.inc"
%include "timers.inc"

extern program, has_fired, device_is_counting, next_expiry


section .text
bits WIDTH

; A write to LVTT keeps the periodic bit while the device repeats an alarm: a client
; arms first and writes a bare vector after.
; in     EAX value, ESI -> this processor's vmi_alarms
; out    EAX value to write
global alarm_kept_periodic
alarm_kept_periodic:
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	je .done
	or eax, LVTT_PERIODIC
.done:
	ret

; LVTT was written. An alarm that was due, but whose interrupt an emulated timer had not
; raised yet, or that fired while it was masked, has lost it: it fires now.
; in     ESI, EDI, interrupts off
; clobbers EAX, ECX, EDX
global alarm_rewired
alarm_rewired:
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
; in     ESI, EDI, interrupts off
; out    EAX not 0 if so
; clobbers ECX, EDX
global alarm_ends
alarm_ends:
	xor eax, eax
	cmp [xsi + vmi_alarms.armed], al
	je .done
	cmp [xsi + vmi_alarms.device_periodic], al
	je has_fired
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
