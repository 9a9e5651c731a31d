; SPDX-License-Identifier: GPL-2.0-only
; Where the guest mapped its local APIC. Nobody tells the ROM; it looks in the
; guest's page tables, through the linear mapping that it lies in itself. Trusted is
; only that this mapping holds its own tables and the one in CR3, below the bound that
; SetLinearMapping told (else 896 MiB). Any other table is read only after the walk to
; its own address has led back to it.
%include "rom.inc"

section .text
bits 32

APIC_ENABLED_HIGH equ 0x08		; bit 11, in the second byte
APIC_X2_HIGH	equ 0x04		; bit 10
CR4_PSE		equ 0x10
CR4_PAE		equ 0x20
PTE_PRESENT	equ 0x01
PTE_WRITABLE	equ 0x02
PTE_USED	equ 0x60		; accessed, dirty: the processor sets them
PDE_LARGE	equ 0x80
FRAME		equ 0xFFFFF000
ABOVE_4G	equ 0x7FFFFFFF		; address bits of an 8-byte entry's upper half, NX aside
LARGE_2LEVEL	equ 0x400000
LARGE_PAE	equ 0x200000
PSE36		equ 0x1FE000		; address bits above 4 GiB in a 4 MiB entry

; ECX = which address space this is: CR3, bit 0 = CR4.PAE. Clobbers EDX.
%macro this_space 0
	mov ecx, cr4
	and ecx, CR4_PAE
	shr ecx, 5
	mov edx, cr3
	or ecx, edx
%endmacro

; Finds this processor's APIC.
; in     EAX -> rom_config, EBX -> vmi_state, ECX = linear delta, as find_state leaves
;        them; DS flat
; out    CF clear: EDI = its address for the caller, or APIC_BY_MSR. CF set: there is
;        none, it is off, or the guest does not map it writable
; clobbers EAX, ECX, EDX, flags
global find_apic:function (find_apic.end - find_apic)
find_apic:
	cmp dword [cs:eax + vrom_config.apic_hz], 0
	je .none
	push esi
	mov esi, ecx
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
	mov ecx, cr0
	test ecx, ecx
	jns .found			; paging is off
	cmp edi, [ebx + vmi_state.given_physical]
	jne .look
	mov edx, [ebx + vmi_state.given_apic]
	test edx, edx
	jz .look
	mov edi, edx
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
.found:
	pop esi
	clc
	ret
.other_mode:
	mov edi, APIC_BY_MSR
	ja .found
.lost:
	pop esi
.none:
	stc
	ret
.end:

; Keeps a mapping that was found, unless another processor is doing so.
; in     EAX address, EBX, EDI, ESI
; out    CF clear
; clobbers ECX, EDX
keep_apic:
	lock bts dword [ebx + vmi_state.apic_sequence], 0
	jc .done
	this_space
	mov [ebx + vmi_state.apic_space], ecx
	mov [ebx + vmi_state.apic_physical], edi
	mov [ebx + vmi_state.apic_va], eax
	call directory_entry
	mov [ebx + vmi_state.apic_pde_at], edx
	mov [ebx + vmi_state.apic_pde], ecx
	test byte [ebx + vmi_state.apic_space], 1
	jz .top
	call pdpt_entry
	mov ecx, [edx]
.top:
	mov [ebx + vmi_state.apic_top_at], edx
	mov [ebx + vmi_state.apic_top], ecx
	call translate
	mov [ebx + vmi_state.apic_pte_at], edx
	mov ecx, [edx]
	mov [ebx + vmi_state.apic_pte], ecx
	inc dword [ebx + vmi_state.apic_sequence]
.done:
	clc
	ret

; Is the APIC mapped writable at EAX?
; in     EBX, EAX page address, EDI the APIC's physical address, ESI linear delta
; out    CF clear if so
; clobbers ECX, EDX
leads_to_apic:
	call translate_proved
	jc .no
	test cl, PTE_WRITABLE
	jz .no
	and ecx, FRAME
	cmp ecx, edi
	je .yes
.no:
	stc
.yes:
	ret

; Looks through the address space from its top down to the linear mapping.
; in     EBX, EDI, ESI as above
; out    CF clear: EAX = address
; clobbers ECX, EDX
search_apic:
	push ebp
	mov ebp, LARGE_2LEVEL		; what one directory entry maps
	mov edx, cr4
	test dl, CR4_PAE
	jz .start
	mov ebp, LARGE_PAE
.start:
	xor eax, eax
.next:
	sub eax, ebp
	call directory_entry
	jc .skip
	call is_large
	jnz .large
	push ecx
	call prove_table
	pop ecx
	jc .skip
	call search_table
	jnc .done
	jmp short .skip
.large:
	mov ecx, edi			; the page inside that would be the APIC's
	lea edx, [ebp - 1]
	and ecx, edx
	push eax
	or eax, ecx
	call leads_to_apic
	pop ecx
	jnc .done
	mov eax, ecx
	jmp short .skip
.skip:
	cmp eax, esi
	ja .next
	stc
.done:
	pop ebp
	ret

; Looks through one page table for a writable mapping of the APIC.
; in     EAX what its first entry maps, EBP what the table maps, ECX directory entry,
;        EDI, ESI as above
; out    CF clear: EAX = that page; CF set: there is none, EAX is kept
; clobbers ECX, EDX
search_table:
	push eax
	push ebx
	push ebp
	test cl, PTE_WRITABLE
	jz .none
	and ecx, FRAME
	add ecx, esi
	add ebp, eax			; its end; 0 at the top
	mov ebx, cr4
	and ebx, CR4_PAE
	shr ebx, 3
	add ebx, 4			; size of an entry: 4 or 8
.page:
	mov edx, [ecx]
	xor edx, edi			; of EDI the lower bits are clear
	and edx, FRAME | PTE_PRESENT | PTE_WRITABLE
	cmp edx, PTE_PRESENT | PTE_WRITABLE
	je .below
.next:
	add ecx, ebx
	add eax, 0x1000
	cmp eax, ebp
	jne .page
.none:
	stc
	jmp short .done
.below:
	cmp ebx, 4
	je .found
	test dword [ecx + 4], ABOVE_4G
	jnz .next
.found:
	mov [esp + 8], eax		; CF is clear
.done:
	pop ebp
	pop ebx
	pop eax
	ret

; The directory entry that maps EAX.
; in     EAX, EBX, ESI
; out    CF clear: ECX = its lower half, present, below 4 GiB; EDX = its linear address
directory_entry:
	mov ecx, cr3
	mov edx, cr4
	test dl, CR4_PAE
	jnz .pae
	and ecx, FRAME
	cmp ecx, [ebx + vmi_state.linear_bound]
	jae .none
	mov edx, eax
	shr edx, 22
	lea edx, [ecx + edx * 4]
	add edx, esi
	jmp short .entry
.pae:
	call pdpt_entry
	jc .none
	call prove_directory
	jc .none
	mov edx, eax
	shr edx, 21
	and edx, 511
	lea edx, [ecx + edx * 8]
	add edx, esi
	test dword [edx + 4], ABOVE_4G
	jnz .none
.entry:
	mov ecx, [edx]
	test cl, PTE_PRESENT
	jz .none
	ret				; CF is clear
.none:
	stc
	ret

; The directory that serves EAX with PAE.
; in     EAX, EBX, ESI
; out    CF clear: ECX = its physical address, bounded; EDX = linear address of the entry
pdpt_entry:
	mov ecx, cr3
	and ecx, ~31
	cmp ecx, [ebx + vmi_state.linear_bound]
	jae .none
	mov edx, eax
	shr edx, 30
	lea edx, [ecx + edx * 8]
	add edx, esi
	test dword [edx + 4], ABOVE_4G
	jnz .none
	mov ecx, [edx]
	test cl, PTE_PRESENT
	jz .none
	and ecx, FRAME
	cmp ecx, [ebx + vmi_state.linear_bound]
	cmc
	ret
.none:
	stc
	ret

; Does the linear mapping lead to a directory? The one that serves its own address
; there is trusted; any other must be mapped by such a one.
; in     ECX physical address, EBX, ESI
; out    CF clear if so; ECX kept
; clobbers EDX
prove_directory:
	push eax
	push ecx
	lea eax, [ecx + esi]
	call pdpt_entry
	jc .done
	cmp ecx, [esp]
	je .done			; CF is clear
	push ecx
	lea eax, [ecx + esi]
	call pdpt_entry
	pop edx
	jc .done
	cmp ecx, edx
	stc
	jne .done
	mov eax, [esp]
	add eax, esi
	call translate
	jc .done
	and ecx, FRAME
	cmp ecx, [esp]
	je .done
	stc
.done:
	pop ecx
	pop eax
	ret

; in     ECX directory entry
; out    ZF clear if it maps a large page
; clobbers nothing
is_large:
	push edx
	mov edx, cr4
	test dl, CR4_PAE | CR4_PSE	; with neither the bit means nothing
	jz .done
	test cl, PDE_LARGE
.done:
	pop edx
	ret

; Does the linear mapping lead to the page table that ECX points to?
; in     ECX directory entry, EBX, ESI
; out    CF clear if so
; clobbers ECX, EDX
prove_table:
	and ecx, FRAME
	cmp ecx, [ebx + vmi_state.linear_bound]
	jae .no
	push eax
	push ecx
	lea eax, [ecx + esi]
	call translate
	pop edx
	pop eax
	jc .no
	and ecx, FRAME
	cmp ecx, edx
	je .yes
.no:
	stc
.yes:
	ret

; The entry that maps EAX, its table proved first.
; in     EAX, EBX, ESI
; out    CF clear: ECX = frame and flags, EDX = linear address of the entry
translate_proved:
	call directory_entry
	jc translate.done
	call is_large
	jnz translate
	call prove_table
	jc translate.done
; The same without the proof.
translate:
	call directory_entry
	jc .done
	call is_large
	jnz .large
	push ecx
	and ecx, FRAME
	cmp ecx, [ebx + vmi_state.linear_bound]
	jae .above
	mov edx, cr4
	test dl, CR4_PAE
	mov edx, eax
	jnz .pae
	shr edx, 12
	and edx, 1023
	lea edx, [ecx + edx * 4]
	add edx, esi
	jmp short .entry
.pae:
	shr edx, 12
	and edx, 511
	lea edx, [ecx + edx * 8]
	add edx, esi
	test dword [edx + 4], ABOVE_4G
	jnz .above
.entry:
	mov ecx, [edx]
	or dword [esp], ~PTE_WRITABLE	; writable only if the directory says so, too
	and ecx, [esp]
	add esp, 4
	test cl, PTE_PRESENT
	jz .none
.done:
	ret
.above:
	add esp, 4
.none:
	stc
	ret
.large:
	push edx
	mov edx, cr4
	test dl, CR4_PAE
	mov edx, eax
	jnz .large_pae
	test ecx, PSE36
	jnz .above
	and edx, LARGE_2LEVEL - 1
	and ecx, ~(LARGE_2LEVEL - 1) | 0xFFF
	jmp short .inside
.large_pae:
	and edx, LARGE_PAE - 1
	and ecx, ~(LARGE_PAE - 1) | 0xFFF
.inside:
	and edx, FRAME
	or ecx, edx
	pop edx
	ret				; CF is clear
