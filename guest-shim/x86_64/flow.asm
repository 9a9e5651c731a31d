; SPDX-License-Identifier: GPL-2.0-only
; Ways in and out of user mode, all through the slots that do not come back.
%include "frame.inc"
%include "layout.inc"
bits 64
default rel
section .text
extern pv_cpu_ops, slot_entry

; What stands in a slot that the ROM answered with CALL_REL: the call leaves a return
; address above the frame, which the ROM's entry has to drop.
global wrap_iret:function (wrap_iret.end - wrap_iret)
wrap_iret:
	call [slot_entry + ENTRY_IRET]
	ud2
.end:
; 4.0 lets no ROM answer these so.
global wrap_usergs_sysret64:function (wrap_usergs_sysret64.end - wrap_usergs_sysret64)
wrap_usergs_sysret64:
	jmp [slot_entry + ENTRY_SYSRET64]
.end:
global wrap_usergs_sysret32:function (wrap_usergs_sysret32.end - wrap_usergs_sysret32)
wrap_usergs_sysret32:
	jmp [slot_entry + ENTRY_SYSRET32]
.end:
; What stands for a call that the ROM calls empty.
global pv_nop:function (pv_nop.end - pv_nop)
pv_nop:
	ret
.end:

; noreturn void enter_user(const struct user_context *context)
; Loads all registers and returns to user mode through the iret slot.
global enter_user:function (enter_user.end - enter_user)
enter_user:
	mov rsi, rdi
	sub rsp, 8*USER_CONTEXT_WORDS
	mov rdi, rsp
	mov ecx, USER_CONTEXT_WORDS
	cld
	rep movsq
	cli
	RESTORE_REGS
	swapgs
	jmp [pv_cpu_ops + PV_CPU_IRET]
.end:

; void iret_ring0(struct probe *state)
; IRET to the next instruction in ring 0, with every register seeded from state->in and
; RFLAGS from state->flags; what arrives is stored in state->out and state->flags,
; and what RSP should be in state->sp.
global iret_ring0:function (iret_ring0.end - iret_ring0)
iret_ring0:
	SAVE_CALLEE
	pushfq
	mov [flow_state], rdi
	mov [flow_rsp], rsp
	mov [rdi + PROBE_RSP], rsp
	mov rax, rsp
	push qword SEL_KERNEL_DATA
	push rax
	push qword [rdi + PROBE_RFLAGS]
	push qword SEL_KERNEL_CODE
	lea rax, [.back]
	push rax
%macro IN 2
	mov %2, [rdi + PROBE_IN + 8*%1]
%endmacro
%macro OUT 2
	mov [rax + PROBE_OUT + 8*%1], %2
%endmacro
%macro MOST 1
	%1 1, rcx
	%1 2, rdx
	%1 3, rbx
	%1 5, rbp
	%1 6, rsi
	%1 8, r8
	%1 9, r9
	%1 10, r10
	%1 11, r11
	%1 12, r12
	%1 13, r13
	%1 14, r14
	%1 15, r15
%endmacro
	MOST IN
	IN 0, rax
	IN 7, rdi
	jmp [pv_cpu_ops + PV_CPU_IRET]
.back:	mov [flow_rax], rax
	mov rax, [flow_state]
	OUT 4, rsp
	OUT 7, rdi
	MOST OUT
	mov rcx, [flow_rax]
	OUT 0, rcx
	mov rsp, [flow_rsp]
	pushfq
	pop qword [rax + PROBE_RFLAGS]
	popfq
	RESTORE_CALLEE
	ret
.end:

; void test_gate(void): a handler for a gate that a test writes; counts in test_gate_hits.
global test_gate:function (test_gate.end - test_gate)
test_gate:
	inc dword [test_gate_hits]
	jmp [pv_cpu_ops + PV_CPU_IRET]
.end:

; Where SYSCALL leads in tests: as syscall_entry, it notes and leaves by SYSRET.
global syscall_entry:function (syscall_entry.end - syscall_entry)
syscall_entry:
	swapgs
	mov [gs:abs CPU_USER_SP], rsp
	mov [syscall_record + 8], rcx
	mov [syscall_record + 16], r11
	mov [syscall_record + 24], rsp
	inc qword [syscall_record]
	mov rsp, [gs:abs CPU_USER_SP]
	cmp byte [syscall_narrow], 0
	jne .narrow
	jmp [pv_cpu_ops + PV_CPU_SYSRET64]
.narrow:
	jmp [pv_cpu_ops + PV_CPU_SYSRET32]
.end:

; Programs for user mode. Each ends with INT VECTOR_USER, where the guard looks at the
; registers.
section .user_text progbits alloc exec nowrite align=16
global user_return:function (user_return.end - user_return)
user_return:				; nothing but the way back
	int VECTOR_USER
	jmp user_return
.end:
global user_syscall:function (user_syscall.end - user_syscall)
user_syscall:				; SYSCALL; then what it changed is in the registers
	syscall
	pushfq
	pop rax
	int VECTOR_USER
	jmp user_syscall
.end:
global user_rdtsc:function (user_rdtsc.end - user_rdtsc)
user_rdtsc:
	rdtsc
	int VECTOR_USER
	jmp user_rdtsc
.end:
global user_in:function (user_in.end - user_in)
user_in:				; allowed only while RFLAGS.IOPL is 3
	in al, 0x80
	int VECTOR_USER
	jmp user_in
.end:
bits 32
global user_narrow:function (user_narrow.end - user_narrow)
user_narrow:				; 32-bit code: `dec eax` would be a prefix in 64 bits
	mov eax, 0x80000000
	dec eax
	int VECTOR_USER
	jmp user_narrow
.end:

section .bss align=8
flow_state: resq 1
flow_rsp: resq 1
flow_rax: resq 1
global syscall_record:data 32
syscall_record: resq 4			; count, RCX, R11, RSP
global test_gate_hits:data 4
test_gate_hits: resd 1
global syscall_narrow:data 1
syscall_narrow: resb 1
section .note.GNU-stack noalloc noexec nowrite progbits
