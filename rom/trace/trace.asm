; SPDX-License-Identifier: GPL-2.0-only
; The log of a trace build: one vmi_trace record (spec/image.abi) for each call and each
; return, to a port. DS and ES may be anything; the stack is flat.
%include "rom.inc"

extern find_state, rom_config

section .text
bits 32

CPL		equ 3
EFLAGS_FIXED	equ 2
CPUID_IDS	equ 1			; EBX: the initial APIC id in the topmost byte
ID_SHIFT	equ 24

; What lies above EBP while a record is made.
struc logged
.edi:		resd 1			; as PUSHAD leaves them
.esi:		resd 1
.ebp:		resd 1
.esp:		resd 1
.ebx:		resd 1
.edx:		resd 1
.ecx:		resd 1
.eax:		resd 1
.kind:		resd 1
.flags:		resd 1
.return:	resd 1			; into the entry
.slot:		resb 1			; what the macro `trace` pushed
.words:		resb 1
		resw 1
.stack:					; as the caller left it
endstruc
%define record(name) ebp - vmi_trace_size + vmi_trace. %+ name

; One record. Every register and flag survives; what the macro pushed is dropped.
; in     [ESP+4] slot, and words of the stack that may be read in its second byte;
;        the stack from ESP+8 on as the call's caller left it
; Nothing is logged in user mode, which may neither reach the port nor stop interrupts.
; The lock is in vmi_state. Where that is not to be found (no PMM, no TSC, a copy of the image)
; the record says so by its flags, and two processors may mix theirs.
global trace_enter, trace_leave
trace_enter:
	pushfd
	push dword VMI_TRACE_ENTER
	jmp short make_record
trace_leave:
	pushfd
	push dword VMI_TRACE_LEAVE
make_record:
	pushad
	mov ebp, esp
	mov eax, cs
	test al, CPL
	jnz .done
	push byte EFLAGS_FIXED		; no interrupts, forwards, and no single steps: who
	popfd				; handles those may call the ROM and want the lock
	sub esp, vmi_trace_size
	mov dword [record(signature)], VMI_TRACE_SIGNATURE
	movzx eax, word [ebp + logged.slot]	; a byte each: slot, words
	mov [record(slot)], al
	movzx eax, ah
	mov [record(words)], ax		; and the reserved byte
	mov al, [ebp + logged.kind]
	mov [record(kind)], al
	mov word [record(cpu)], 0	; and the flags
	call lock_log
	call clock
	lea eax, [ebp + logged.stack]
	mov [record(esp)], eax
	mov eax, [ebp + logged.eax]
	mov [record(eax)], eax
	mov eax, [ebp + logged.edx]
	mov [record(edx)], eax
	mov eax, [ebp + logged.ecx]
	mov [record(ecx)], eax
	mov eax, [ebp + logged.ebx]
	mov [record(ebx)], eax
	movzx edx, byte [ebp + logged.words]
	xor ecx, ecx
.stack:
	xor eax, eax
	cmp ecx, edx
	jae .absent			; it may not even be mapped
	mov eax, [ebp + ecx * 4 + logged.stack]
.absent:
	mov [record(stack) + ecx * 4], eax
	inc ecx
	cmp ecx, VMI_TRACE_WORDS
	jb .stack

	mov ecx, vmi_trace.check / 4
	xor eax, eax
.sum:
	sub eax, [ebp - vmi_trace_size + ecx * 4 - 4]
	loop .sum
	mov [record(check)], eax
	lea esi, [record(signature)]
	mov ecx, vmi_trace_size
	mov edx, VMI_TRACE_PORT
	ss rep outsb
	test edi, edi
	jz .done
	mov dword [ss:edi + vmi_state.trace_lock], 0
.done:
	mov esp, ebp
	popad
	lea esp, [esp + 4]
	popfd
	ret 4

; Takes the lock and the next sequence number.
; in     EBP
; out    EDI -> vmi_state or 0; record: flags, sequence
; clobbers EAX, EBX, ECX, flags
lock_log:
	xor edi, edi
	mov [record(sequence)], edi
	call find_state
	jc .done
	mov edi, ebx
	mov bl, VMI_TRACE_ORDERED
	mov ecx, VMI_TRACE_PATIENCE
.try:
	mov eax, 1
	xchg eax, [ss:edi + vmi_state.trace_lock]
	test eax, eax
	jz .taken
	pause
	loop .try
	or bl, VMI_TRACE_BROKEN
.taken:
	mov eax, [ss:edi + vmi_state.trace_sequence]
	mov [record(sequence)], eax
	inc dword [ss:edi + vmi_state.trace_sequence]
	mov [record(flags)], bl
.done:
	ret

; Which processor, and when.
; in     EBP
; out    record: cpu, tsc
; clobbers EAX, EBX, ECX, EDX, ESI, flags
clock:
	xor eax, eax
	xor edx, edx
	call .here
.here:
	pop esi
	cmp byte [cs:esi + rom_config + vrom_config.tsc_source - .here], VROM_SOURCE_NONE
	je .store			; it may not even know CPUID
	mov eax, CPUID_IDS
	cpuid
	shr ebx, ID_SHIFT
	mov [record(cpu)], bl
	rdtsc
.store:
	mov [record(tsc)], eax
	mov [record(tsc) + 4], edx
	ret
