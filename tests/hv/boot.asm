; SPDX-License-Identifier: GPL-2.0-only
; Entry of the fixture from a multiboot loader, and the way into the guest and back.
%include "hypercall.inc"
bits 32

MULTIBOOT_MAGIC equ 0x1BADB002
MULTIBOOT_FLAGS equ 0x00000003		; align modules, tell about memory
STACK_SIZE	equ 16384

section .text
	dd HV_SECRET			; what tests try to read
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

extern hv_main

; In: EAX = the loader's magic, EBX -> its information; flat segments, paging off.
global boot_entry:function (boot_entry.end - boot_entry)
boot_entry:
	cli
	cld
	mov esp, stack_top
	xor ebp, ebp
	push ebx
	push eax
	call hv_main
.stop:	cli
	hlt
	jmp .stop
.end:

; void hv_run(uint32_t regs[8], struct vmcb *v)
; Whatever VMRUN does not keep of the processor is the guest's for good: FS, GS, LDTR, TR and the
; SYSENTER registers are never touched here.
global hv_run:function (hv_run.end - hv_run)
hv_run:
	pushad
	mov edi, [esp + 36]
	push edi
	mov eax, [esp + 44]
	mov ecx, [edi + 4*1]
	mov edx, [edi + 4*2]
	mov ebx, [edi + 4*3]
	mov ebp, [edi + 4*5]
	mov esi, [edi + 4*6]
	mov edi, [edi + 4*7]
	vmrun
	xchg edi, [esp]			; regs
	mov [edi + 4*1], ecx
	mov [edi + 4*2], edx
	mov [edi + 4*3], ebx
	mov [edi + 4*5], ebp
	mov [edi + 4*6], esi
	pop dword [edi + 4*7]
	popad
	ret
.end:

section .bss
align 16
	resb STACK_SIZE
stack_top:
section .note.GNU-stack noalloc noexec nowrite progbits
