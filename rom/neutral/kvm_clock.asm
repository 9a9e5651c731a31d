; SPDX-License-Identifier: GPL-2.0-only
; KVM's shared clock as the cycle counter. A guest takes the frequency of the cycle counter for
; that of the TSC, so the clock's nanoseconds are turned into ticks of the TSC's frequency at POST,
; wherever the machine moves to. Only a clock that is one for all processors is used.
; spec/vmi.abi has the contract of each call; calls/clock.asm the native half.
%include "neutral/neutral.inc"

extern scale

section .text
bits WIDTH

; Readings that may meet a page while it is written, before the last one counts. An account is written
; while its processor does not run. A page that was not seen whole is marked where KVM leaves room: the
; next reading is not waited for so long.
TRIES		equ 1 << 16
ACCOUNT_TRIES	equ 1 << 4
%define GIVEN_UP byte [xbx + vmi_state.kvm_clock + kvm_clock.pad]

; in     EBX -> vmi_state
; out    EDX:EAX nanoseconds
; clobbers ECX, EDI, EBP
kvm_ns:
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
	push xbx
	mov eax, 1
	cpuid
	mov esi, ebx
	pop xbx
	shr esi, 24			; initial APIC id
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

; in     EAX counter: 0 real, 1 available, 2 stolen; any other reads 0. EBX -> vmi_state
; out    EDX:EAX cycles
; clobbers ECX
global kvm_counter:function (kvm_counter.end - kvm_counter)
kvm_counter:
	cmp eax, 2
	ja .nothing
	push xsi
	push xdi
	push xbp
	movzx eax, al
	push xax
.again:
	mov esi, vmi_state.no_steal
	xor eax, eax
	xor edx, edx
	cmp byte [xsp], 0		; of real time nothing is stolen: no exit to ask
	je .stolen
	call stolen
.stolen:
	test byte [xsp], 2
	jnz .counted
	push xsi
	push xdx
	push xax
	call kvm_ns
	pop xcx
	pop xdi
	pop xsi
	cmp ecx, [xbx + xsi + kvm_steal.ns] ; stolen meanwhile: the two are not of one time
	je .of_one_time
	add byte [xsp + 1], 1
	jnc .again
.of_one_time:
	test byte [xsp], 1
	jz .counted
	sub eax, ecx
	sbb edx, edi
.counted:
	mov ecx, [xbx + vmi_state.ticks_per_ns]
	mov edi, [xbx + vmi_state.ticks_per_ns + 4]
	call scale
	pop xcx
	pop xbp
	pop xdi
	pop xsi
	ret
.nothing:
	xor eax, eax
	xor edx, edx
	ret
.end:

; in     EBX -> vmi_state
; out    EDX:EAX the frequency of these cycles in Hz
; clobbers nothing
global kvm_frequency:function (kvm_frequency.end - kvm_frequency)
kvm_frequency:
	mov eax, [xbx + vmi_state.clock_hz]
	mov edx, [xbx + vmi_state.clock_hz + 4]
	ret
.end:

; in     EBX -> vmi_state
; out    EDX:EAX nanoseconds since 1970, UTC
; clobbers ECX
global kvm_wallclock:function (kvm_wallclock.end - kvm_wallclock)
kvm_wallclock:
	push xdi
	push xbp
	call kvm_ns
	add eax, [xbx + vmi_state.clock_wall_ns]
	adc edx, [xbx + vmi_state.clock_wall_ns + 4]
	pop xbp
	pop xdi
	ret
.end:
