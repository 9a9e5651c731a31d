; SPDX-License-Identifier: GPL-2.0-only
; Where the guest mapped its local APIC, as it told by SetMapping. A 32-bit guest need not
; tell: the ROM looks in its page tables then (find_apic.inc). One of 64 bits has to.
%include "width.inc"

section .text
bits WIDTH

APIC_ENABLED_HIGH equ 0x08		; bit 11, in the second byte
APIC_X2_HIGH	equ 0x04		; bit 10
FRAME		equ 0xFFFFF000

%if WIDTH == 32
%include "find_apic.inc"
%endif

; Finds this processor's APIC.
; in     EAX -> rom_config, EBX -> vmi_state, ECX = linear delta (32 bit), as find_state
;        leaves them; DS flat
; out    CF clear: EDI = its address for the caller, or APIC_BY_MSR. CF set: there is
;        none, it is off, or the guest does not map it writable, or, in 64 bit, did not tell
; clobbers EAX, ECX, EDX, flags
internal find_apic
	cmp dword [xax + vrom_config.apic_hz], 0
	je .none
	save xsi
%if WIDTH == 32
	mov esi, ecx
%endif
	mov ecx, MSR_APIC_BASE
	rdmsr
	mov cl, ah
	and cl, APIC_ENABLED_HIGH | APIC_X2_HIGH
	cmp cl, APIC_ENABLED_HIGH
	jne .other_mode
	test edx, edx
	jnz .lost
	and eax, FRAME
	mov edi, eax			; the physical address
%if WIDTH == 32
	mov ecx, cr0
	test ecx, ecx
	jns .found			; paging is off
%endif
	cmp edi, [xbx + vmi_state.given_physical]
	jne .look
	mov xdx, [xbx + vmi_state.given_apic]
	test xdx, xdx
	jz .look
	mov xdi, xdx
%if WIDTH == 32
	jmp .found
.look:
	cmp esi, NO_LINEAR
	je .lost

	; The mapping found last, if it is of this address space and its entries, from the
	; topmost table down, are still there.
	push dword [ebx + vmi_state.apic_sequence]
	this_space
	cmp ecx, [ebx + vmi_state.apic_space]
	jne .changed
	cmp edi, [ebx + vmi_state.apic_physical]
	jne .changed
	mov edx, [ebx + vmi_state.apic_top_at]
	mov edx, [edx]
	xor edx, [ebx + vmi_state.apic_top]
	test edx, ~PTE_USED
	jnz .changed
	mov edx, [ebx + vmi_state.apic_pde_at]
	mov eax, [edx]
	xor eax, [ebx + vmi_state.apic_pde]
	test eax, ~PTE_USED
	jnz .changed
	mov eax, [ebx + vmi_state.apic_pte_at]
	test cl, 1			; PAE
	jz .low
	mov ecx, [edx + 4]
	or ecx, [eax + 4]
	test ecx, ABOVE_4G
	jnz .changed
.low:
	mov edx, [eax]
	xor edx, [ebx + vmi_state.apic_pte]
	test edx, ~PTE_USED
	jnz .changed
	mov eax, [ebx + vmi_state.apic_va]
	pop ecx
	test cl, 1			; another processor was writing, or is
	jnz .torn
	cmp ecx, [ebx + vmi_state.apic_sequence]
	je .seen
	push ecx
.changed:
	pop ecx
.torn:
	mov eax, [ebx + vmi_state.apic_va]
	call leads_to_apic		; address spaces share the kernel's half
	jnc .keep
	call search_apic
	jc .lost
.keep:
	call keep_apic
.seen:
	mov edi, eax
%endif
.found:
	restore xsi
	clc
	ret
.other_mode:
	mov edi, APIC_BY_MSR
	ja .found
%if WIDTH == 64
.look:
%endif
.lost:
	restore xsi
.none:
	stc
	ret
.end:
