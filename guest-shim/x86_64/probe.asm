; SPDX-License-Identifier: GPL-2.0-only
; A call with every register seeded and every register looked at afterwards.
%include "frame.inc"
%include "layout.inc"
bits 64
default rel
section .text
extern probe_state

; void probe_enter(void)
; In and out: probe_state (struct probe). Whatever the callee does to the registers or
; the stack pointer, this comes back: it trusts only memory.
global probe_enter:function (probe_enter.end - probe_enter)
probe_enter:
	SAVE_CALLEE
	pushfq
	mov [saved_rsp], rsp
	sub rsp, 8			; the callee finds the stack as a caller of C leaves it
%rep PROBE_CANARIES
	push qword [canary]
%endrep
	push qword [probe_state + PROBE_ARGS + 24]
	push qword [probe_state + PROBE_ARGS + 16]
	push qword [probe_state + PROBE_ARGS + 8]
	push qword [probe_state + PROBE_ARGS]
	mov [probe_state + PROBE_RSP], rsp
%macro LOAD 2
	mov %2, [probe_state + PROBE_IN + 8*%1]
%endmacro
%macro STORE 2
	mov [probe_state + PROBE_OUT + 8*%1], %2
%endmacro
%macro ALL 1
	%1 1, rcx
	%1 2, rdx
	%1 3, rbx
	%1 5, rbp
	%1 6, rsi
	%1 7, rdi
	%1 8, r8
	%1 9, r9
	%1 10, r10
	%1 11, r11
	%1 12, r12
	%1 13, r13
	%1 14, r14
	%1 15, r15
%endmacro
	ALL LOAD
	mov ax, [probe_state + PROBE_SEGMENT]
	mov ds, eax
	mov es, eax
	LOAD 0, rax
	call [probe_state]
	STORE 0, rax
	ALL STORE
	STORE 4, rsp
	mov rsp, [probe_state + PROBE_RSP]
	pushfq				; no MOV changes a flag
	pop qword [probe_state + PROBE_RFLAGS]
	mov eax, ds
	mov [probe_state + PROBE_OUT_DS], eax
	mov eax, es
	mov [probe_state + PROBE_OUT_ES], eax
%assign i 0
%rep PROBE_CANARIES
	mov rax, [rsp + 8*(4 + i)]	; behind the four arguments
	mov [probe_state + PROBE_CANARY + 8*i], rax
%assign i i+1
%endrep
	cmp word [probe_state + PROBE_GDT], 0
	je .kept
	sgdt [found_gdt]
	lgdt [probe_state + PROBE_GDT]	; before a segment register is loaded from it
	mov rax, [found_gdt]
	mov [probe_state + PROBE_GDT], rax
	mov ax, [found_gdt + 8]
	mov [probe_state + PROBE_GDT + 8], ax
.kept:
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov rsp, [saved_rsp]
	popfq
	RESTORE_CALLEE
	ret
.end:

section .rodata
align 8
canary: dq PROBE_CANARY_VALUE
section .bss
align 8
saved_rsp: resq 1
found_gdt: resq 2
section .note.GNU-stack noalloc noexec nowrite progbits
