; SPDX-License-Identifier: GPL-2.0-only
; Trap entry for all 256 vectors, and the guard that survives a trap.
;
; While the kernel runs, GS is based at its struct cpu, in the upper half; user mode's base
; waits in MSR_KERNEL_GS_BASE, and no way is open to user mode to have a base in the upper
; half. Between entry and SWAPGS, and between SWAPGS and IRET, the kernel runs with user
; mode's base: what may come there (NMI, #MC, #DF, and faults of IRET itself) looks at the
; base, not at the interrupted CS.
%include "frame.inc"
%include "layout.inc"
%include "sites.inc"
bits 64
section .text
extern trap_handler

MSR_GS_BASE equ 0xC0000101
REGS_CS equ 18*8			; struct regs
FLAG_AC equ 1 << 18

; One stub per vector; vectors without an error code get a 0 in its place.
%macro STUB 1
stub_%1:
%if %1 = 8 || (%1 >= 10 && %1 <= 14) || %1 = 17 || %1 = 21 || %1 = 29 || %1 = 30
%else
	push qword 0
%endif
	push qword %1
%if %1 < 32
	jmp trap_exception
%else
	jmp trap_interrupt
%endif
%endmacro
%assign v 0
%rep 256
	STUB v
%assign v v+1
%endrep

; User mode may have left AC on, which would let the kernel touch its pages.
%macro CLEAR_AC 0
	pushfq
	and dword [rsp], ~FLAG_AC
	popfq
%endmacro

; Interrupts: IF was on, so GS is what CS says.
trap_interrupt:
	SAVE_REGS
	test byte [rsp + REGS_CS], 3
	jz .kernel
	SITE_SWAPGS
	CLEAR_AC
	mov rdi, rsp
	call trap_handler
	jmp trap_return
.kernel:
	mov rdi, rsp
	call trap_handler
	RESTORE_REGS
	add rsp, 16
	SITE_IRET

; Exceptions may come at any place.
trap_exception:
	SAVE_REGS
	test byte [rsp + REGS_CS], 3
	jz .kernel
	swapgs
	CLEAR_AC
	mov rdi, rsp
	call trap_handler
	jmp trap_return
.kernel:
	mov ecx, MSR_GS_BASE
	rdmsr
	xor ebx, ebx
	test edx, edx
	js .based
	swapgs
	inc ebx				; to be undone
.based:	mov rdi, rsp
	call trap_handler
	test ebx, ebx
	jz .leave
	swapgs
.leave:	RESTORE_REGS
	add rsp, 16
	SITE_IRET

; RSP -> struct regs of user mode: back to where it says, through the iret slot.
global trap_return
trap_return:
	cli
	RESTORE_REGS
	add rsp, 16			; vector and error code
	SITE_SWAPGS
global trap_iret
trap_iret:
	SITE_IRET

; int trap_guard_call(void (*run)(void *), void *argument, uintptr_t *stack)
; Calls run(argument). 0 if it returned, 1 if trap_guard_resume() ended it.
; The stack is noted in *stack; callee-saved registers and flags come back either way.
global trap_guard_call:function (trap_guard_resume - trap_guard_call)
trap_guard_call:
	SAVE_CALLEE
	pushfq
	mov [rdx], rsp
	mov rax, rdi
	mov rdi, rsi
	call rax
	xor eax, eax
guard_out:
	popfq
	RESTORE_CALLEE
	ret

; noreturn void trap_guard_resume(uintptr_t stack)
global trap_guard_resume:function (trap_guard_resume.end - trap_guard_resume)
trap_guard_resume:
	mov rsp, rdi
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov ss, eax
	mov eax, 1
	jmp guard_out
.end:

; Where the code goes on that an NMI or a double fault ended: RSP comes from its frame, and
; GS is what it was there.
global trap_guard_task
trap_guard_task:
	mov ecx, MSR_GS_BASE
	rdmsr
	test edx, edx
	js .based
	swapgs
.based:	mov rdi, rsp
	jmp trap_guard_resume

section .rodata
align 8
global trap_stubs:data (trap_stubs.end - trap_stubs)
trap_stubs:
%macro STUB_ADDRESS 1
	dq stub_%1
%endmacro
%assign v 0
%rep 256
	STUB_ADDRESS v
%assign v v+1
%endrep
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
