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
	entries vmi_clock_frequency, vmi_clock_counter, vmi_clock_set_alarm, vmi_clock_wallclock_time
	entries vmi_shared_apic_write, vmi_kvm_get_vcpu_state, vmi_kvm_vcpu_wait, vmi_kvm_kick
	entries vmi_hv_set_alarm, vmi_hv_cancel_alarm
extern hv_stop_timers

section .text
bits WIDTH

struc backend_row
.call:		resb 1
.served:	resw 1			; SERVED bits, of which one is enough
.entry:		resw 1
.entry64:	resw 1
endstruc
%macro row 3
	db %1
	dw %2, %3, %{3}64
%endmacro
; The last row of a call that fits counts.
backend_rows:
	row VMI_CALL_GetCycleFrequency, SERVED_CLOCKS, vmi_clock_frequency
	row VMI_CALL_GetCycleCounter, SERVED_CLOCKS, vmi_clock_counter
	row VMI_CALL_GetWallclockTime, 1 << SERVED_WALL | 1 << SERVED_HV_CLOCK, vmi_clock_wallclock_time
	row VMI_CALL_SetAlarm, SERVED_CLOCKS, vmi_clock_set_alarm
	row VMI_CALL_SetAlarm, 1 << SERVED_HV_TIMER, vmi_hv_set_alarm
	row VMI_CALL_CancelAlarm, 1 << SERVED_HV_TIMER, vmi_hv_cancel_alarm
	row VMI_CALL_APICWrite, 1 << SERVED_EOI | 1 << SERVED_HV_APIC | 1 << SERVED_HV_TIMER, vmi_shared_apic_write
	row VMI_CALL_GetVcpuState, 1 << SERVED_STEAL, vmi_kvm_get_vcpu_state
	row VMI_CALL_VcpuWait, 1 << SERVED_UNHALT, vmi_kvm_vcpu_wait
	row VMI_CALL_VcpuKick, 1 << SERVED_UNHALT, vmi_kvm_kick
ROWS		equ ($ - backend_rows) / backend_row_size

; Is the call served by a backend?
; in     EAX call number, EBX -> vmi_state
; out    CF set: EDX = its entry's offset, and in 64 bit in the high half; ECX = VROM_BACKEND number;
;        CF clear: it is not, or the guest does not know of backends
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
	movzx edx, word [cs:xdi + xcx + backend_rows + backend_row.served - .here]
	and edx, [xbx + vmi_state.served]
	jz .next
	test dl, SERVED_KVM
	mov edx, [cs:xdi + xcx + backend_rows + backend_row.entry - .here]
	mov ecx, VROM_BACKEND_KVM
	jnz .found
	add ecx, VROM_BACKEND_HYPERV - VROM_BACKEND_KVM
.found:
	stc
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

; Uses, of what works, what is allowed: registers what a hypervisor is to write to, on this processor,
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
	mov edx, SERVED_HV_CLOCK
	mov eax, vmi_state.hv_page
	mov ecx, MSR_HV_TSC_PAGE
	call .one
	bt esi, SERVED_HV_CLOCK
	jc .clock
	btr esi, SERVED_HV_TIMER	; its counts are by that clock
.clock:
	mov eax, esi
	not eax
	and eax, [xbx + vmi_state.served] ; so far, and no longer
	bt eax, SERVED_HV_TIMER
	jnc .timers
	call hv_stop_timers
.timers:
	mov eax, [xbx + vmi_state.served]
	and eax, ~SERVED_ROWS
	or eax, esi
	mov [xbx + vmi_state.served], eax ; at once: others may look
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

; Withdraws what this processor announced, and leaves alone what is the guest's own. The processor that POST
; ran on withdraws what is one for all, too, and then nobody is served any more, but for the time.
; in     EBX -> vmi_state
; clobbers EAX, ECX, EDX
global leave_backends:function (leave_backends.end - leave_backends)
leave_backends:
	push xsi
	mov edx, SERVED_CLOCK
	mov ecx, MSR_KVM_CLOCK
	call .one
	mov edx, SERVED_EOI
	mov cl, MSR_KVM_EOI & 0xFF
	call .one
	mov edx, SERVED_STEAL
	mov cl, MSR_KVM_STEAL & 0xFF
	call .one
	bt dword [xbx + vmi_state.served], SERVED_HV_TIMER
	jnc .no_timers
	call hv_stop_timers
.no_timers:
	mov esi, [xbx + vmi_state.own_alarms]
	sub esi, vmi_state.cpus
	jb .last			; its id is too large to tell it by
	call initial_id
	shl eax, STEAL_SHIFT
	cmp eax, esi
	jne .done
.last:
	btr dword [xbx + vmi_state.works], SERVED_PERIODIC
	mov edx, SERVED_HV_CLOCK
	mov ecx, MSR_HV_TSC_PAGE
	call .one
	; Who reads the time by an entry of before goes on by the page, which is memory like any other now.
	and dword [xbx + vmi_state.served], ~(SERVED_ROWS & ~SERVED_CLOCKS)
.done:
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
	xor eax, eax
	wrmsr
.not_ours:
	ret
.end:

; out    EAX initial APIC id
; clobbers ECX, EDX
global initial_id
initial_id:
	push xbx
	mov eax, 1
	cpuid
	mov eax, ebx
	pop xbx
	shr eax, 24
	ret

; 94 SetBackends, as in backends/entries.asm.
; in     EAX VMI_BACKEND bits, EBX -> vmi_state
; out    EAX
; clobbers ECX, EDX
global set_backends:function (set_backends.end - set_backends)
set_backends:
	push xax
	xor edx, edx
	test al, VMI_BACKEND_KVM
	jz .no_kvm
	mov dl, SERVED_KVM
.no_kvm:
	test al, VMI_BACKEND_HYPERV
	jz .no_hyperv
	or edx, SERVED_HYPERV
.no_hyperv:
	mov eax, edx
	call register_backends
	bts dword [xbx + vmi_state.served], SERVED_TOLD
	pop xcx
	mov eax, [xbx + vmi_state.backends]
	not ecx
	and ecx, eax
	and ecx, VMI_BACKENDS		; used so far, and forbidden; VMware POST alone has asked
	xor eax, ecx
	mov edx, 3
.why:
	ror eax, 8
	shr ecx, 1
	jnc .next
	mov al, VMI_BACKEND_WHY_FORBIDDEN
.next:
	sub edx, 1
	jnz .why
	ror eax, 8
	ret
.end:
