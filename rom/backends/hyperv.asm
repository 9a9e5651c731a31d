; SPDX-License-Identifier: GPL-2.0-only
; Entries of calls that Hyper-V's interface serves: neutral/hyperv.asm does the work.
; spec/vmi.abi has the contract of each call.
%include "backends/backends.inc"

extern find_state, hv_arm, hv_disarm
extern vmi_clock_set_alarm, vmi_cancel_alarm

section .text
bits WIDTH

; 68 SetAlarm, as in calls/alarm.asm, but for the device's range. What this counter's alarm was before is
; forgotten, whoever counted it.
begin vmi_hv_set_alarm, vmi_set_alarm
	push xbx
	push xdi
	push xsi
%if WIDTH == 64
	push rdx
	call find_state
	mov eax, edi
	mov rdi, rdx
	mov edx, esi
	mov rcx, rsi
	shr rcx, 32
	mov esi, edi
	shr rdi, 32
%else
	push ecx
	push eax
	call find_state
	pop eax
	pop ecx
	mov esi, [esp + 4 * 4]
	mov edi, [esp + 5 * 4]
%endif
	test ah, VMI_ALARM_PERIODIC >> 8
	jnz .periodic
	xor esi, esi
	xor edi, edi
.periodic:
	call hv_arm
%if WIDTH == 64
	pop rdx
%endif
	pop xsi
	pop xdi
	jc .device
	cmp byte [xbx + vmi_state.hv_device], 0
	pop xbx
	jne vmi_cancel_alarm
	ret
.device:
	pop xbx
	jmp vmi_clock_set_alarm
end vmi_hv_set_alarm

; 69 CancelAlarm, as in calls/alarm.asm
begin vmi_hv_cancel_alarm, vmi_cancel_alarm
	with_state hv_disarm
	jc vmi_cancel_alarm
	ret
end vmi_hv_cancel_alarm
