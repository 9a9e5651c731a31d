; SPDX-License-Identifier: GPL-2.0-only
; Entry from a multiboot loader, in protected mode; long mode on; the kernel's own addresses.
%include "layout.inc"

MULTIBOOT_MAGIC equ 0x1BADB002
MULTIBOOT_FLAGS equ 0x00000003		; align modules, tell about memory
STACK_SIZE      equ 16384
MSR_EFER        equ 0xC0000080
EFER_LME        equ 0x100
CR4_PAE         equ 0x20
CR4_LA57        equ 0x1000
CR0_PG          equ 0x80000000
PAGE_TABLE      equ 0x03		; present, writable
PAGE_LARGE      equ 0x83		; the same, 2 MiB
CPUID7_LA57     equ 16			; bit of leaf 7, ECX

; All of this lies where it is loaded.
section .boot.text progbits alloc exec nowrite align=4
bits 32
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

; In: EAX = the loader's magic, EBX -> its information; flat segments, paging off. The
; first GiB gets mapped where it is and at KERNEL_BASE, until paging.c has better tables.
global boot_entry:function (boot_entry.end - boot_entry)
boot_entry:
	cli
	cld
	mov esp, boot_low_stack_top
	push dword 0
	popfd
	mov edi, eax
	mov esi, ebx
	mov eax, 0x80000000
	cpuid
	cmp eax, 0x80000001
	jb .no_long_mode
	mov eax, 0x80000001
	cpuid
	bt edx, 29
	jnc .no_long_mode
	call fill_tables
	mov ebp, boot_root
	mov ebx, CR4_PAE
	call has_la57
	jnc .levels
	or ebx, CR4_LA57
	mov ebp, boot_root5
.levels:
	mov cr4, ebx
	mov cr3, ebp
	mov ecx, MSR_EFER
	rdmsr
	or eax, EFER_LME
	wrmsr
	mov eax, cr0
	or eax, CR0_PG
	mov cr0, eax
	lgdt [boot_gdt.pointer]
	jmp SEL_KERNEL_CODE:.long_mode
bits 64
.long_mode:
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov ss, eax
	mov fs, eax
	mov gs, eax
	mov rax, boot_high
	jmp rax
bits 32
.no_long_mode:				; the console of guest_main is out of reach
	mov esi, .text
.print:	lodsb
	test al, al
	jz .stop
	mov edx, 0x402
	out dx, al
	mov edx, 0x3f8
	out dx, al
	jmp .print
.stop:	mov eax, 3
	mov edx, 0xf4
	out dx, eax
	cli
	hlt
	jmp .stop
.text:	db "note this processor has no long mode", 10, 0
.end:

; Out: CF if the processor has 5-level paging. Changes EAX, ECX, EDX.
has_la57:
	push ebx
	xor eax, eax
	cpuid
	cmp eax, 7
	jb .none
	mov eax, 7
	xor ecx, ecx
	cpuid
	bt ecx, CPUID7_LA57
	pop ebx
	ret
.none:	clc
	pop ebx
	ret

; Changes EAX, ECX.
fill_tables:
	mov dword [boot_root5], boot_root + PAGE_TABLE
	mov dword [boot_root5 + 511*8], boot_root + PAGE_TABLE
	mov dword [boot_root], boot_pud + PAGE_TABLE
	mov dword [boot_root + 511*8], boot_pud + PAGE_TABLE
	mov dword [boot_pud], boot_pmd + PAGE_TABLE
	mov dword [boot_pud + 510*8], boot_pmd + PAGE_TABLE
	xor ecx, ecx
	mov eax, PAGE_LARGE
.next:	mov [boot_pmd + ecx*8], eax
	add eax, 1 << 21
	inc ecx
	cmp ecx, 512
	jb .next
	ret

align 8
boot_gdt:
	dq 0
	dq 0x00AF9A000000FFFF		; SEL_KERNEL_CODE
	dq 0x00CF92000000FFFF		; SEL_KERNEL_DATA
.pointer:
	dw .pointer - boot_gdt - 1
	dd boot_gdt

section .boot.bss nobits alloc noexec write align=4096
global boot_root5, boot_root
boot_root5: resb 4096
boot_root: resb 4096
boot_pud: resb 4096
boot_pmd: resb 4096
resb 64
boot_low_stack_top:

section .text
bits 64
extern guest_main

; EDI = the loader's magic, ESI = the address of its information.
boot_high:
	mov rsp, boot_stack_top
	mov edi, edi
	mov esi, esi
	xor ebp, ebp
	call guest_main
.stop:	cli
	hlt
	jmp .stop

section .bss
align 16
boot_stack: resb STACK_SIZE
boot_stack_top:
section .note.GNU-stack noalloc noexec nowrite progbits
