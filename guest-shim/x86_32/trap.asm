; SPDX-License-Identifier: GPL-2.0-only
; Trap entry for all 256 vectors, the guard that survives a trap, and the double-fault task.
%include "frame.inc"
%include "layout.inc"
%include "sites.inc"
bits 32
section .text
extern trap_handler, trap_double_fault, trap_nmi

; One stub per vector; vectors without an error code get a 0 in its place.
%macro STUB 1
stub_%1:
%if %1 = 8 || (%1 >= 10 && %1 <= 14) || %1 = 17 || %1 = 21 || %1 = 29 || %1 = 30
%else
	push dword 0
%endif
	push dword %1
	jmp trap_common
%endmacro
%assign v 0
%rep 256
	STUB v
%assign v v+1
%endrep

; Builds struct regs and calls trap_handler(struct regs *); returns through the iret slot.
trap_common:
	SAVE_REGS
	push esp
	call trap_handler
	add esp, 4
; ESP -> struct regs: back to where it says, through the iret slot.
global trap_return
trap_return:
	pop gs
	pop fs
	pop es
	pop ds
	popad
	add esp, 8			; vector and error code
global trap_iret
trap_iret:
	SITE_IRET

; int trap_guard_call(void (*run)(void *), void *argument, uintptr_t *stack)
; Calls run(argument). 0 if it returned, 1 if trap_guard_resume() ended it.
; The stack is noted in *stack; callee-saved registers and flags come back either way.
global trap_guard_call:function (trap_guard_resume - trap_guard_call)
trap_guard_call:
	push ebp
	push ebx
	push esi
	push edi
	pushfd
	mov eax, [esp+24]
	mov edx, [esp+28]
	mov ecx, [esp+32]
	mov [ecx], esp
	push edx
	call eax
	add esp, 4
	xor eax, eax
guard_out:
	popfd
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret

; noreturn void trap_guard_resume(uintptr_t stack)
global trap_guard_resume:function (trap_guard_resume.end - trap_guard_resume)
trap_guard_resume:
	mov esp, [esp+4]
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov fs, eax
	mov gs, eax
	mov eax, 1
	jmp guard_out
.end:

; Where a task goes on whose guard ended it: ESP and the segments come from its TSS.
global trap_guard_task
trap_guard_task:
	mov eax, 1
	jmp guard_out

; The double-fault task starts here, on its own stack, with the error code pushed.
global trap_double_fault_entry:function (trap_double_fault_entry.end - trap_double_fault_entry)
trap_double_fault_entry:
	cld
	call trap_double_fault
	add esp, 4			; the error code
	iretd				; back to a task that goes on in its guard
	jmp trap_double_fault_entry	; the next one starts here
.end:

; The NMI task, likewise; no error code.
global trap_nmi_entry:function (trap_nmi_entry.end - trap_nmi_entry)
trap_nmi_entry:
	cld
	call trap_nmi
	iretd
	jmp trap_nmi_entry
.end:

section .rodata
align 4
global trap_stubs:data (trap_stubs.end - trap_stubs)
trap_stubs:
%macro STUB_ADDRESS 1
	dd stub_%1
%endmacro
%assign v 0
%rep 256
	STUB_ADDRESS v
%assign v v+1
%endrep
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
