; SPDX-License-Identifier: GPL-2.0-only
; The ways into the kernel and out of it. The ways out are patch sites.
%include "layout.inc"
%include "site.inc"
bits 32
extern trap, sysenter, sysenter_return

; Builds struct regs (vector and error code are there), kernel segments, EAX -> regs.
%macro SAVE_REGS 0
	cld
	push gs
	push fs
	push es
	push ds
	push eax
	push ebp
	push edi
	push esi
	push edx
	push ecx
	push ebx
	mov eax, SEL_USER_DATA
	mov ds, eax
	mov es, eax
	mov eax, SEL_PERCPU
	mov fs, eax
	mov eax, esp
%endmacro

section .text
; One stub per vector; vectors without an error code get a 0 in its place.
%macro STUB 1
stub_%1:
%if %1 = 8 || (%1 >= 10 && %1 <= 14) || %1 = 17 || %1 = 21
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

trap_common:
	SAVE_REGS
	call trap
; The registers of struct regs at ESP, then IRET.
return_from_trap:
	SITE_DISABLE
	pop ebx
	pop ecx
	pop edx
	pop esi
	pop edi
	pop ebp
	pop eax
	pop ds
	pop es
	pop fs
	pop gs
	add esp, 8
	SITE_JUMP VMI_CALL_IRET, pv_cpu_ops + PV_IRET

; Native IRET. A fault at native_iret_insn is fixed up: as if user mode had trapped.
global native_iret, native_iret_insn, native_iret_fixup
native_iret:
native_iret_insn:
	iretd
native_iret_fixup:
	push dword 0
	push dword VECTOR_BAD_IRET
	jmp trap_common

global native_sysexit
native_sysexit:
	sti
	sysexit

; SYSENTER: ESP -> this processor's TSS. User mode has its stack pointer in EBP.
global sysenter_entry
sysenter_entry:
	mov esp, [ss:esp + TSS_ESP0]
	SITE_ENABLE
	push dword SEL_USER_DATA
	push ebp
	pushfd
	push dword SEL_USER_CODE
	push dword [ss:sysenter_return]
	push dword 0
	push dword VECTOR_SYSENTER
	SAVE_REGS
	call sysenter			; EAX: 1 to leave by IRET
	test eax, eax
	jnz return_from_trap
	SITE_DISABLE
	mov ebx, [esp + REGS_EBX]
	mov esi, [esp + REGS_ESI]
	mov edi, [esp + REGS_EDI]
	mov eax, [esp + REGS_EAX]
	mov edx, [esp + REGS_EIP]
	mov ecx, [esp + REGS_ESP]
	xor ebp, ebp
	mov fs, [esp + REGS_FS]
	SITE_JUMP VMI_CALL_SYSEXIT, pv_cpu_ops + PV_SYSEXIT

; void user_enter(const struct regs *regs, uint32_t *kernel_esp): goes to user mode with
; the registers at `regs`, which lie at the top of the process's kernel stack. Comes back
; when user_leave() is called with what was stored in *kernel_esp.
global user_enter
user_enter:
	push ebp
	push ebx
	push esi
	push edi
	pushfd
	mov [edx], esp
	mov esp, eax
	jmp return_from_trap

; noreturn void user_leave(uint32_t kernel_esp)
global user_leave
user_leave:
	mov esp, eax
	mov eax, SEL_USER_DATA
	mov ds, eax
	mov es, eax
	mov eax, SEL_PERCPU
	mov fs, eax
	popfd				; NT of a process ends here
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret

section .rodata
align 4
global trap_stubs
trap_stubs:
%macro STUB_ADDRESS 1
	dd stub_%1
%endmacro
%assign v 0
%rep 256
	STUB_ADDRESS v
%assign v v+1
%endrep
section .note.GNU-stack noalloc noexec nowrite progbits
