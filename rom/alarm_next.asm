; SPDX-License-Identifier: GPL-2.0-only
; Which alarm a device counts for, and what comes after it.
%include "rom.inc"
%include "alarms.inc"

extern program_pit, stop_pit, pit_is_counting, program_apic, stop_apic, apic_is_counting, apic_has_raised

PERIOD_SLACK	equ 6			; a device period starts now: 1/64 of it late at most

section .text
bits 32

; Programs the device for the earliest armed alarm, or stops it.
; in     ESI -> vmi_alarms, EDI
; clobbers EAX, ECX, EDX
global program
program:
	push ebx
	push ebp
	xor ecx, ecx
	mov byte [esi + vmi_alarms.device_periodic], 0
	mov al, [esi + vmi_alarms.armed]
	test al, al
	jz .stop
	cmp al, 2
	jb .chosen
	inc ecx
	cmp al, 2
	je .chosen
	mov eax, [esi + vmi_alarms.expiry]	; both: which is earlier?
	mov edx, [esi + vmi_alarms.expiry + 4]
	sub eax, [esi + vmi_alarms.expiry + 8]
	sbb edx, [esi + vmi_alarms.expiry + 12]
	sbb ecx, 0
.chosen:
	mov [esi + vmi_alarms.programmed], cl
	lea ebp, [esi + ecx * 8]
	rdtsc
	mov ebx, eax
	mov ecx, edx
	mov eax, [ebp + vmi_alarms.expiry]
	mov edx, [ebp + vmi_alarms.expiry + 4]
	sub eax, ebx
	sbb edx, ecx
	jnb .ahead
	xor eax, eax			; in the past: at once
	xor edx, edx
.ahead:
	call use_device_period
	cmp edx, FAR_HIGH
	jb .near
	mov edx, FAR_HIGH
.near:
	test edi, edi
	jz .pit
	call program_apic
	jmp short .done
.pit:
	call program_pit
	jmp short .done
.stop:
	test edi, edi
	jz .stop_pit
	call stop_apic
	jmp short .done
.stop_pit:
	call stop_pit
.done:
	pop ebp
	pop ebx
	ret

; May the device re-arm by itself? Only for a lone alarm whose first expiry is one
; period away: at most that, or it would be early, and, for the APIC, not much less.
; in     EDI, EBP -> its expiry and period within vmi_alarms, EDX:EAX distance
; out    EDX:EAX what to count: the period if the device repeats it
; clobbers EBX, ECX
use_device_period:
	mov ebx, [ebp + vmi_alarms.period]
	mov ecx, ebx
	or ecx, [ebp + vmi_alarms.period + 4]
	jz .no
	cmp byte [esi + vmi_alarms.armed], COUNTERS + 1
	je .no
	mov ecx, [ebp + vmi_alarms.period + 4]
	push edx
	push eax
	sub ebx, eax			; period - distance
	sbb ecx, edx
	jb .other
	test edi, edi
	jz .yes
	mov eax, [ebp + vmi_alarms.period]
	mov edx, [ebp + vmi_alarms.period + 4]
	shrd eax, edx, PERIOD_SLACK
	shr edx, PERIOD_SLACK
	cmp ecx, edx
	ja .other
	jb .yes
	cmp ebx, eax
	ja .other
.yes:
	add esp, 8
	mov eax, [ebp + vmi_alarms.period]
	mov edx, [ebp + vmi_alarms.period + 4]
	mov byte [esi + vmi_alarms.device_periodic], 1
	ret
.other:
	pop eax
	pop edx
.no:
	ret

; Has the device not yet fired?
; in     EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
global device_is_counting
device_is_counting:
	test edi, edi
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
	test edi, edi
	jnz apic_has_raised
.done:
	ret

; The programmed alarm has fired: it is done, or moves on by its period.
; in     ESI -> vmi_alarms
; clobbers EAX, ECX, EDX, EBP
global next_expiry
next_expiry:
	movzx ecx, byte [esi + vmi_alarms.programmed]
	lea ebp, [esi + ecx * 8]
	mov eax, [ebp + vmi_alarms.period]
	mov edx, [ebp + vmi_alarms.period + 4]
	or edx, eax
	jz .one_shot
	mov edx, [ebp + vmi_alarms.period + 4]
	add [ebp + vmi_alarms.expiry], eax
	adc [ebp + vmi_alarms.expiry + 4], edx
	rdtsc				; if that has passed too, the missed ones are skipped
	cmp eax, [ebp + vmi_alarms.expiry]
	mov ecx, edx
	sbb ecx, [ebp + vmi_alarms.expiry + 4]
	jb .done
	add eax, [ebp + vmi_alarms.period]
	adc edx, [ebp + vmi_alarms.period + 4]
	mov [ebp + vmi_alarms.expiry], eax
	mov [ebp + vmi_alarms.expiry + 4], edx
	ret
.one_shot:
	movzx eax, byte [esi + vmi_alarms.armed]
	btr eax, ecx
	mov [esi + vmi_alarms.armed], al
.done:
	ret
