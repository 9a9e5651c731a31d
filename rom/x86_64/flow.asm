; SPDX-License-Identifier: GPL-2.0-only
; Group flow in 64-bit mode: the return from an interrupt. SYSEXIT and SYSRET are in calls.asm.
; Only the stack is touched; GS may be the user's already. spec/vmi.abi, docs/iret.md.
%include "x86_64.inc"
%include "lar.inc"

section .text
bits 64

; A 64-bit interrupt frame.
struc frame64
.rip:		resq 1
.cs:		resq 1
.rflags:	resq 1
.rsp:		resq 1
.ss:		resq 1
endstruc
SAVED		equ 24			; RAX, RCX, RDX pushed below the frame
RFLAGS_NT_HIGH	equ 0x40		; bit 14, in the second byte
CR4_LA57_HIGH	equ 0x10		; bit 12, in the second byte

; 33 IRET: void IRET(void)
; in     an interrupt frame at [RSP]
; out    does not return; every register is the interrupted code's
; A frame for user mode with a selector or an address that IRETQ refuses, which would be the
; kernel's fault, is sent to an address that faults in user mode.
begin vmi64_iret_called, vmi64_iret
	add rsp, 8
	jmp short vmi64_iret.entered
end vmi64_iret_called

begin vmi64_iret
.entered:
	test byte [rsp + frame64.cs], SELECTOR_RPL
	jnz .outer
	iretq

.outer:
	push rax
	push rcx
	push rdx
	rights_of_cs rsp + SAVED + frame64.cs, .refuse
	test eax, LAR_64BIT
	jnz .long
	lsl ecx, ecx			; below 4 GiB, a limit that code of 32 bits has to keep
	cmp [rsp + SAVED + frame64.rip], rcx
	ja .refuse
	jmp short .code
.long:
	test eax, LAR_32BIT		; both at once mean nothing
	jnz .refuse
	mov rcx, [rsp + SAVED + frame64.rip]
	sar rcx, 47
	inc rcx				; 0 or 1, if the bits are all alike
	shr rcx, 1
	jnz .five_levels
.code:
	and eax, LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_CODE | LAR_CONFORMING
	test eax, LAR_CONFORMING
	jz .own_ring
	mov ecx, eax
	and ecx, LAR_DPL
	cmp ecx, edx
	ja .refuse
	and eax, ~(LAR_DPL | LAR_CONFORMING)
	add eax, edx
.own_ring:
	sub eax, edx
	cmp eax, LAR_PRESENT | LAR_SEGMENT | LAR_CODE
	jne .refuse
	movzx ecx, word [rsp + SAVED + frame64.ss]
	mov eax, ecx
	xor al, [rsp + SAVED + frame64.cs]
	test al, SELECTOR_RPL		; both must name one ring
	jnz .refuse
	check_ss .refuse
.return:
	pop rdx
	pop rcx
	pop rax
	pushfq				; IRETQ refuses to run with NT set
	and byte [rsp + 1], ~RFLAGS_NT_HIGH & 0xFF
	popfq
	iretq

; An address of more than 48 bits is canonical with five levels of tables only.
.five_levels:
	mov rcx, cr4
	test ch, CR4_LA57_HIGH
	jz .refuse
	mov rcx, [rsp + SAVED + frame64.rip]
	sar rcx, 56
	inc rcx
	shr rcx, 1
	jz .code

; The frame is bad: send it to .trap with a ring-3 pair out of the GDT, whose code is of 64
; bits. With no such pair IRETQ faults, as it does natively.
.refuse:
	push rbx
	push rsi
	push rdi
	push rax			; room for the 10 bytes of SGDT
	push rax
	sgdt [rsp]
	pop rbx
	pop rax
	movzx ebx, bx			; limit
	xor esi, esi			; code selector found
	xor edi, edi			; data selector found
	mov ecx, 8 + SELECTOR_RPL
.next:
	lea eax, [rcx + 7 - SELECTOR_RPL] ; the descriptor's last byte
	cmp eax, ebx
	ja .searched
	lar eax, ecx
	jnz .other
	and eax, LAR_64BIT | LAR_32BIT | LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_CODE | LAR_CONFORMING | LAR_WRITABLE
	test eax, LAR_CODE
	jz .data
	and eax, ~LAR_WRITABLE		; of code that bit means readable
	cmp eax, LAR_64BIT | LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_CODE
	cmove esi, ecx
	jmp short .other
.data:
	cmp eax, LAR_32BIT | LAR_PRESENT | LAR_DPL | LAR_SEGMENT | LAR_WRITABLE
	cmove edi, ecx
.other:
	add ecx, 8
	jmp short .next
.searched:
	test esi, esi
	jz .give_up
	test edi, edi
	jz .give_up
	lea rax, [.trap]
	mov [rsp + 24 + SAVED + frame64.rip], rax
	mov [rsp + 24 + SAVED + frame64.cs], rsi
	mov [rsp + 24 + SAVED + frame64.ss], rdi
.give_up:
	pop rdi
	pop rsi
	pop rbx
	jmp .return

; User mode cannot execute this: under paging the page is the kernel's alone, and
; where it is not, the opcode is invalid.
.trap:
	ud2
end vmi64_iret
