; SPDX-License-Identifier: GPL-2.0-only
; User programs: copied to USER_TEXT of a process, so they reach each other by relative
; jumps only. Each ends with SYS_EXIT: EXIT_PASS if what it saw was right.
%include "layout.inc"
bits 32
%macro program 1
global %1
%1:
%endmacro
%macro SYSTEM 1
	mov eax, %1
	int VECTOR_SYSCALL
%endmacro

section .rodata
align 4096
global user_text, user_text_end
user_text:
fail:	mov ebx, EXIT_FAIL
	SYSTEM SYS_EXIT
pass:	mov ebx, EXIT_PASS
	SYSTEM SYS_EXIT

; As the vsyscall page of Linux does it.
global vsyscall_return
vsyscall:
	push ecx
	push edx
	push ebp
	mov ebp, esp
	sysenter
vsyscall_return:
	pop ebp
	pop edx
	pop ecx
	ret

; 200 system calls; every register survives.
%macro MANY_CALLS 1+
	mov ebx, 0x1000
	mov ecx, 0x22222222
	mov edx, 0x33333333
	mov esi, 0x44444444
	mov edi, 0x55555555
	mov ebp, 0x66666666
%%again:
	mov eax, SYS_ADD1
	%1
	inc ebx
	cmp eax, ebx
	jne fail
	cmp ecx, 0x22222222
	jne fail
	cmp edx, 0x33333333
	jne fail
	cmp esi, 0x44444444
	jne fail
	cmp edi, 0x55555555
	jne fail
	cmp ebp, 0x66666666
	jne fail
	pushfd				; interrupts are on, whatever the way back
	pop eax
	test eax, 0x200
	jz fail
	cmp ebx, 0x1000 + 200
	jb %%again
	jmp pass
%endmacro
program user_int80
	MANY_CALLS int VECTOR_SYSCALL
program user_sysenter
	MANY_CALLS call vsyscall

; Memory that is there only when it is touched.
program user_touch
	mov edi, USER_DATA
	mov ecx, 40
.first:	cmp dword [edi], 0
	jne fail
	mov [edi], edi
	add edi, 4096
	loop .first
	mov edi, USER_DATA
	mov ecx, 40
.again:	cmp [edi], edi
	jne fail
	add edi, 4096
	loop .again
	jmp pass

; Parent and child share memory until one of them writes.
program user_fork
	mov dword [USER_DATA + 8], 10
.again:	mov dword [USER_DATA], 0x1111
	SYSTEM SYS_FORK
	test eax, eax
	jz .child
	mov dword [USER_DATA + 4], 0x3333
	mov ebx, eax
	SYSTEM SYS_WAIT
	cmp eax, EXIT_CHILD
	jne fail
	cmp dword [USER_DATA], 0x1111
	jne fail
	cmp dword [USER_DATA + 4], 0x3333
	jne fail
	mov dword [USER_DATA + 4], 0
	dec dword [USER_DATA + 8]
	jnz .again
	jmp pass
.child:	cmp dword [USER_DATA], 0x1111
	jne fail
	cmp dword [USER_DATA + 4], 0
	jne fail
	mov dword [USER_DATA], 0x2222
	SYSTEM SYS_YIELD
	cmp dword [USER_DATA], 0x2222
	jne fail
	cmp dword [USER_DATA + 4], 0
	jne fail
	mov ebx, EXIT_CHILD
	SYSTEM SYS_EXIT

; Computes for four ticks; the registers survive being interrupted.
program user_spin
	mov esi, [USER_CLOCK]
	mov ebx, 0
	mov ecx, 0x22222222
	mov edx, 0x33333333
.again:	inc dword [USER_DATA]
	inc ebx
	cmp ebx, [USER_DATA]
	jne fail
	cmp ecx, 0x22222222
	jne fail
	cmp edx, 0x33333333
	jne fail
	mov eax, [USER_CLOCK]
	sub eax, esi
	cmp eax, 4
	jb .again
	jmp pass

; Yields 50 times: another address space lies in between.
program user_yield
	mov edi, 50
	mov [USER_DATA], ebx
.again:	SYSTEM SYS_YIELD
	cmp [USER_DATA], ebx
	jne fail
	dec edi
	jnz .again
	jmp pass

program user_sleep
	mov edi, 3
.again:	mov esi, [USER_CLOCK]
	mov ebx, 2
	SYSTEM SYS_SLEEP
	mov eax, [USER_CLOCK]
	sub eax, esi
	cmp eax, 2
	jb fail
	dec edi
	jnz .again
	jmp pass

; Returns to CS, SS, EFLAGS, EIP, ESP of its registers' choice, here if that is good.
program user_sigreturn
	SYSTEM SYS_SIGRETURN
	jmp fail
program user_landed
	push dword 0x5a5a5a5a
	pop eax
	cmp eax, 0x5a5a5a5a
	jne fail
	jmp pass

; NT set, then into the kernel, which does not clear it by itself on this way.
%macro NESTED 1
	pushfd
	or dword [esp], 0x4000
	popfd
	mov ebx, 0x1000
	mov eax, %1
	call vsyscall
	cmp eax, 0x1001
	jne fail
	jmp pass
%endmacro
program user_nt_iret
	NESTED SYS_ADD1_IRET
program user_nt_sysexit
	NESTED SYS_ADD1

; Data segments that lead nowhere: interrupts and system calls must not need them.
program user_poison
	mov esi, [USER_CLOCK]
	mov eax, USER_POISON_SELECTOR
	mov ds, eax
	mov es, eax
.again:	mov ebx, 0x1000
	SYSTEM SYS_ADD1
	cmp eax, 0x1001
	jne fail
	mov eax, ds
	cmp eax, USER_POISON_SELECTOR
	jne fail
	mov eax, [ss:USER_CLOCK]
	sub eax, esi
	cmp eax, 2
	jb .again
	jmp pass

; What user mode must not do: ends by a fault.
program user_cli
	cli
	jmp fail
program user_peek			; EBX = the kernel's address
	mov eax, [ebx]
	jmp fail
program user_poke
	mov [ebx], eax
	jmp fail
program user_jump
	jmp ebx

; v8086 code at 0000:USER_V86_IP; HLT is a #GP there.
bits 16
program user_v86
	mov ax, 0x1234
	mov bx, sp
	hlt
global user_v86_end
user_v86_end:
global user_text_end
user_text_end:
section .note.GNU-stack noalloc noexec nowrite progbits
