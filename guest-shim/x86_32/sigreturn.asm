; SPDX-License-Identifier: GPL-2.0-only
; Returns to user mode that flow.asm has no need for, and programs that show where they run.
%include "layout.inc"
bits 32
section .text
extern pv_cpu_ops

EFLAGS_NT equ 0x4000

; void enter_frame(const struct return_frame *frame, u32 dwords, u32 kernel_flags, void *stack)
; Copies the frame to `stack` (which grows down from there), sets the flags named, loads all
; registers from the frame and returns through the iret slot.
global enter_frame:function (enter_frame.end - enter_frame)
enter_frame:
	mov esi, [esp+4]
	mov ecx, [esp+8]
	mov ebx, [esp+12]
	mov edi, [esp+16]
	mov esp, edi
	cld
	rep movsd
	mov eax, SEL_USER_DATA
	mov ds, eax
	mov es, eax
	mov fs, eax
	mov gs, eax
	pushfd
	or [esp], ebx
	popfd
	popad
	jmp [cs:pv_cpu_ops + PV_CPU_IRET]
.end:

; Where SYSENTER leads while a test wants IRET for the way back: EDX is the address and
; ECX the stack of user mode.
global sysenter_iret_entry:function (sysenter_iret_entry.end - sysenter_iret_entry)
sysenter_iret_entry:
	pushfd
	pop dword [ss:sysenter_iret_eflags]
	push dword SEL_USER_DATA
	push ecx
	push dword 2			; EFLAGS: only the bit that is always set
	push dword SEL_USER_CODE
	push edx
	jmp [cs:pv_cpu_ops + PV_CPU_IRET]
.end:

; Programs for user mode.
global user_sigreturn:function (user_sigreturn.end - user_sigreturn)
user_sigreturn:				; in: ESP -> the context to go on with
	int VECTOR_TEST
	ud2				; it never comes back here
.end:
global user_push:function (user_push.end - user_push)
user_push:				; EAX on the stack, wherever the stack is
	push eax
	int VECTOR_USER
	jmp user_push
.end:
; The same bytes are other instructions in 16-bit code: AX = 0x1234, then the way back
; at once; in 32-bit code EAX = 0x80CD1234.
global user_16bit:function (user_16bit.end - user_16bit)
user_16bit:
bits 16
	mov ax, 0x1234
	int VECTOR_USER
bits 32
	int VECTOR_USER
	jmp user_16bit
.end:
; For virtual-8086 mode: what the data segments are. It runs from a copy.
global user_8086:function (user_8086.end - user_8086)
user_8086:
bits 16
	mov ax, ds
	mov bx, es
	mov cx, fs
	mov dx, gs
	int VECTOR_USER
bits 32
.end:
global user_nt:function (user_nt.end - user_nt)
user_nt:				; NT set, into the kernel; out: EFLAGS on the stack
	pushfd
	or dword [esp], EFLAGS_NT
	popfd
	mov ecx, esp
	mov edx, .after
	sysenter
	ud2
.after:	pushfd
	int VECTOR_USER
	jmp .after
.end:

section .bss
align 4
global sysenter_iret_eflags:data 4
sysenter_iret_eflags: resd 1
section .note.GNU-stack noalloc noexec nowrite progbits
