; SPDX-License-Identifier: GPL-2.0-only
; Group timer, the half that fires: alarms. A device, the PIT for the whole machine
; or a processor's APIC timer, serves the alarms of both counters: it counts for the
; earlier one; the other follows at the next SetAlarm, CancelAlarm or, for the APIC,
; end of interrupt. spec/vmi.abi has the contract of each; segments are flat.
; alarm_next.asm chooses what is counted, alarm_pit.asm and alarm_apic.asm count.
%include "width.inc"
%include "alarms.inc"

extern find_state, find_apic, cpu_alarms, program, has_fired, next_expiry

section .text
bits WIDTH

; 68 SetAlarm: void SetAlarm(u32 flags, u64 expiry, u64 period)
; in     EAX VMI_ALARM flags, the low byte a counter: 0 real, 1 available; nothing
;        happens with any other. ECX:EDX expiry, absolute. [ESP+8]:[ESP+4] period,
;        used with VMI_ALARM_PERIODIC; 0 = one-shot, less than PERIOD_MIN counts as that,
;        more than 2^52 as about that
; clobbers EAX, ECX, EDX, flags
; An alarm of the other counter that has fired meanwhile is done with first. The PIT
; repeats a periodic alarm by itself, since nothing tells the ROM of its interrupts: the
; first one comes up to a period late. Where it cannot (the first one is further away than
; a period, the period is beyond its range, or both counters are armed) the alarm fires
; once and goes on at the next of these calls.
; Never early, except that what lies beyond the device's range (PIT 55 ms, APIC 128
; times its 32 bits) fires at the end of that range. An LVTT alarm goes to the PIT
; where no APIC is found. Of LVTT only the mode bits change.
begin vmi_set_alarm
	save xbp, xbx, xsi, xdi
%if WIDTH == 64
	push rdx
	push rsi
%else
	push ecx
	push edx
%endif
	pushf
	cli				; an end of interrupt uses the same alarms
	mov ebp, ARG1
	call find_alarms
	jc .done
	call settle_other
	w_load xax, xdx, xsp + WORD_SIZE
	w_store xsi + xcx * 8 + vmi_alarms.expiry, xax, xdx
	w_zero xax, xdx
	test ebp, VMI_ALARM_PERIODIC
	jz .period
%if WIDTH == 64
	mov rax, [rsp + 2 * WORD_SIZE]
	test rax, rax
	jz .period
	cmp rax, VMI_STATE_PERIOD_MIN
	jae .long
	mov eax, VMI_STATE_PERIOD_MIN
.long:
%else
	mov eax, [esp + 7 * 4 + 4]
	mov edx, [esp + 7 * 4 + 8]
	test edx, edx
	jnz .long
	test eax, eax
	jz .period
	cmp eax, VMI_STATE_PERIOD_MIN
	jae .period
	mov eax, VMI_STATE_PERIOD_MIN
	jmp short .period
.long:
%endif
	w_at_most_far			; an expiry so much later must not wrap
.period:
	w_store xsi + xcx * 8 + vmi_alarms.period, xax, xdx
	bts [xsi + vmi_alarms.armed], ecx
	call program
.done:
	popf
	add xsp, 2 * WORD_SIZE
	restore xdi, xsi, xbx, xbp
	ret
end vmi_set_alarm

; 69 CancelAlarm: bool CancelAlarm(u32 flags)
; in     EAX VMI_ALARM flags: counter and wiring
; out    EAX 1 if the alarm was armed and had not fired, else 0
; clobbers ECX, EDX, flags
begin vmi_cancel_alarm
	save xbp, xbx, xsi, xdi
	pushf
	cli
	mov ebp, ARG1
	call find_alarms
	mov eax, 0
	jc .done
	call settle_other
	xor eax, eax
	movzx edx, byte [xsi + vmi_alarms.armed]
	btr edx, ecx
	jnc .done
	mov [xsi + vmi_alarms.armed], dl
	inc eax
	cmp [xsi + vmi_alarms.programmed], cl
	jne .answer
	w_is_zero xsi + xcx * 8 + vmi_alarms.period, edx
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
	popf
	restore xdi, xsi, xbx, xbp
	ret
end vmi_cancel_alarm

; Before the alarm of counter ECX changes: has the other counter's fired meanwhile?
; in     ECX, ESI, EDI
; clobbers EAX, EDX
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
	w_now
	w_sub xax, xdx, xsi + xcx * 8 + vmi_alarms.expiry
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

; The alarms that flags name.
; in     EAX and EBP VMI_ALARM flags
; out    CF clear: EBX -> vmi_state, ESI -> vmi_alarms, EDI = APIC or 0 for the PIT,
;        ECX = counter
; clobbers EAX, EDX
find_alarms:
	cmp ARG1_LOW, COUNTERS
	jae .unknown
	call find_state
	jc .done
	test ebp, VMI_ALARM_LVTT
	jz .pit
	call find_apic
	jc .pit
	call cpu_alarms
	jnc .counter
.pit:
	lea xsi, [xbx + vmi_state.irq0]
	xor edi, edi
.counter:
	mov ecx, ebp
	and ecx, COUNTERS - 1
.done:
	ret
.unknown:
	stc
	ret
