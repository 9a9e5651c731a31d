; SPDX-License-Identifier: GPL-2.0-only
; A call with every register seeded and every register looked at afterwards.
%include "layout.inc"
bits 32
section .text
extern probe_state

; void probe_enter(void)
; In and out: probe_state (struct probe). Whatever the callee does to the registers or
; the stack pointer, this comes back: it trusts only memory, reached through SS.
global probe_enter:function (probe_enter.end - probe_enter)
probe_enter:
	pushad
	pushfd
	push ds
	push es
	mov [saved_esp], esp
%rep PROBE_CANARIES
	push dword PROBE_CANARY_VALUE
%endrep
	push dword [probe_state + PROBE_ARGS + 12]
	push dword [probe_state + PROBE_ARGS + 8]
	push dword [probe_state + PROBE_ARGS + 4]
	push dword [probe_state + PROBE_ARGS]
	mov [probe_state + PROBE_ESP], esp
	mov ecx, [probe_state + PROBE_IN + 4*1]
	mov edx, [probe_state + PROBE_IN + 4*2]
	mov ebx, [probe_state + PROBE_IN + 4*3]
	mov ebp, [probe_state + PROBE_IN + 4*5]
	mov esi, [probe_state + PROBE_IN + 4*6]
	mov edi, [probe_state + PROBE_IN + 4*7]
	mov eax, [probe_state + PROBE_SEGMENT]
	mov es, eax
	mov ds, eax
	mov eax, [ss:probe_state + PROBE_IN + 4*0]
	call [ss:probe_state]
	mov [ss:probe_state + PROBE_OUT + 4*0], eax
	mov [ss:probe_state + PROBE_OUT + 4*1], ecx
	mov [ss:probe_state + PROBE_OUT + 4*2], edx
	mov [ss:probe_state + PROBE_OUT + 4*3], ebx
	mov [ss:probe_state + PROBE_OUT + 4*4], esp
	mov [ss:probe_state + PROBE_OUT + 4*5], ebp
	mov [ss:probe_state + PROBE_OUT + 4*6], esi
	mov [ss:probe_state + PROBE_OUT + 4*7], edi
	mov esp, [ss:probe_state + PROBE_ESP]
	pushfd				; no MOV changes a flag
	pop dword [ss:probe_state + PROBE_EFLAGS]
	mov eax, ds
	mov [ss:probe_state + PROBE_OUT_DS], eax
	mov eax, es
	mov [ss:probe_state + PROBE_OUT_ES], eax
%assign i 0
%rep PROBE_CANARIES
	mov eax, [esp + 4*(4 + i)]	; behind the four arguments
	mov [ss:probe_state + PROBE_CANARY + 4*i], eax
%assign i i+1
%endrep
	cmp word [ss:probe_state + PROBE_GDT], 0
	je .kept
	sgdt [ss:found_gdt]
	lgdt [ss:probe_state + PROBE_GDT]	; before a segment register is loaded from it
	mov eax, [ss:found_gdt]
	mov [ss:probe_state + PROBE_GDT], eax
	mov ax, [ss:found_gdt + 4]
	mov [ss:probe_state + PROBE_GDT + 4], ax
.kept:
	mov esp, [ss:saved_esp]
	pop es
	pop ds
	popfd
	popad
	ret
.end:

section .bss
align 4
saved_esp: resd 1
found_gdt: resd 2
section .note.GNU-stack noalloc noexec nowrite progbits
