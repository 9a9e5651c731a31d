; SPDX-License-Identifier: GPL-2.0-only
; POST tries what KVM announces, while post_platform.asm catches faults.
%ifndef NO_BACKENDS
%include "post_platform.inc"

extern try_clock, read_page, store, hypercall_opcode

VMCALL_OPCODE	equ 0xC1		; its last byte
VMMCALL_OPCODE	equ 0xD9
NOBODY		equ 254			; an APIC id; 255 means all
WALL_NEAR	equ 2 * 86400 * NS_PER_SECOND >> 32 ; of the RTC, which may show local time

; Tries each thing that KVM announces.
; in     EBX -> vmi_state
; out    .works, .served and what belongs to them; post_frame.backends
; clobbers EAX, ECX, EDX, ESI, EDI
global try_kvm
try_kvm:
	mov eax, [bp + post_frame.kvm_leaf]
	inc eax				; KVM_FEATURES
	push ebx
	cpuid
	pop ebx
	mov esi, eax

	bt esi, KVM_HAS_CLOCK
	jnc .steal
	mov eax, vmi_state.kvm_clock
	mov ecx, MSR_KVM_CLOCK
	call share
	jc .steal
	call try_clock
	jc .no_clock
	bt esi, KVM_HAS_STABLE		; one clock for all processors, or none
	mov al, VMI_BACKEND_WHY_UNSTABLE
	jnc .no_clock
	mov edx, 1 << SERVED_CLOCK
	call it_works
	call try_wall
	jmp short .steal
.no_clock:
	mov [WHY_KVM], al
	mov ecx, MSR_KVM_CLOCK
	call withdraw

.steal:
	mov edi, [state(own_alarms)]
	test edi, edi
	jz .done			; an APIC id that there is no room for
	bt esi, KVM_HAS_STEAL
	jnc .eoi
	lea eax, [edi + STEAL_OF_ALARMS]
	mov ecx, MSR_KVM_STEAL
	call share
	jc .eoi
	call try_account
	mov edx, 1 << SERVED_STEAL
	jnc .account_works
	mov byte [WHY_KVM], VMI_BACKEND_WHY_UNSTABLE
	mov ecx, MSR_KVM_STEAL
	call withdraw
	jmp short .eoi
.account_works:
	call it_works

.eoi:
	bt esi, KVM_HAS_EOI
	jnc .kick
	bt dword [state(served)], SERVED_ALONE
	jnc .kick			; to know whose interrupt ends would cost an exit
	mov eax, vmi_state.kvm_eoi
	mov ecx, MSR_KVM_EOI
	call share
	jc .kick
	mov edx, 1 << SERVED_EOI
	call it_works

.kick:
	bt esi, KVM_HAS_UNHALT
	jnc .done
	call try_kick
.done:
	test dword [state(works)], SERVED_KVM
	jz .nothing
	or byte [bp + post_frame.backends], VMI_BACKEND_KVM
	ret
.nothing:
	cmp byte [WHY_KVM], VMI_BACKEND_WHY_OK
	jne .said
	mov byte [WHY_KVM], VMI_BACKEND_WHY_FEATURES
.said:
	ret

; in     EDX SERVED bits
global it_works
it_works:
	or [state(works)], edx
	or [state(served)], edx
	ret

; Registers a part of vmi_state.
; in     EAX its offset, ECX MSR
; out    CF set: that faulted, and WHY_KVM says so
; clobbers EAX, EDX
share:
	lea eax, [eax + ebx + KVM_ENABLE]
	xor edx, edx			; CF is clear
	wrmsr
	jnc .done
	mov byte [WHY_KVM], VMI_BACKEND_WHY_FAULT
.done:
	ret

; in     ECX MSR
; clobbers EAX, EDX
global withdraw
withdraw:
	xor eax, eax
	xor edx, edx
	wrmsr
	ret

; Is the account filled, does it say that this processor runs, and does it go forward? It began with 0.
; in     EDI .own_alarms
; out    CF set: no
; clobbers EAX, ECX, EDX
try_account:
	call check_account
	jc .done
	push eax
	xor eax, eax
	push ebx
	cpuid				; an exit
	pop ebx
	pop edx
	call check_account
	jc .done
	cmp eax, edx
.done:
	ret

; out    CF set: it was never filled, is written all the time, or what it says cannot be; EAX ns
; clobbers ECX
%define account(name) fs:ebx + edi + STEAL_OF_ALARMS + kvm_steal. %+ name
check_account:
	mov ecx, READINGS
.again:
	mov eax, [account(version)]
	test eax, eax
	jz .next
	test al, 1
	jz .filled
.next:
	pause
	dec ecx
	jnz .again
.bad:
	stc
	ret
.filled:
	test byte [account(preempted)], 1
	jnz .bad
	mov eax, [account(ns)]
	cmp dword [account(ns) + 4], 0	; some seconds at most
	jne .bad
	ret

; Wall-clock time where the clock began, which the RTC must bear out.
; out    SERVED_WALL and .clock_wall_ns, or WHY_KVM
; clobbers EAX, ECX, EDX, EDI
try_wall:
	lea eax, [ebx + vmi_state.kvm_wall]
	mov ecx, MSR_KVM_WALL
	xor edx, edx			; CF is clear
	wrmsr
	mov al, VMI_BACKEND_WHY_FAULT
	jc .why
	mov eax, [state(kvm_wall) + kvm_wall.version]
	test eax, eax
	jz .unstable
	test al, 1
	jnz .unstable
	mov ecx, NS_PER_SECOND
	cmp [state(kvm_wall) + kvm_wall.ns], ecx
	jae .unstable
	mov eax, [state(kvm_wall) + kvm_wall.seconds]
	test eax, eax
	jz .unstable
	mul ecx
	add eax, [state(kvm_wall) + kvm_wall.ns]
	adc edx, 0
	mov [state(clock_wall_ns)], eax
	mov [state(clock_wall_ns) + 4], edx
	call read_page
	add eax, [state(clock_wall_ns)]
	adc edx, [state(clock_wall_ns) + 4]
	mov eax, [noted(wallclock_ns) + 4]
	test eax, eax
	jz .believed			; the RTC shows no date
	sub edx, eax
	add edx, WALL_NEAR
	cmp edx, 2 * WALL_NEAR
	jae .unstable
.believed:
	mov edx, 1 << SERVED_WALL
	jmp it_works
.unstable:
	mov al, VMI_BACKEND_WHY_UNSTABLE
.why:
	mov [WHY_KVM], al
	ret

; Kicks a processor that there hardly is: a kick of this one would end its next HLT at once.
; out    SERVED_UNHALT, with the processor's instruction in the image; or WHY_KVM
; clobbers EAX, ECX, EDX, EDI
try_kick:
	push ebx
	xor eax, eax
	cpuid				; the vendor's name
	mov edi, ecx
	mov ecx, NOBODY
	xor ebx, ebx
	mov eax, KVM_CALL_KICK
	cmp edi, 'cAMD'			; AuthenticAMD
	je .amd
	cmp edi, 'uine'			; HygonGenuine
	je .amd
	mov dl, VMCALL_OPCODE
	clc
	vmcall
	jmp short .called
.amd:
	mov dl, VMMCALL_OPCODE
	vmmcall				; CF is clear
.called:
	pop ebx
	mov cl, VMI_BACKEND_WHY_FAULT
	jc .why
	mov cl, VMI_BACKEND_WHY_CALL
	test eax, eax
	jnz .why
	push bx
	mov al, dl
	mov bx, hypercall_opcode
	call store
	pop bx
	mov edx, 1 << SERVED_UNHALT
	jmp it_works
.why:
	mov [WHY_KVM], cl
	ret
%endif
