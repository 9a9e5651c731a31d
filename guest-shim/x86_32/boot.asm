; SPDX-License-Identifier: GPL-2.0-only
; Entry from a multiboot loader.
%include "layout.inc"
bits 32

MULTIBOOT_MAGIC equ 0x1BADB002
MULTIBOOT_FLAGS equ 0x00000003		; align modules, tell about memory
STACK_SIZE      equ 16384

section .multiboot progbits alloc exec nowrite align=4
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

section .text
extern guest_main

; In: EAX = the loader's magic, EBX -> its information; flat segments, paging off.
global boot_entry:function (boot_entry.end - boot_entry)
boot_entry:
	cli
	cld
	mov esp, boot_stack_top
	push dword 0
	popfd
	xor ebp, ebp
	push ebx
	push eax
	call guest_main
.stop:	cli
	hlt
	jmp .stop
.end:

section .bss
align 16
boot_stack: resb STACK_SIZE
boot_stack_top:
section .note.GNU-stack noalloc noexec nowrite progbits
