; SPDX-License-Identifier: GPL-2.0-only
; Which alarm a device counts for, and what comes after it. The same bytes in both widths, once
; (rom/neutral/neutral.inc): alarms are told apart by the counter's number, not by an address.
%include "neutral/neutral.inc"
%include "alarms.inc"

extern program_pit, stop_pit, pit_is_counting, program_apic, stop_apic, apic_is_counting, apic_has_raised

PERIOD_SLACK	equ 6			; a device period starts now: 1/64 of it late at most
%define EXPIRY	xsi + xbp * 8 + vmi_alarms.expiry
%define PERIOD	xsi + xbp * 8 + vmi_alarms.period

section .text
bits WIDTH

; Arms the alarm of a counter, and the device with it.
; in     ESI, EDI, ECX counter, EDX:EAX expiry, EBP:EBX period: 0 for none, less than PERIOD_MIN counts as
;        that, more than 2^52 as about that
; clobbers EAX, EBX, ECX, EDX, EBP
global arm
arm:
	test ebp, ebp
	jnz .long
	test ebx, ebx
	jz arm_once
	cmp ebx, VMI_STATE_PERIOD_MIN
	jae arm_once
	mov ebx, VMI_STATE_PERIOD_MIN
	jmp short arm_once
.long:					; an expiry so much later must not wrap
	cmp ebp, FAR_HIGH
	jb arm_once
	mov ebp, FAR_HIGH
; The same of a period that is as it should be.
global arm_once
arm_once:
	mov [xsi + xcx * 8 + vmi_alarms.expiry], eax
	mov [xsi + xcx * 8 + vmi_alarms.expiry + 4], edx
	mov [xsi + xcx * 8 + vmi_alarms.period], ebx
	mov [xsi + xcx * 8 + vmi_alarms.period + 4], ebp
	bts [xsi + vmi_alarms.armed], ecx
	; fall through

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
	add ecx, 1
	cmp al, 2
	je .chosen
	mov eax, [xsi + vmi_alarms.expiry]	; both: which is earlier?
	mov edx, [xsi + vmi_alarms.expiry + 4]
	sub eax, [xsi + vmi_alarms.expiry + 8]
	sbb edx, [xsi + vmi_alarms.expiry + 12]
	sbb ecx, 0
.chosen:
	mov [xsi + vmi_alarms.programmed], cl
	mov ebp, ecx
	rdtsc
	mov ebx, eax
	mov ecx, edx
	mov eax, [EXPIRY]
	mov edx, [EXPIRY + 4]
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
	cmp edi, ALARMS_BY_PIT
	je .pit
	call program_apic
	jmp short .done
.pit:
	call program_pit
	jmp short .done
.stop:
	cmp edi, ALARMS_BY_PIT
	je .stop_pit
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
; in     ESI, EDI, EBP counter, EDX:EAX distance
; out    EDX:EAX what to count: the period if the device repeats it
; clobbers EBX, ECX
use_device_period:
	mov ebx, [PERIOD]
	mov ecx, ebx
	or ecx, [PERIOD + 4]
	jz .no
	cmp byte [xsi + vmi_alarms.armed], COUNTERS + 1
	je .no
	mov ecx, [PERIOD + 4]
	sub ebx, eax			; period - distance
	sbb ecx, edx
	jb .other
	cmp edi, ALARMS_BY_PIT
	je .yes
	mov eax, [PERIOD]
	mov edx, [PERIOD + 4]
	shrd eax, edx, PERIOD_SLACK
	shr edx, PERIOD_SLACK
	cmp ecx, edx
	ja .other
	jb .yes
	cmp ebx, eax
	ja .other
.yes:
	mov eax, [PERIOD]
	mov edx, [PERIOD + 4]
	mov byte [xsi + vmi_alarms.device_periodic], 1
	ret
.other:
	mov eax, [PERIOD]
	mov edx, [PERIOD + 4]
	sub eax, ebx
	sbb edx, ecx
.no:
	ret

; Has the device not yet fired?
; in     EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
global device_is_counting
device_is_counting:
	cmp edi, ALARMS_BY_PIT
	jne apic_is_counting
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
	cmp edi, ALARMS_BY_PIT
	jne apic_has_raised
.done:
	ret

; The programmed alarm has fired: it is done, or moves on by its period.
; in     ESI -> vmi_alarms
; clobbers EAX, ECX, EDX, EBP
global next_expiry
next_expiry:
	movzx ebp, byte [xsi + vmi_alarms.programmed]
	mov eax, [PERIOD]
	mov edx, eax
	or edx, [PERIOD + 4]
	jz .one_shot
	mov edx, [PERIOD + 4]
	add [EXPIRY], eax
	adc [EXPIRY + 4], edx
	rdtsc				; if that has passed too, the missed ones are skipped
	cmp eax, [EXPIRY]
	mov ecx, edx
	sbb ecx, [EXPIRY + 4]
	jb .done
	add eax, [PERIOD]
	adc edx, [PERIOD + 4]
	mov [EXPIRY], eax
	mov [EXPIRY + 4], edx
	ret
.one_shot:
	movzx eax, byte [xsi + vmi_alarms.armed]
	btr eax, ebp
	mov [xsi + vmi_alarms.armed], al
.done:
	ret

; Disarms the alarm of a counter.
; in     ESI, EDI, ECX counter
; out    EAX 1 if it was armed and had not fired, or 0
; clobbers EBX, ECX, EDX
global disarm
disarm:
	call settle_other
	xor eax, eax
	btr [xsi + vmi_alarms.armed], ecx
	jnc .done
	add eax, 1
	cmp [xsi + vmi_alarms.programmed], cl
	jne .answer
	mov edx, [xsi + xcx * 8 + vmi_alarms.period]
	or edx, [xsi + xcx * 8 + vmi_alarms.period + 4]
	jnz .answer			; there is always a next one
	call has_fired
	xor eax, 1
.answer:
	push xax
	or al, [xsi + vmi_alarms.armed]
	jz .idle			; its interrupt may still be on its way
	call program
.idle:
	pop xax
.done:
	ret

; Before the alarm of counter ECX changes: has the other counter's fired meanwhile?
; in     ECX, ESI, EDI
; clobbers EAX, EDX
global settle_other
settle_other:
	xor ecx, 1			; the other counter
	bt [xsi + vmi_alarms.armed], ecx
	jnc .done
	cmp [xsi + vmi_alarms.programmed], cl
	jne .done
	push xbp
	push xcx
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	je .once
	rdtsc
	sub eax, [xsi + xcx * 8 + vmi_alarms.expiry]
	sbb edx, [xsi + xcx * 8 + vmi_alarms.expiry + 4]
	jb .settled
	jmp short .fired
.once:
	call has_fired
	test eax, eax
	jz .settled			; if it is due, it is programmed again
.fired:
	call next_expiry
.settled:
	pop xcx
	pop xbp
.done:
	xor ecx, 1
	ret
