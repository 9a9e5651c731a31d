; SPDX-License-Identifier: GPL-2.0-only
; Which alarm a device counts for, and what comes after it.
%include "width.inc"
%include "alarms.inc"

extern program_pit, stop_pit, pit_is_counting, program_apic, stop_apic, apic_is_counting, apic_has_raised

PERIOD_SLACK	equ 6			; a device period starts now: 1/64 of it late at most

section .text
bits WIDTH

; Programs the device for the earliest armed alarm, or stops it.
; in     ESI -> vmi_alarms, EDI
; clobbers EAX, ECX, EDX
global program
program:
	push xbx
	push xbp
	xor ecx, ecx
	mov byte [xsi + vmi_alarms.device_periodic], 0
	mov al, [xsi + vmi_alarms.armed]
	test al, al
	jz .stop
	cmp al, 2
	jb .chosen
	inc ecx
	cmp al, 2
	je .chosen
	w_load xax, xdx, xsi + vmi_alarms.expiry	; both: which is earlier?
	w_sub xax, xdx, xsi + vmi_alarms.expiry + 8
	sbb ecx, 0
.chosen:
	mov [xsi + vmi_alarms.programmed], cl
	lea xbp, [xsi + xcx * 8]
	w_now
	w_copy xbx, xcx, xax, xdx
	w_load xax, xdx, xbp + vmi_alarms.expiry
	w_sub_wide xax, xdx, xbx, xcx
	jnb .ahead
	w_zero xax, xdx			; in the past: at once
.ahead:
	call use_device_period
	w_at_most_far
	test xdi, xdi
	jz .pit
	call program_apic
	jmp short .done
.pit:
	call program_pit
	jmp short .done
.stop:
	test xdi, xdi
	jz .stop_pit
	call stop_apic
	jmp short .done
.stop_pit:
	call stop_pit
.done:
	pop xbp
	pop xbx
	ret

; May the device re-arm by itself? Only for a lone alarm whose first expiry is one
; period away: at most that, or it would be early, and, for the APIC, not much less.
; in     EDI, EBP -> its expiry and period within vmi_alarms, EDX:EAX distance
; out    EDX:EAX what to count: the period if the device repeats it
; clobbers EBX, ECX
use_device_period:
	w_load_test xbx, xcx, xbp + vmi_alarms.period
	jz .no
	cmp byte [xsi + vmi_alarms.armed], COUNTERS + 1
	je .no
	w_load_high xcx, xbp + vmi_alarms.period
	w_push xax, xdx
	w_sub_wide xbx, xcx, xax, xdx	; period - distance
	jb .other
	test xdi, xdi
	jz .yes
	w_load xax, xdx, xbp + vmi_alarms.period
	w_shr xax, xdx, PERIOD_SLACK
	w_ja xbx, xcx, xax, xdx, .other
.yes:
	add xsp, 8
	w_load xax, xdx, xbp + vmi_alarms.period
	mov byte [xsi + vmi_alarms.device_periodic], 1
	ret
.other:
	w_pop xax, xdx
.no:
	ret

; Has the device not yet fired?
; in     EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
global device_is_counting
device_is_counting:
	test xdi, xdi
	jnz apic_is_counting
	jmp pit_is_counting

; Has the programmed alarm, which comes once, fired?
; in     ESI, EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
global has_fired
has_fired:
	call device_is_counting
	xor eax, 1
	jz .done
	test xdi, xdi
	jnz apic_has_raised
.done:
	ret

; The programmed alarm has fired: it is done, or moves on by its period.
; in     ESI -> vmi_alarms
; clobbers EAX, ECX, EDX, EBP
global next_expiry
next_expiry:
	movzx ecx, byte [xsi + vmi_alarms.programmed]
	lea xbp, [xsi + xcx * 8]
	w_load_test xax, xdx, xbp + vmi_alarms.period
	jz .one_shot
	w_load_high xdx, xbp + vmi_alarms.period
	w_add_to xbp + vmi_alarms.expiry, xax, xdx
	w_now				; if that has passed too, the missed ones are skipped
	w_cmp xax, xdx, xbp + vmi_alarms.expiry, xcx
	jb .done
	w_add xax, xdx, xbp + vmi_alarms.period
	w_store xbp + vmi_alarms.expiry, xax, xdx
	ret
.one_shot:
	movzx eax, byte [xsi + vmi_alarms.armed]
	btr eax, ecx
	mov [xsi + vmi_alarms.armed], al
.done:
	ret
