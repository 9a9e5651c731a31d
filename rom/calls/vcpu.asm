; SPDX-License-Identifier: GPL-2.0-only
; Calls since 3.2, natively: nobody else runs on this processor, and devices see all memory. DS and
; ES may be anything, so these touch nothing but the stack. spec/vmi.abi has the contract of each.
%include "rom.inc"

section .text
bits 32

; 86 HaltOnly: void HaltOnly(void)
; in     nothing
; clobbers EAX, ECX, EDX, flags
begin vmi_halt_only
	hlt
	ret
end vmi_halt_only

; 87 GetVcpuState: u32 GetVcpuState(u32 apic_id)
; in     EAX local APIC id, any value
; out    EAX = VMI_VCPU_RUNNING
; clobbers ECX, EDX, flags
begin vmi_get_vcpu_state
	mov eax, VMI_VCPU_RUNNING
	ret
end vmi_get_vcpu_state

; 88 VcpuWait: u32 VcpuWait(ptr address, u64 expected, u32 bytes)
; in     EAX -> 1, 2, 4 or 8 bytes, ECX:EDX what they should not be, [ESP+4] how many
; out    EAX a VMI_REFUSED number: SIZE for another count, ALIGN for an address between
; clobbers ECX, EDX, flags
; Does not wait, and does not look at the memory: the guest spins.
begin vmi_vcpu_wait
	mov ecx, [esp + 4]
	lea edx, [ecx - 1]
	cmp edx, 7
	ja .size
	test ecx, edx
	jnz .size
	test eax, edx
	mov eax, VMI_REFUSED_ALIGN
	jnz .done
	pause
	xor eax, eax
.done:
	ret
.size:
	mov eax, VMI_REFUSED_SIZE
	ret
end vmi_vcpu_wait

; 89 VcpuKick: void VcpuKick(u32 apic_id)
; in     EAX local APIC id, any value
; clobbers EAX, ECX, EDX, flags
begin vmi_vcpu_kick
	ret
end vmi_vcpu_kick

; 92 SetIOBitmap: u32 SetIOBitmap(ptr bitmap, u32 bytes)
; in     EAX -> bitmap, any value, EDX its length
; out    EAX a VMI_REFUSED number: SIZE for more than there are ports
; clobbers ECX, EDX, flags
; The TSS decides.
begin vmi_set_io_bitmap
	xor eax, eax
	cmp edx, 65536 / 8
	jbe .done
	mov al, VMI_REFUSED_SIZE
.done:
	ret
end vmi_set_io_bitmap

; 93 SetPageVisibility: u32 SetPageVisibility(u32 pfn, u32 pages, u32 visibility)
; in     EAX first frame, EDX how many, ECX VMI_VISIBILITY bits
; out    EAX a VMI_REFUSED number: KIND for other bits, RANGE for frames that wrap
; clobbers ECX, EDX, flags
begin vmi_set_page_visibility
	cmp ecx, VMI_VISIBILITY_SHARED
	ja .kind
	add eax, edx
	sbb eax, eax
	and eax, VMI_REFUSED_RANGE
	ret
.kind:
	xor eax, eax
	inc eax				; VMI_REFUSED_KIND
	ret
end vmi_set_page_visibility

%ifdef NO_BACKENDS
; 94 SetBackends: u32 SetBackends(u32 allowed)
; in     EAX VMI_BACKEND bits, any value
; out    EAX those that are used: none, since nobody looks for them in such a build
; clobbers ECX, EDX, flags
; The other builds have it in backends/entries.asm.
begin vmi_set_backends
	mov eax, VMI_BACKEND_WHY_ABSENT * 0x01010100
	ret
end vmi_set_backends
%endif
