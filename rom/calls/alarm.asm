; SPDX-License-Identifier: GPL-2.0-only
; Group timer, the half that fires: alarms. A device, the PIT for the whole machine
; or a processor's APIC timer, serves the alarms of both counters: it counts for the
; earlier one; the other follows at the next SetAlarm, CancelAlarm or, for the APIC,
; end of interrupt. spec/vmi.abi has the contract of each; segments are flat.
; alarm_next.asm chooses what is counted, alarm_count.asm how long, alarm_devices.asm counts.
%include "width.inc"
%include "alarms.inc"

extern find_state, find_apic, cpu_alarms, arm, arm_once, disarm, settle_other

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
%if WIDTH == 64
	mov rdx, [rsp + WORD_SIZE]	; expiry
	mov eax, edx
	shr rdx, 32
%else
	mov eax, [esp + 4]
	mov edx, [esp + 8]
%endif
	test ebp, VMI_ALARM_PERIODIC
	mov ebx, 0
	mov ebp, ebx
	jz .once
%if WIDTH == 64
	mov rbp, [rsp + 2 * WORD_SIZE]	; period
	mov ebx, ebp
	shr rbp, 32
%else
	mov ebx, [esp + 7 * 4 + 4]
	mov ebp, [esp + 7 * 4 + 8]
%endif
	call arm
	jmp short .done
.once:
	call arm_once
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
	call disarm
.done:
	popf
	restore xdi, xsi, xbx, xbp
	ret
end vmi_cancel_alarm

; The alarms that flags name.
; in     EAX and EBP VMI_ALARM flags
; out    CF clear: EBX -> vmi_state, ESI -> vmi_alarms, EDI = APIC or ALARMS_BY_PIT,
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
	mov edi, ALARMS_BY_PIT
.counter:
	mov ecx, ebp
	and ecx, COUNTERS - 1
.done:
	ret
.unknown:
	stc
	ret
