; SPDX-License-Identifier: GPL-2.0-only
; Which calls a hypervisor serves. POST tried what the platform announces (post_platform.asm), noted what
; works and left it registered. GetRelocationInfo answers with a backend's entry for a call whose
; bit is set in vmi_state.served, else with the native one: a call costs nothing for the choice.
%include "neutral/neutral.inc"

%macro entries 1-*
	%rep %0
		extern %1, %{1}64
		%rotate 1
	%endrep
%endmacro
	entries vmi_kvm_cycle_frequency, vmi_kvm_cycle_counter, vmi_kvm_set_alarm, vmi_kvm_wallclock_time
	entries vmi_kvm_apic_write, vmi_kvm_get_vcpu_state, vmi_kvm_vcpu_wait
	entries vmi_kvm_kick_amd, vmi_kvm_kick_intel

section .text
bits WIDTH

struc backend_row
.call:		resb 1
.served:	resb 1			; SERVED bit
.entry:		resw 1
.entry64:	resw 1
endstruc
%macro row 3
	db %1, %2
	dw %3, %{3}64
%endmacro
; The first row of a call that fits counts.
backend_rows:
	row VMI_CALL_GetCycleFrequency, SERVED_CLOCK, vmi_kvm_cycle_frequency
	row VMI_CALL_GetCycleCounter, SERVED_CLOCK, vmi_kvm_cycle_counter
	row VMI_CALL_SetAlarm, SERVED_CLOCK, vmi_kvm_set_alarm
	row VMI_CALL_GetWallclockTime, SERVED_WALL, vmi_kvm_wallclock_time
	row VMI_CALL_APICWrite, SERVED_EOI, vmi_kvm_apic_write
	row VMI_CALL_GetVcpuState, SERVED_STEAL, vmi_kvm_get_vcpu_state
	row VMI_CALL_VcpuWait, SERVED_UNHALT, vmi_kvm_vcpu_wait
	row VMI_CALL_VcpuKick, SERVED_KICK_AMD, vmi_kvm_kick_amd
	row VMI_CALL_VcpuKick, SERVED_KICK_INTEL, vmi_kvm_kick_intel
ROWS		equ ($ - backend_rows) / backend_row_size

; Is the call served by a backend?
; in     EAX call number, EBX -> vmi_state
; out    CF set: EDX = its entry's offset, and in 64 bit in the high half; CF clear: it is not, or
;        the guest does not know of backends
; clobbers ECX, EDI
global served_row:function (served_row.end - served_row)
served_row:
	bt dword [xbx + vmi_state.served], SERVED_TOLD
	jnc served_none
; The same, whether it knows or not.
global any_served_row:function (any_served_row.end - any_served_row)
any_served_row:
	call .here
.here:
	pop xdi
	mov ecx, ROWS * backend_row_size
.next:
	sub ecx, backend_row_size
	jb .none
	cmp [cs:xdi + xcx + backend_rows - .here], al
	jne .next
	movzx edx, byte [cs:xdi + xcx + backend_rows + backend_row.served - .here]
	bt [xbx + vmi_state.served], edx
	jnc .next
	mov edx, [cs:xdi + xcx + backend_rows + backend_row.entry - .here]
	ret
.none:
served_none:
	clc
	ret
served_row.end:
any_served_row.end:

; VMI_Init's part: everything that works may be used again, and the guest knows of nothing yet.
; in     EBX -> vmi_state
; clobbers EAX, ECX, EDX
global init_backends:function (init_backends.end - init_backends)
init_backends:
	btr dword [xbx + vmi_state.served], SERVED_TOLD
	or eax, -1
	jmp register_backends
.end:

; Uses, of what works, what is allowed: registers with KVM what it is to write to, on this processor,
; and withdraws what it is not. A register that is as it should be is not written again.
; in     EBX -> vmi_state, EAX SERVED bits that are allowed
; clobbers EAX, ECX, EDX
register_backends:
	push xsi
	and eax, [xbx + vmi_state.works]
	mov esi, eax
	mov edx, SERVED_CLOCK
	mov eax, vmi_state.kvm_clock
	mov ecx, MSR_KVM_CLOCK
	call .one
	mov edx, SERVED_STEAL
	mov eax, [xbx + vmi_state.own_alarms]
	add eax, STEAL_OF_ALARMS
	mov cl, MSR_KVM_STEAL & 0xFF
	call .one
	mov edx, SERVED_EOI
	mov eax, vmi_state.kvm_eoi
	mov cl, MSR_KVM_EOI & 0xFF
	call .one
	and dword [xbx + vmi_state.served], ~SERVED_ROWS
	or [xbx + vmi_state.served], esi
	pop xsi
	ret
.one:
	bt esi, edx
	jc .wanted
	bt [xbx + vmi_state.served], edx
	jnc .as_it_was
	xor eax, eax
	jmp short .write
.wanted:				; whatever a kernel before this one, or a sleep, has left there
	add eax, [xbx + vmi_state.at]
	or al, KVM_ENABLE
	push xdx
	push xax
	rdmsr
	mov edx, eax
	pop xax
	cmp eax, edx
	pop xdx
	je .as_it_was
.write:
	xor edx, edx
	wrmsr
.as_it_was:
	ret

; Withdraws what this processor announced, and leaves alone what is the guest's own. With what POST
; registered on its processor, nobody is served any more; another processor's account ends alone.
; in     EBX -> vmi_state
; clobbers EAX, ECX, EDX
global leave_backends:function (leave_backends.end - leave_backends)
leave_backends:
	push xsi
	xor esi, esi
	mov edx, SERVED_CLOCK
	mov ecx, MSR_KVM_CLOCK
	call .one
	mov edx, SERVED_EOI
	mov cl, MSR_KVM_EOI & 0xFF
	call .one
	mov edx, SERVED_STEAL
	mov cl, MSR_KVM_STEAL & 0xFF
	call .one
	test byte [xbx + vmi_state.works], 1 << SERVED_CLOCK | 1 << SERVED_EOI | 1 << SERVED_STEAL
	jz .all				; there is nothing by which to tell
	test esi, esi
	jz .some
.all:
	and dword [xbx + vmi_state.served], ~SERVED_ROWS
.some:
	pop xsi
	ret
.one:
	bt [xbx + vmi_state.works], edx
	jnc .not_ours
	rdmsr
	test edx, edx
	jnz .not_ours
	sub eax, [xbx + vmi_state.at]
	cmp eax, vmi_state_size
	jae .not_ours
	cmp cl, MSR_KVM_STEAL & 0xFF
	jne .first
	and al, -kvm_steal_size & 0xFF
	sub eax, STEAL_OF_ALARMS
	cmp eax, [xbx + vmi_state.own_alarms]
	jne .withdraw
.first:
	or esi, 1
.withdraw:
	xor eax, eax
	xor edx, edx
	wrmsr
.not_ours:
	ret
.end:

; 94 SetBackends, as in backends/entries.asm.
; in     EAX VMI_BACKEND bits, EBX -> vmi_state
; out    EAX
; clobbers ECX, EDX
global set_backends:function (set_backends.end - set_backends)
set_backends:
	push xax
	and eax, VMI_BACKEND_KVM
	neg eax				; all bits or none
	call register_backends
	bts dword [xbx + vmi_state.served], SERVED_TOLD
	pop xcx
	mov eax, [xbx + vmi_state.backends]
	not ecx
	and ecx, eax			; used so far, and forbidden
	test cl, VMI_BACKEND_KVM
	jz .kvm_said
	and al, ~VMI_BACKEND_KVM
	mov ah, VMI_BACKEND_WHY_FORBIDDEN
.kvm_said:
	test cl, VMI_BACKEND_VMWARE	; POST alone has asked it
	jz .done
	and eax, 0x00FFFFFF & ~VMI_BACKEND_VMWARE
	or eax, VMI_BACKEND_WHY_FORBIDDEN << 24
.done:
	ret
.end:
