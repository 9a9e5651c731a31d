; SPDX-License-Identifier: GPL-2.0-only
; trace.asm for 64-bit entries: a vmi_trace64 record. The registers are saved where the record has
; them, so that with all of it a call uses no more stack than 4.0 promises (256 bytes).
%include "x86_64.inc"

extern find_state64, rom_config

section .text
bits 64

CPL		equ 3
RFLAGS_FIXED	equ 2
CPUID_IDS	equ 1			; EBX: the initial APIC id in the topmost byte
ID_SHIFT	equ 24
SWITCHED	equ 0x100		; beside the kind: the stack is ours, and so is the lock

; What lies above RBP while a record is made.
struc logged64
.rbp:		resq 1
.kind:		resq 1			; and SWITCHED
.rflags:	resq 1
.return:	resq 1			; into the entry
.slot:		resb 1			; what the macro `trace64` pushed
.words:		resb 1
		resb 6
.stack:					; as the caller left it
endstruc
%define record(name) rsi + vmi_trace64. %+ name
; What is saved in the record, from its last register down to RAX.
SAVED_END	equ vmi_trace64.stack
SAVED		equ vmi_trace64.rax

; One record. Every register and flag survives; what the macro pushed is dropped.
; in     [RSP+8] slot, and words of the stack that may be read in its second byte;
;        the stack from RSP+16 on as the call's caller left it
; Nothing is logged in user mode. The lock is that of trace.asm.
global trace_enter64, trace_leave64, trace_switched64
trace_enter64:
	pushfq
	push VMI_TRACE_ENTER
	jmp short make_record
trace_leave64:
	pushfq
	push VMI_TRACE_LEAVE
	jmp short make_record
; The same in a stack of the state memory, with the lock taken: CR2 has the caller's RAX, RAX
; -> vmi_state, and its scratch the caller's RSP.
trace_switched64:
	pushfq
	push VMI_TRACE_ENTER | SWITCHED
make_record:
	push rbp
	mov rbp, rsp
	lea rsp, [rsp - (vmi_trace64_size - SAVED_END)]
	push r11
	push r9
	push r8
	push rsi
	push rdi
	push rbx
	push rcx
	push rdx
	push rax
	mov eax, cs
	test al, CPL
	jnz .done
	push RFLAGS_FIXED		; no interrupts, forwards, and no single steps: who
	popfq				; handles those may call the ROM and want the lock
	sub rsp, SAVED
	mov rsi, rsp
	movzx eax, word [rbp + logged64.slot]	; a byte each: slot, words
	mov byte [record(flags)], VMI_TRACE_WIDE
	mov word [record(signature)], VMI_TRACE_SIGNATURE
	mov [record(slot)], al
	movzx eax, ah
	mov [record(words)], ax		; and the reserved byte
	mov edx, eax
	mov al, [rbp + logged64.kind]
	mov [record(kind)], al
	mov byte [record(cpu)], 0
	xor eax, eax
	mov [record(sequence)], rax	; and the reserved word
	lea rdi, [rbp + logged64.stack]
	mov [record(rsp)], rdi
	xor ecx, ecx
.stack:
	xor eax, eax
	cmp ecx, edx
	jae .absent			; it may not even be mapped
	mov rax, [rdi + rcx * 8]
.absent:
	mov [record(stack) + rcx * 8], rax
	inc ecx
	cmp ecx, VMI_TRACE_WORDS
	jb .stack
	test dword [rbp + logged64.kind], SWITCHED
	jnz .switched
	call lock_log
	jmp short .locked
.switched:
	mov rdi, [record(rax)]		; vmi_state
	mov rax, cr2
	mov [record(rax)], rax
	mov rax, [rdi + scratch(rsp)]
	mov [record(rsp)], rax
	mov al, VMI_TRACE_ORDERED | VMI_TRACE_WIDE
	cmp dword [rdi + scratch(tries)], VMI_TRACE_PATIENCE
	jb .patient
	or al, VMI_TRACE_BROKEN
.patient:
	mov dword [rdi + scratch(tries)], 0
	call number
.locked:
	call clock

	mov qword [record(reserved2)], 0	; and `check`
	mov ecx, vmi_trace64.check / 4
	xor eax, eax
.sum:
	sub eax, [rsi + rcx * 4 - 4]
	loop .sum
	mov [record(check)], eax
	mov ecx, vmi_trace64_size
	mov edx, VMI_TRACE_PORT
	mov rbx, rsi
	rep outsb
	lea rsp, [rbx + SAVED]
	test rdi, rdi
	jz .done
	test dword [rbp + logged64.kind], SWITCHED
	jnz .keep
	mov dword [rdi + vmi_state.trace_lock], 0
	jmp short .done
.keep:
	mov [rsp], rdi			; RAX for the macro
.done:
	pop rax
	pop rdx
	pop rcx
	pop rbx
	pop rdi
	pop rsi
	pop r8
	pop r9
	pop r11
	mov rsp, rbp
	pop rbp
	lea rsp, [rsp + 8]
	popfq
	ret 8

; Takes the lock and the next sequence number.
; in     RSI -> record
; out    RDI -> vmi_state or 0; record: flags, sequence
; clobbers RAX, RBX, RCX, flags
lock_log:
	xor edi, edi
	call find_state64
	jc .done
	mov rdi, rbx
	mov bl, VMI_TRACE_ORDERED | VMI_TRACE_WIDE
	mov ecx, VMI_TRACE_PATIENCE
.try:
	mov eax, 1
	xchg eax, [rdi + vmi_state.trace_lock]
	test eax, eax
	jz .taken
	pause
	loop .try
	or bl, VMI_TRACE_BROKEN
.taken:
	mov al, bl
	jmp short number
.done:
	ret

; in     RSI -> record, RDI -> vmi_state, AL the flags
; out    record: flags, sequence
; clobbers RAX, flags
number:
	mov [record(flags)], al
	mov eax, [rdi + vmi_state.trace_sequence]
	mov [record(sequence)], eax
	inc dword [rdi + vmi_state.trace_sequence]
	ret

; Which processor, and when.
; in     RSI -> record
; out    record: cpu, tsc
; clobbers RAX, RBX, RCX, RDX, flags
clock:
	xor eax, eax
	xor edx, edx
	cmp byte [rom_config + vrom_config.tsc_source], VROM_SOURCE_NONE
	je .store
	mov eax, CPUID_IDS
	cpuid
	shr ebx, ID_SHIFT
	mov [record(cpu)], bl
	rdtsc
.store:
	mov [record(tsc)], eax
	mov [record(tsc) + 4], edx
	ret
