; SPDX-License-Identifier: GPL-2.0-only
; One entry for everything that interrupts: no number comes with it. event.c finds out what came.
; The guard that survives a trap is that of the ordinary kernel, with CR2 armed again.
%include "frame.inc"
%include "layout.inc"
%include "sites.inc"
bits 32
section .text
extern event_identify, trap_handler, event_arm, main_tss

TSS_ESP0   equ 4
USER_FRAME equ 5			; dwords that the processor pushes
V86_FRAME  equ 9
VM         equ 0x20000			; in EFLAGS

; Is there an error code? A frame from user mode begins where the TSS says, so its size tells. One of
; the kernel's own has CS where another has EIP, and no kernel code lies below 64 KiB.
trap_entry:
	push eax
	mov eax, [ss:main_tss + TSS_ESP0]
	sub eax, esp
	cmp eax, 4*(1+USER_FRAME)
	je .none
	cmp eax, 4*(2+USER_FRAME)
	je .error
	cmp eax, 4*(1+V86_FRAME)
	jne .v86_error
	test dword [esp+12], VM
	jnz .none
.v86_error:
	cmp eax, 4*(2+V86_FRAME)
	jne .kernel
	test dword [esp+16], VM
	jnz .error
.kernel:
	cmp dword [esp+8], 0xffff
	ja .error
.none:	pop eax
	push dword 0			; no error code
	push dword 0
	jmp short trap_save
.error:	pop eax
	push dword 1
trap_save:
	SAVE_REGS
	push esp
	call event_identify		; puts the number in, as the vectors did
	call trap_handler
	add esp, 4
	call event_arm
; ESP -> struct regs: back to where it says, through the iret slot.
global trap_return
trap_return:
	pop gs
	pop fs
	pop es
	pop ds
	popad
	add esp, 8			; number and error code
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
	call event_arm			; the last page fault has been looked at
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

; There are no tasks of NMIs and double faults; their TSSs are never entered.
global trap_guard_task, trap_double_fault_entry, trap_nmi_entry
trap_guard_task:
trap_double_fault_entry:
trap_nmi_entry:
	ud2

; Where the exception table leads: the kernel's own jump, which knows what it is.
trap_signal:
	push dword 0
	push dword VECTOR_SIGNAL
	jmp trap_save

section .rodata
align 4
global trap_stubs:data (trap_stubs.end - trap_stubs)
trap_stubs:
	times VECTOR_SIGNAL dd trap_entry
	dd trap_signal			; never a gate
	times 255-VECTOR_SIGNAL dd trap_entry
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
