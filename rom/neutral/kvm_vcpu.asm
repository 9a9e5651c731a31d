; SPDX-License-Identifier: GPL-2.0-only
; What KVM knows of other processors, and does for them. Calls of group vcpu may not touch DS and ES,
; which mean nothing in 64 bit, and neither does SS.
%include "neutral/neutral.inc"

RFLAGS_IF_HIGH	equ 0x02		; bit 9, in the second byte

section .text
bits WIDTH

; in     EAX local APIC id, EBX -> vmi_state
; out    EAX VMI_VCPU number
; clobbers ECX
global kvm_vcpu_state
kvm_vcpu_state:
	mov ecx, eax
	mov eax, VMI_VCPU_RUNNING
	cmp ecx, VMI_STATE_CPUS
	jae .done
	shl ecx, STEAL_SHIFT
	[warning -prefix-seg]
	test byte [ss:xbx + xcx + vmi_state.steal + kvm_steal.preempted], 1
	[warning *prefix-seg]
	jz .done
	mov al, VMI_VCPU_PREEMPTED
.done:
	ret

; A processor that halts is woken by a kick, even with interrupts off, and a kick before it halts is not
; forgotten. Between the look at the memory and the halt no interrupt is taken, which might change it.
; in     EDX:EAX what EDI -> ESI bytes should not be
; out    EAX VMI_REFUSED_OK
; clobbers ECX, EDX
global kvm_wait
kvm_wait:
	pushf
	cli
	xor ecx, ecx
.next:
	[warning -prefix-seg]
	cmp [ss:xdi + xcx], al
	[warning *prefix-seg]
	jne .changed
	shrd eax, edx, 8
	shr edx, 8
	add ecx, 1
	cmp ecx, esi
	jb .next
	test byte [xsp + 1], RFLAGS_IF_HIGH
	jz .off
	sti				; taken behind the next instruction at the earliest
.off:
	hlt
.changed:
	popf
	xor eax, eax
	ret

; in     ECX local APIC id
; clobbers EAX
global kvm_kick
kvm_kick:
	push xbx
	xor ebx, ebx
	mov eax, KVM_CALL_KICK
	vmmcall				; POST makes it VMCALL where the processor has that
global hypercall_opcode
hypercall_opcode equ $ - 1
	pop xbx
	ret
