; SPDX-License-Identifier: GPL-2.0-only
; Where an application processor starts: real mode, at TRAMPOLINE:0, with nothing known.
; It is brought to the state that was announced for it (ap_start) before any slot is used.
; The way into long mode leads over the tables of boot.asm, which map what is below 1 GiB
; where it is, and on to the kernel's.
%include "layout.inc"

MSR_EFER equ 0xC0000080

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
	jmp dword SEL_KERNEL_DATA+8:ap_start_low
align 8
.gdt:	dq 0
	dq 0x00AF9A000000FFFF		; SEL_KERNEL_CODE
	dq 0x00CF92000000FFFF		; SEL_KERNEL_DATA
	dq 0x00CF9A000000FFFF		; 32-bit code
.pointer:
	dw .pointer - .gdt - 1
	dd TRAMPOLINE + (.gdt - trampoline)
global trampoline_end
trampoline_end:

section .boot.text progbits alloc exec nowrite align=4
bits 32
extern ap_start, boot_root, boot_root5
CR4_LA57 equ 0x1000
CR4_FIRST equ CR4_LA57 | 0x20		; what paging cannot begin without; the rest follows
CR0_PE_PG equ 0x80000001

; Protected mode, paging off, the temporary GDT, no stack.
ap_start_low:
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov ss, eax
	mov ebx, ap_start_physical
	mov ebx, [ebx]
	mov eax, [ebx + AP_CR4]
	and eax, CR4_FIRST
	mov cr4, eax
	mov edx, boot_root
	test eax, CR4_LA57
	jz .levels
	mov edx, boot_root5
.levels:
	mov cr3, edx
	mov eax, [ebx + AP_EFER]
	xor edx, edx
	mov ecx, MSR_EFER
	wrmsr
	mov eax, cr0
	or eax, CR0_PE_PG
	mov cr0, eax
	jmp SEL_KERNEL_CODE:.long_mode
bits 64
.long_mode:
	mov rax, ap_high
	jmp rax

; Where the kernel's data lies is told by its address less KERNEL_BASE, which only 64 bits hold.
align 8
ap_start_physical: dq ap_start - KERNEL_BASE

section .text
bits 64
extern ap_next, ap_limit, ap_main

; Takes the next free number; who comes late, or uncalled, halts for good.

ap_high:
	mov eax, [ap_start + AP_CR3]
	mov cr3, rax
	mov rax, [ap_start + AP_CR4]
	mov cr4, rax
	mov rax, [ap_start + AP_CR0]
	mov cr0, rax
	mov ebx, 1
	lock xadd [ap_next], ebx
	cmp ebx, [ap_limit]
	jae .late
	mov rsp, [ap_stacks + rbx*8]
	xor ebp, ebp
	mov edi, ebx
	call ap_main
.late:	cli
	hlt
	jmp .late

STACK_SIZE equ 16384
section .rodata
align 8
ap_stacks: dq 0, stacks + STACK_SIZE, stacks + 2*STACK_SIZE, stacks + 3*STACK_SIZE
section .bss
align 16
stacks: resb 3*STACK_SIZE
section .note.GNU-stack noalloc noexec nowrite progbits
