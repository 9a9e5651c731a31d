; SPDX-License-Identifier: GPL-2.0-only
; Changing stacks, and the way into the kernel that processes use beside traps.
%include "frame.inc"
%include "layout.inc"
%include "sites.inc"
bits 64
section .text
extern trap_return, process_syscall, pv_cpu_ops

; void switch_stack(uintptr_t *save, uintptr_t load)
; Goes on where `load` was saved; comes back when somebody loads what is in *save.
global switch_stack:function (switch_stack.end - switch_stack)
switch_stack:
	SAVE_CALLEE
	mov [rdi], rsp
	mov rsp, rsi
	RESTORE_CALLEE
	ret
.end:

; Where a new process starts on its kernel stack: RSP -> struct regs.
global process_start:function (process_start.end - process_start)
process_start:
	jmp trap_return
.end:

; Where SYSCALL leads while processes run: RCX = the return address, R11 = flags, RSP still
; user mode's; IF and AC are off (MSR_FMASK). Makes struct regs as a trap would, so that the
; process may also leave by IRET. It leaves by SYSRET only to an address of user mode: to any
; other, SYSRET would fault in ring 0 with user mode's stack.
global syscall_process:function (syscall_process.end - syscall_process)
syscall_process:
	swapgs
	mov [gs:CPU_USER_SP], rsp
	mov rsp, [gs:CPU_TSS]
	mov rsp, [rsp + TSS_RSP0]
	push qword SEL_USER_DATA
	push qword [gs:CPU_USER_SP]
	push r11
	push qword SEL_USER_CODE
	push rcx
	push qword 0
	push qword VECTOR_USER
	SAVE_REGS
	mov rdi, rsp
	call process_syscall
	test al, al
	jz trap_return
	cli
	RESTORE_REGS
	mov rcx, [rsp + 16]		; behind vector and error code: the IRET frame
	mov r11, [rsp + 32]
	mov rsp, [rsp + 40]
	SITE_SYSRET64
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
