; SPDX-License-Identifier: GPL-2.0-only
; KVM's shared clock, of which only one that is one for all processors is used, and its accounts of
; stolen time.
%include "neutral/neutral.inc"

extern hv_ns, initial_id

section .text
bits WIDTH

; Readings that may meet a page while it is written, before the last one counts. An account is written
; while its processor does not run. A page that was not seen whole is marked where KVM leaves room: the
; next reading is not waited for so long.
TRIES		equ 1 << 16
ACCOUNT_TRIES	equ 1 << 4
%define GIVEN_UP byte [xbx + vmi_state.kvm_clock + kvm_clock.pad]

; Nanoseconds by the clock that is served: KVM's, else Hyper-V's; by what there is where none is any more.
; in     EBX -> vmi_state
; out    EDX:EAX
; clobbers ECX, ESI, EDI, EBP
global clock_ns
clock_ns:
	bt dword [xbx + vmi_state.served], SERVED_CLOCK
	jc .kvm
	bt dword [xbx + vmi_state.works], SERVED_HV_CLOCK
	jc hv_ns
.kvm:
	mov edi, TRIES
	cmp GIVEN_UP, 0
	je .again
	mov GIVEN_UP, 0
	mov edi, 1
	jmp short .again
.torn:
	pause
	sub edi, 1
	jz .give_up
.again:
	mov ebp, [xbx + vmi_state.kvm_clock + kvm_clock.version]
	lfence				; nothing is read before the version
	rdtsc
	sub eax, [xbx + vmi_state.kvm_clock + kvm_clock.tsc]
	sbb edx, [xbx + vmi_state.kvm_clock + kvm_clock.tsc + 4]
	mov cl, [xbx + vmi_state.kvm_clock + kvm_clock.shift]
	test cl, cl
	js .right
	shld edx, eax, cl
	shl eax, cl
	jmp short .shifted
.right:
	neg cl
	shrd eax, edx, cl
	shr edx, cl
.shifted:
	push xdx
	mul dword [xbx + vmi_state.kvm_clock + kvm_clock.mul]
	pop xax
	push xdx
	mul dword [xbx + vmi_state.kvm_clock + kvm_clock.mul]
	pop xcx
	add eax, ecx
	adc edx, 0
	add eax, [xbx + vmi_state.kvm_clock + kvm_clock.ns]
	adc edx, [xbx + vmi_state.kvm_clock + kvm_clock.ns + 4]
	cmp ebp, [xbx + vmi_state.kvm_clock + kvm_clock.version]
	jne .torn
	test ebp, 1
	jnz .torn
	ret
.give_up:
	mov GIVEN_UP, 1
	ret

; What this processor was kept from running: 0 for ever where nobody tells. Which processor it is
; says the MSR that each has for itself, unless there is one alone: a read of it is an exit. Each
; processor announces its account the first time.
; in     EBX -> vmi_state
; out    EDX:EAX nanoseconds, ESI offset of its account in vmi_state, or of one that stays 0
; clobbers ECX, EDI
global stolen
stolen:
	bt dword [xbx + vmi_state.served], SERVED_STEAL
	jnc .none
	mov esi, [xbx + vmi_state.own_alarms]
	add esi, STEAL_OF_ALARMS
	bt dword [xbx + vmi_state.served], SERVED_ALONE
	jc .account
	mov ecx, MSR_KVM_STEAL
	rdmsr
	test edx, edx
	jnz .none			; the guest's own
	and eax, -kvm_steal_size
	jz .announce
.announced:
	sub eax, [xbx + vmi_state.at]
	mov esi, eax
	sub eax, vmi_state.steal
	cmp eax, VMI_STATE_CPUS * kvm_steal_size
	jb .account
.none:					; nobody writes there, or where the guest itself said
	mov esi, vmi_state.no_steal
.account:
	mov edi, ACCOUNT_TRIES
.again:
	mov ecx, [xbx + xsi + kvm_steal.version]
	mov eax, [xbx + xsi + kvm_steal.ns]
	mov edx, [xbx + xsi + kvm_steal.ns + 4]
	sub edi, 1
	jz .done
	cmp ecx, [xbx + xsi + kvm_steal.version]
	jne .again
	test cl, 1
	jnz .again
.done:
	ret
.announce:
	call initial_id
	mov esi, eax
	cmp esi, VMI_STATE_CPUS
	jae .none
	shl esi, STEAL_SHIFT
	add esi, [xbx + vmi_state.at]
	add esi, vmi_state.steal
	mov eax, esi
	or al, KVM_ENABLE
	xor edx, edx
	mov ecx, MSR_KVM_STEAL
	wrmsr
	mov eax, esi
	jmp short .announced
