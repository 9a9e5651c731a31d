; SPDX-License-Identifier: GPL-2.0-only
; Changing stacks, and the ways into the kernel that processes use beside traps.
%include "frame.inc"
%include "layout.inc"
%include "sites.inc"
bits 32
section .text
extern trap_return, process_syscall

; void switch_stack(uint32_t *save, uint32_t load)
; Goes on where `load` was saved; comes back when somebody loads what is in *save.
global switch_stack:function (switch_stack.end - switch_stack)
switch_stack:
	mov eax, [esp+4]
	mov edx, [esp+8]
	push ebp
	push ebx
	push esi
	push edi
	mov [eax], esp
	mov esp, edx
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret
.end:

; Where a new process starts on its kernel stack: ESP -> struct regs.
global process_start:function (process_start.end - process_start)
process_start:
	jmp trap_return
.end:

; Where SYSENTER leads while processes run. ESP -> esp0 of this processor's TSS, EDX and
; ECX the return address and stack of user mode. Makes struct regs as a trap would, so
; that the process may also leave by IRET; leaves through a site of the SYSEXIT slot.
EFLAGS_USER equ 0x202
global sysenter_process:function (sysenter_process.end - sysenter_process)
sysenter_process:
	mov esp, [esp]
	push dword SEL_USER_DATA
	push ecx
	push dword EFLAGS_USER
	push dword SEL_USER_CODE
	push edx
	push dword 0
	push dword VECTOR_USER
	SAVE_REGS
	push esp
	call process_syscall
	add esp, 4
	pop gs
	pop fs
	pop es
	pop ds
	popad
	add esp, 8
	mov edx, [esp]
	mov ecx, [esp+12]
	SITE_SYSEXIT
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
