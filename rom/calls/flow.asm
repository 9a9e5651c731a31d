; SPDX-License-Identifier: GPL-2.0-only
; Group flow: returns from the kernel. DS and ES may be anything: only the stack
; and, by a CS prefix, the image are touched. Each entry has two forms: the plain
; one is jumped to; a profile that answers CALL_REL gives out the one that first
; drops the call site's return address. spec/vmi.abi has the contract of each.
%include "rom.inc"
%include "lar.inc"

section .text
bits 32

; A protected-mode interrupt frame, and what of it this file needs.
struc frame
.eip:		resd 1
.cs:		resd 1
.eflags:	resd 1
.esp:		resd 1		; esp and ss only on a return to an outer ring
.ss:		resd 1
endstruc
SAVED		equ 12			; EAX, ECX, EDX pushed below the frame
EFLAGS_NT_HIGH	equ 0x40		; bit 14, in the second byte
EFLAGS_VM_HIGH	equ 0x02		; bit 17, in the third byte

; 33 IRET: void IRET(void)
; in     an interrupt frame at [ESP]
; out    does not return; every register is the interrupted code's
; A frame for user mode is checked first, since a fault at IRETD itself would be
; the kernel's: one with a selector that IRETD refuses is sent to an address in
; user mode that faults there (docs/iret.md). Returns to the kernel pay for the
; test that tells them apart.
begin vmi_iret_called, vmi_iret
	lea esp, [esp + 4]
	jmp short vmi_iret.entered
end vmi_iret_called

begin vmi_iret
.entered:
	test byte [esp + frame.cs], SELECTOR_RPL
	jnz .outer
	test byte [esp + frame.eflags + 2], EFLAGS_VM_HIGH
	jnz .virtual_8086
	iretd

.outer:
	test byte [esp + frame.eflags + 2], EFLAGS_VM_HIGH
	jnz .virtual_8086		; CS is a paragraph, not a selector
	push eax
	push ecx
	push edx
	rights_of_cs esp + SAVED + frame.cs, .refuse
	and eax, LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_CODE | LAR_CONFORMING
	test eax, LAR_CONFORMING
	jnz .conforming
	sub eax, edx
	cmp eax, LAR_PRESENT | LAR_SEGMENT | LAR_CODE
	jne .refuse
.limit:
	lsl eax, ecx
	cmp eax, [esp + SAVED + frame.eip]
	jb .refuse
	xor ecx, [esp + SAVED + frame.ss]
	test ecx, SELECTOR_RPL		; both must name one ring
	jnz .refuse
	movzx ecx, word [esp + SAVED + frame.ss]
	check_ss .refuse
.return:
	pop edx
	pop ecx
	pop eax
	jmp short .clear_nt
.virtual_8086:
	mov word [esp + frame.eip + 2], 0	; beyond 64 KiB IRETD would fault in ring 0
.clear_nt:
	pushfd				; NT would make IRETD a task switch
	and byte [esp + 1], ~EFLAGS_NT_HIGH & 0xFF
	popfd
	iretd

.conforming:
	mov ecx, eax
	and ecx, LAR_DPL
	cmp ecx, edx
	ja .refuse
	and eax, LAR_PRESENT | LAR_SEGMENT | LAR_CODE
	cmp eax, LAR_PRESENT | LAR_SEGMENT | LAR_CODE
	movzx ecx, word [esp + SAVED + frame.cs]
	je .limit

; The frame is bad: send it to .trap with a flat ring-3 pair out of the GDT. With
; no such pair IRETD faults, as it does natively.
.refuse:
	push ebx
	push esi
	push edi
	sub esp, 8
	sgdt [esp + 2]			; base at [esp + 4], aligned
	movzx ebx, word [esp + 2]	; limit
	mov edx, [esp + 4]		; base
	add esp, 8
	xor esi, esi			; code selector found
	xor edi, edi			; data selector found
	mov ecx, 8 + SELECTOR_RPL
.next:
	lea eax, [ecx + 7 - SELECTOR_RPL]	; the descriptor's last byte
	cmp eax, ebx
	ja .searched
	call flat_user_segment
	test eax, LAR_CODE
	jnz .is_code
	test eax, eax
	jz .other
	mov edi, ecx
	jmp short .other
.is_code:
	mov esi, ecx
.other:
	add ecx, 8
	jmp short .next
.searched:
	test esi, esi
	jz .give_up
	test edi, edi
	jz .give_up
	call .here
.here:
	pop eax
	add eax, .trap - .here
	mov [esp + 12 + SAVED + frame.eip], eax
	mov [esp + 12 + SAVED + frame.cs], esi
	mov [esp + 12 + SAVED + frame.ss], edi
.give_up:
	pop edi
	pop esi
	pop ebx
	jmp .return

; User mode cannot execute this: under paging the page is the kernel's alone, and
; where it is not, the opcode is invalid.
.trap:
	ud2
end vmi_iret

; Is a GDT selector a flat ring-3 segment: base 0, limit 4 GiB, 32 bit, and code
; or writable expand-up data?
; in     ECX selector with RPL 3, not null; EDX the GDT's base
; out    EAX: 0 if not, else LAR's answer, where LAR_CODE tells the two apart
; clobbers flags
flat_user_segment:
	lar eax, ecx
	jnz .no
	and eax, LAR_32BIT | LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_CODE | LAR_CONFORMING | LAR_WRITABLE
	test eax, LAR_CODE
	jz .data
	and eax, ~LAR_WRITABLE		; of code that bit means readable
	cmp eax, LAR_32BIT | LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_CODE
	jne .no
	jmp short .extent
.data:
	cmp eax, LAR_32BIT | LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_WRITABLE
	jne .no
.extent:
	push eax
	lsl eax, ecx
	inc eax				; FFFFFFFF becomes 0
	jnz .not_flat
	mov eax, [cs:edx + ecx - SELECTOR_RPL + 2]	; base, bits 0 to 23
	shl eax, 8
	or al, [cs:edx + ecx - SELECTOR_RPL + 7]	; base, bits 24 to 31
	test eax, eax
	jnz .not_flat
	pop eax
	ret
.not_flat:
	pop eax
.no:
	xor eax, eax
	ret

; 34 SYSEXIT: void SYSEXIT(u32 eip, u32 esp)
; in     EDX = EIP, ECX = ESP of user mode
; out    does not return; interrupts are on from user mode's first instruction
; Faults only if SYSENTER_CS is 0, which is the kernel's own mistake.
begin vmi_sysexit_called, vmi_sysexit
	lea esp, [esp + 4]
	sti
	sysexit
end vmi_sysexit_called

begin vmi_sysexit
	sti
	sysexit
end vmi_sysexit
