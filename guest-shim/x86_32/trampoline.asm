; SPDX-License-Identifier: GPL-2.0-only
; Where an application processor starts: real mode, at TRAMPOLINE:0, with nothing known.
; It is brought to the state that was announced for it (ap_state) before any slot is used,
; since the ROM is mapped in the upper half alone.
%include "layout.inc"

section .rodata
; Copied to TRAMPOLINE; only offsets from its own start are used.
global trampoline:data (trampoline_end - trampoline)
trampoline:
bits 16
	cli
	cld
	mov ax, cs
	mov ds, ax
	o32 lgdt [.pointer - trampoline]
	mov eax, cr0
	or al, 1
	mov cr0, eax
	jmp dword SEL_KERNEL_CODE:ap_start
align 8
.gdt:	dq 0
	dd 0x0000ffff, 0x00cf9a00	; SEL_KERNEL_CODE, flat
	dd 0x0000ffff, 0x00cf9200	; SEL_KERNEL_DATA, flat
.pointer:
	dw .pointer - .gdt - 1
	dd TRAMPOLINE + (.gdt - trampoline)
global trampoline_end
trampoline_end:

MSR_EFER equ 0xC0000080
section .text
bits 32
extern ap_state, ap_next, ap_limit, ap_main

; Protected mode, paging off, the temporary GDT. Takes the next free number; who comes
; late, or uncalled, halts for good.
ap_start:
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov ss, eax
	mov ebx, 1
	lock xadd [ap_next], ebx
	cmp ebx, [ap_limit]
	jae .late
	cmp dword [ap_state + AP_CR4], 0
	je .paging			; it may not exist
	mov eax, [ap_state + AP_CR4]
	mov cr4, eax
	mov eax, [ap_state + AP_EFER]
	test eax, eax
	jz .paging
	xor edx, edx
	mov ecx, MSR_EFER
	wrmsr
.paging:
	mov eax, [ap_state + AP_CR3]
	mov cr3, eax
	mov eax, [ap_state + AP_CR0]
	mov cr0, eax
	mov esp, [ap_stacks + ebx*4]
	jmp [ap_state + AP_EIP]
.late:	cli
	hlt
	jmp .late

; void ap_entry(void): where ap_state leads; EBX is the processor's number.
global ap_entry:function (ap_entry.end - ap_entry)
ap_entry:
	xor ebp, ebp
	push ebx
	call ap_main
.stop:	cli
	hlt
	jmp .stop
.end:

STACK_SIZE equ 16384
section .data
align 4
ap_stacks: dd 0, stacks + STACK_SIZE, stacks + 2*STACK_SIZE, stacks + 3*STACK_SIZE
section .bss
align 16
stacks: resb 3*STACK_SIZE
section .note.GNU-stack noalloc noexec nowrite progbits
