; SPDX-License-Identifier: GPL-2.0-only
; Entry of the player from a multiboot loader, and the way into the guest and back.
; C code is 32-bit throughout: under long mode it runs in compatibility mode.
bits 32

MULTIBOOT_MAGIC equ 0x1BADB002
MULTIBOOT_FLAGS equ 0x00000003		; align modules, tell about memory
STACK_SIZE	equ 16384
SEL_CODE	equ 0x08
SEL_DATA	equ 0x10
SEL_CODE64	equ 0x18
RCX_AT		equ 8*1			; in the array of registers, as ModRM counts
RDX_AT		equ 8*2
RBX_AT		equ 8*3
RBP_AT		equ 8*5
RSI_AT		equ 8*6
RDI_AT		equ 8*7

section .text
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

extern player_main

; In: EAX = the loader's magic, EBX -> its information; flat segments, paging off.
global boot_entry:function (boot_entry.end - boot_entry)
boot_entry:
	cli
	cld
	mov esp, stack_top
	xor ebp, ebp
	lgdt [gdt.pointer]
	jmp SEL_CODE:.segments
.segments:
	mov ecx, SEL_DATA
	mov ds, ecx
	mov es, ecx
	mov ss, ecx
	push ebx
	push eax
	call player_main
.stop:	cli
	hlt
	jmp .stop
.end:

; void player_run(uint64_t registers[16], struct vmcb *v, uint32_t long_mode)
; Whatever VMRUN does not keep of the processor is the guest's for good: FS, GS, LDTR, TR and the
; registers of SYSENTER and SYSCALL are never touched here.
global player_run:function (player_run.end - player_run)
player_run:
	pushad
	mov edi, [esp + 36]
	mov eax, [esp + 40]
	cmp dword [esp + 44], 0
	jne .wide
	push edi
	mov ecx, [edi + RCX_AT]
	mov edx, [edi + RDX_AT]
	mov ebx, [edi + RBX_AT]
	mov ebp, [edi + RBP_AT]
	mov esi, [edi + RSI_AT]
	mov edi, [edi + RDI_AT]
	vmrun
	xchg edi, [esp]
	mov [edi + RCX_AT], ecx
	mov [edi + RDX_AT], edx
	mov [edi + RBX_AT], ebx
	mov [edi + RBP_AT], ebp
	mov [edi + RSI_AT], esi
	pop dword [edi + RDI_AT]
.out:	popad
	ret
.wide:	call SEL_CODE64:run64
	jmp .out
.end:

bits 64
; In: EDI -> the registers, EAX -> the VMCB; called far from compatibility mode. RSP's upper half is 0.
run64:
	mov edi, edi
	mov eax, eax
	mov esp, esp
	push rdi
	mov rcx, [rdi + RCX_AT]
	mov rdx, [rdi + RDX_AT]
	mov rbx, [rdi + RBX_AT]
	mov rbp, [rdi + RBP_AT]
	mov rsi, [rdi + RSI_AT]
%assign n 8
%rep 8
	mov r %+ n, [rdi + 8*n]
%assign n n+1
%endrep
	mov rdi, [rdi + RDI_AT]
	vmrun
	xchg rdi, [rsp]
	mov [rdi + RCX_AT], rcx
	mov [rdi + RDX_AT], rdx
	mov [rdi + RBX_AT], rbx
	mov [rdi + RBP_AT], rbp
	mov [rdi + RSI_AT], rsi
%assign n 8
%rep 8
	mov [rdi + 8*n], r %+ n
%assign n n+1
%endrep
	pop qword [rdi + RDI_AT]
	retf				; two dwords, as the far call left them

section .data
align 8
gdt:	dq 0
	dq 0x00CF9A000000FFFF		; SEL_CODE
	dq 0x00CF92000000FFFF		; SEL_DATA
	dq 0x00AF9A000000FFFF		; SEL_CODE64
.pointer:
	dw .pointer - gdt - 1
	dd gdt

section .bss
align 16
	resb STACK_SIZE
stack_top:
section .note.GNU-stack noalloc noexec nowrite progbits
