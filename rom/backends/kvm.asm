; SPDX-License-Identifier: GPL-2.0-only
; Entries of calls about other processors that KVM serves: neutral/kvm_vcpu.asm does the work.
; spec/vmi.abi has the contract of each call.
%include "backends/backends.inc"

extern find_state, vmi_vcpu_wait, kvm_vcpu_state, kvm_wait, kvm_kick

section .text
bits WIDTH

; 87 GetVcpuState: u32 GetVcpuState(u32 apic_id)
; in     EAX or EDI local APIC id, any value
; out    EAX VMI_VCPU_PREEMPTED as KVM's scheduler last had it, or VMI_VCPU_RUNNING
; clobbers ECX, EDX, flags
begin vmi_kvm_get_vcpu_state, vmi_get_vcpu_state
	with_state kvm_vcpu_state
	ret
end vmi_kvm_get_vcpu_state

; 88 VcpuWait, as in calls/vcpu.asm
begin vmi_kvm_vcpu_wait, vmi_vcpu_wait
%if WIDTH == 64
	push rdi
	push rsi
	push rdx
	call vmi_vcpu_wait
	pop rsi
	pop rdx
	pop rdi
	test eax, eax			; refused
	jnz .done
	mov eax, edx
	shr rdx, 32
	jmp kvm_wait
.done:
%else
	push edi
	push esi
	push ecx
	push edx
	mov edi, eax
	push dword [esp + 4 * 4 + 4]
	call vmi_vcpu_wait
	pop esi
	pop ecx
	pop edx
	test eax, eax
	jnz .done
	mov eax, ecx
	call kvm_wait
.done:
	pop esi
	pop edi
%endif
	ret
end vmi_kvm_vcpu_wait

; 89 VcpuKick: void VcpuKick(u32 apic_id)
; in     EAX or EDI local APIC id, any value: KVM passes over what it does not know
; clobbers EAX, ECX, flags
begin vmi_kvm_kick, vmi_vcpu_kick
	mov ecx, ARG1
	jmp kvm_kick
end vmi_kvm_kick
