; SPDX-License-Identifier: GPL-2.0-only
; Ways in and out of user mode, all through the slots that do not come back.
%include "layout.inc"
bits 32
section .text
extern pv_cpu_ops, slot_entry, sysenter_note

; What stands in a slot that the ROM answered with CALL_REL: the call leaves a return
; address above the frame, which the ROM's entry has to drop.
global wrap_iret:function (wrap_iret.end - wrap_iret)
wrap_iret:
	call [cs:slot_entry + ENTRY_IRET]
	ud2
.end:
global wrap_irq_enable_sysexit:function (wrap_irq_enable_sysexit.end - wrap_irq_enable_sysexit)
wrap_irq_enable_sysexit:
	call [cs:slot_entry + ENTRY_SYSEXIT]
	ud2
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
	mov esi, [esp+4]
	sub esp, 4*USER_CONTEXT_DWORDS
	mov edi, esp
	mov ecx, USER_CONTEXT_DWORDS
	cld
	rep movsd
	mov eax, SEL_USER_DATA
	mov ds, eax
	mov es, eax
	mov fs, eax
	mov gs, eax
	popad
	jmp [cs:pv_cpu_ops + PV_CPU_IRET]
.end:

; void iret_ring0(struct probe *state)
; IRET to the next instruction in ring 0, with every register seeded from state->in and
; EFLAGS from state->eflags; what arrives is stored in state->out and state->eflags,
; and what ESP should be in state->esp.
global iret_ring0:function (iret_ring0.end - iret_ring0)
iret_ring0:
	mov eax, [esp+4]
	pushad
	pushfd
	mov [flow_state], eax
	mov [flow_esp], esp
	mov [eax + PROBE_ESP], esp
	push dword [eax + PROBE_EFLAGS]
	push cs
	push dword .back
	mov ecx, [eax + PROBE_IN + 4*1]
	mov edx, [eax + PROBE_IN + 4*2]
	mov ebx, [eax + PROBE_IN + 4*3]
	mov ebp, [eax + PROBE_IN + 4*5]
	mov esi, [eax + PROBE_IN + 4*6]
	mov edi, [eax + PROBE_IN + 4*7]
	mov eax, [eax + PROBE_IN + 4*0]
	jmp [cs:pv_cpu_ops + PV_CPU_IRET]
.back:	mov [flow_eax], eax
	mov eax, [flow_state]
	mov [eax + PROBE_OUT + 4*1], ecx
	mov [eax + PROBE_OUT + 4*2], edx
	mov [eax + PROBE_OUT + 4*3], ebx
	mov [eax + PROBE_OUT + 4*4], esp
	mov [eax + PROBE_OUT + 4*5], ebp
	mov [eax + PROBE_OUT + 4*6], esi
	mov [eax + PROBE_OUT + 4*7], edi
	mov ecx, [flow_eax]
	mov [eax + PROBE_OUT + 4*0], ecx
	mov esp, [flow_esp]
	pushfd
	pop dword [eax + PROBE_EFLAGS]
	popfd
	popad
	ret
.end:

; Where SYSENTER leads. User mode put its return address in EDX and its stack in ECX.
; An entry that returns instead of leaving faults at `.lost`, where the guard sees it.
global sysenter_entry:function (sysenter_entry.end - sysenter_entry)
sysenter_entry:
	push eax
	push ecx
	push edx
	pushfd
	call sysenter_note
	add esp, 4
	pop edx
	pop ecx
	pop eax
	push dword .lost
	jmp [cs:pv_cpu_ops + PV_CPU_SYSEXIT]
.lost:	ud2
.end:

; Programs for user mode. Each ends with INT VECTOR_USER, where the guard looks at the
; registers.
global user_return:function (user_return.end - user_return)
user_return:				; nothing but the way back
	int VECTOR_USER
	jmp user_return
.end:
global user_sysenter:function (user_sysenter.end - user_sysenter)
user_sysenter:				; out: EFLAGS after SYSEXIT on top of the stack
	mov ecx, esp
	mov edx, .after
	sysenter
	ud2
.after:	pushfd
	int VECTOR_USER
	jmp .after
.end:
global user_rdtsc:function (user_rdtsc.end - user_rdtsc)
user_rdtsc:
	rdtsc
	int VECTOR_USER
	jmp user_rdtsc
.end:
global user_in:function (user_in.end - user_in)
user_in:				; allowed only while EFLAGS.IOPL is 3
	in al, 0x80
	int VECTOR_USER
	jmp user_in
.end:

; void test_gate(void): a handler for a gate that a test writes; counts in test_gate_hits.
global test_gate:function (test_gate.end - test_gate)
test_gate:
	inc dword [ss:test_gate_hits]	; CS is not writable
	jmp [cs:pv_cpu_ops + PV_CPU_IRET]
.end:

section .bss
align 4
flow_state: resd 1
flow_esp: resd 1
flow_eax: resd 1
global test_gate_hits:data 4
test_gate_hits: resd 1
section .note.GNU-stack noalloc noexec nowrite progbits
