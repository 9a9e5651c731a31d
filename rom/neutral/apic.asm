; SPDX-License-Identifier: GPL-2.0-only
; Writes to the local APIC that a hypervisor makes cheaper.
%include "neutral/neutral.inc"
%include "timers.inc"

extern hv_take_vector

APIC_TPR	equ 0x080
ICR_SHORTHAND	equ 0xC0000		; the destination is meant by it alone
ICR_DEFINED	equ 0xCCFFF		; bits that are not reserved

section .text
bits WIDTH

; By Hyper-V's registers: ends of interrupts, the task priority, interrupts that need no destination; and
; LVTT, whose vector and mask its timers take over. Where KVM said in a bit that the end of this interrupt
; needs no telling, it is not told, unless an alarm of the APIC is armed, which may be what ends.
; in     EAX register of the APIC, or its address, EDX value, EBX -> vmi_state
; out    CF clear: it is done. CF set: the APIC must be told; EAX and EDX are kept
; clobbers ECX; with CF clear EAX, EDX, too
global shared_apic_write:function (shared_apic_write.end - shared_apic_write)
shared_apic_write:
	mov ecx, eax
	and ecx, APIC_OFFSET
	cmp ecx, APIC_LVTT
	je .lvtt
	cmp ecx, APIC_EOI
	je .interrupt
	bt dword [xbx + vmi_state.served], SERVED_HV_APIC
	jnc .native
	cmp ecx, APIC_ICR
	je .icr
	cmp ecx, APIC_TPR
	jne .native
	movzx eax, dl
	mov ecx, MSR_HV_TPR
	jmp short .put
.interrupt:
	bt dword [xbx + vmi_state.served], SERVED_EOI
	jnc .telling
	mov ecx, [xbx + vmi_state.own_alarms]
	cmp byte [xbx + xcx + vmi_alarms.armed], 0
	jne .native
	btr dword [xbx + vmi_state.kvm_eoi], 0
	cmc
	jnc .done
.telling:				; an alarm of the device may be what ends, if the timers are not served
	mov ecx, [xbx + vmi_state.served]
	not ecx
	test ch, (1 << SERVED_HV_APIC | 1 << SERVED_HV_TIMER) >> 8
	jnz .native
	cmp byte [xbx + vmi_state.hv_device], 0
	jne .native
	xor eax, eax
	mov ecx, MSR_HV_EOI
	jmp short .put
.icr:
	test edx, ICR_SHORTHAND
	jz .native
	mov eax, edx
	and eax, ICR_DEFINED
	mov ecx, MSR_HV_ICR
.put:
	xor edx, edx
	wrmsr
.done:
	ret
.lvtt:
	bt dword [xbx + vmi_state.served], SERVED_HV_TIMER
	jnc .native
	push xax
	push xdx
	push xsi
	push xdi
	pushf
	cli				; an interrupt may set alarms
	mov esi, edx
	mov ecx, MSR_HV_TIMER
.timer:
	call hv_take_vector
	cmp ecx, MSR_HV_TIMER + HV_TIMERS * 2
	jb .timer
	popf
	pop xdi
	pop xsi
	pop xdx
	pop xax
.native:
	stc
	ret
.end:
