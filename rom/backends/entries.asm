; SPDX-License-Identifier: GPL-2.0-only
; Entries of calls whose work is done by the files of rom/neutral/, which both widths share: they find
; the state, and put arguments and results where each width has them.
%include "backends/backends.inc"

extern find_state, set_backends, shared_apic_write, vmi_apic_write, clock_frequency, clock_counter, clock_wallclock, vmi_set_alarm

section .text
bits WIDTH

; Of a result in EDX:EAX.
%macro wide_result 0
%if WIDTH == 64
	shl rdx, 32
	or rax, rdx
%endif
%endmacro

; 63 APICWrite, as in calls/apic.asm
begin vmi_shared_apic_write, vmi_apic_write
%if WIDTH == 64
	mov edx, esi
%endif
	with_state shared_apic_write
	jc vmi_apic_write
	ret
end vmi_shared_apic_write

; 66 GetCycleFrequency, as in calls/clock.asm; that of the hypervisor's clock as POST found it
begin vmi_clock_frequency, vmi_get_cycle_frequency
	with_state clock_frequency
	wide_result
	ret
end vmi_clock_frequency

; 67 GetCycleCounter, as in calls/clock.asm
begin vmi_clock_counter, vmi_get_cycle_counter
	with_state clock_counter
	wide_result
	ret
end vmi_clock_counter

; 70 GetWallclockTime, as in calls/clock.asm
begin vmi_clock_wallclock_time, vmi_get_wallclock_time
	with_state clock_wallclock
	wide_result
	ret
end vmi_clock_wallclock_time

; 68 SetAlarm, as in calls/alarm.asm, which counts in ticks of the TSC itself: what is left until the
; expiry is the same in both. On available time it comes early by what is stolen until then.
begin vmi_clock_set_alarm, vmi_set_alarm
%if WIDTH == 64
	push rdi
	push rdx
	push rsi
	movzx edi, dil
	call vmi_clock_counter
	pop rsi
	xor ecx, ecx
	sub rsi, rax
	cmovb rsi, rcx			; in the past
	jb .past
	rdtsc
	shl rdx, 32
	or rax, rdx
	add rsi, rax
	sbb rcx, rcx
	or rsi, rcx			; the end of time
.past:
	pop rdx
	pop rdi
%else
	push eax
	push ecx
	push edx
	movzx eax, al
	call vmi_clock_counter
	sub [esp], eax
	sbb [esp + 4], edx
	jb .past
	rdtsc
	add eax, [esp]
	adc edx, [esp + 4]
	sbb ecx, ecx			; the end of time
	or eax, ecx
	or edx, ecx
	mov [esp], eax
	mov [esp + 4], edx
	jmp short .set
.past:
	and dword [esp], 0
	and dword [esp + 4], 0
.set:
	pop edx
	pop ecx
	pop eax
%endif
	jmp vmi_set_alarm
end vmi_clock_set_alarm

; 94 SetBackends: u32 SetBackends(u32 allowed)
; in     EAX or EDI VMI_BACKEND bits; others mean nothing
; out    EAX VMI_BACKEND bits that are used, and in the bytes above why KVM, Hyper-V and VMware
;        are not (VMI_BACKEND_WHY); none is there without state memory
; clobbers ECX, EDX, flags
; From now on GetRelocationInfo and GetCapability answer with backends.
begin vmi_set_backends
	push xbx
%if WIDTH == 32
	push eax
%endif
	call find_state
%if WIDTH == 32
	pop eax
%else
	mov eax, edi
%endif
	jnc .known
	mov eax, VMI_BACKEND_WHY_ABSENT * 0x01010100
	jmp short .done
.known:
	call set_backends
.done:
	pop xbx
	ret
end vmi_set_backends
