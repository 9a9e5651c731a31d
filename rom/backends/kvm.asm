; SPDX-License-Identifier: GPL-2.0-only
; What KVM does better than the processor alone: ends of interrupts, waiting and waking. Served
; where KVM announced each and POST found that it works.
; spec/vmi.abi has the contract of each call.
%include "backends/backends.inc"
%include "timers.inc"

extern find_state, vmi_apic_write, vmi_vcpu_wait

RFLAGS_IF_HIGH	equ 0x02		; bit 9, in the second byte
; Calls of group vcpu may not touch DS and ES, which mean nothing in 64 bit.
%if WIDTH == 64
%define STACK
%else
%define STACK ss:
%endif

section .text
bits WIDTH

; 63 APICWrite, as in calls/apic.asm: KVM said in a bit that the end of this interrupt needs no
; telling. An alarm of the APIC that is armed may be what ends, so then it is told.
begin vmi_kvm_apic_write, vmi_apic_write
	mov ecx, ARG1
	cmp cl, APIC_EOI & 0xFF
	jne .native
	test ch, APIC_OFFSET >> 8
	jnz .native
	push xax
	push xbx
	call find_state
	mov ecx, [xbx + vmi_state.own_alarms]
	cmp byte [xbx + xcx + vmi_alarms.armed], 0 ; CF is clear
	jne .told
	btr dword [xbx + vmi_state.kvm_eoi], 0
.told:
	pop xbx
	pop xax
	jnc .native
	ret
.native:
	jmp vmi_apic_write
end vmi_kvm_apic_write

; 87 GetVcpuState: u32 GetVcpuState(u32 apic_id)
; in     EAX or EDI local APIC id, any value
; out    EAX VMI_VCPU_PREEMPTED as KVM's scheduler last had it, or VMI_VCPU_RUNNING
; clobbers ECX, EDX, flags
begin vmi_kvm_get_vcpu_state, vmi_get_vcpu_state
	mov ecx, ARG1
	mov eax, VMI_VCPU_RUNNING
	cmp ecx, VMI_STATE_CPUS
	jae .done
	mov edx, ecx
	shl edx, STEAL_SHIFT
	push xbx
	call find_state
	movzx eax, byte [STACK xbx + xdx + vmi_state.steal + kvm_steal.preempted]
	and eax, 1
	inc eax
	pop xbx
.done:
	ret
end vmi_kvm_get_vcpu_state

; 88 VcpuWait, as in calls/vcpu.asm: a processor that halts is woken by a kick, even with interrupts
; off, and a kick before it halts is not forgotten. Between the look at the memory and the halt no
; interrupt is taken, which might change it.
begin vmi_kvm_vcpu_wait, vmi_vcpu_wait
%if WIDTH == 64
	push rsi
	push rdx
	push rdi
	call vmi_vcpu_wait
	pop rdi
	pop rcx
	mov ecx, ecx			; of the count 32 bits
%else
	push edi
	push ecx
	push edx
	mov edi, eax
	push dword [esp + 3 * 4 + 4]
	call vmi_vcpu_wait
	pop ecx
%endif
	test eax, eax			; refused
	jnz .done
	pushf
	cli
.next:					; from the last byte to the first
	mov al, [STACK xdi + xcx - 1]
	xor al, [xsp + xcx + WORD_SIZE - 1]
	loopz .next
	jnz .restore
	test byte [xsp + 1], RFLAGS_IF_HIGH
	jz .off
	sti				; taken behind the next instruction at the earliest
.off:
	hlt
.restore:
	popf
	xor eax, eax
.done:
%if WIDTH == 64
	pop rsi
%else
	pop edx
	pop ecx
	pop edi
%endif
	ret
end vmi_kvm_vcpu_wait

; 89 VcpuKick: void VcpuKick(u32 apic_id)
; in     EAX or EDI local APIC id, any value: KVM passes over what it does not know
; clobbers EAX, ECX, flags
%macro kick 2
begin %1, vmi_vcpu_kick
	push xbx
	mov ecx, ARG1
	xor ebx, ebx
	mov eax, KVM_CALL_KICK
	%2
	pop xbx
	ret
end %1
%endmacro
	kick vmi_kvm_kick_amd, vmmcall
	kick vmi_kvm_kick_intel, vmcall
