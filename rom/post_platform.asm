; SPDX-License-Identifier: GPL-2.0-only
; POST's look at the platform: which hypervisor's interfaces are there. Nothing that they announce is
; believed before it was tried: registers are written with a handler for #GP in place. What works is
; noted in vmi_state.works and left registered, so that VMI_Init has nothing to try.
%include "post.inc"
%ifndef ONE_WIDTH
%include "backends/backends.inc"
section .post
bits 16

LEAVES		equ 0x40000000		; of the first hypervisor
LEAVES_STEP	equ 0x100
LEAVES_END	equ LEAVES + 0x10 * LEAVES_STEP
HYPERVISOR	equ 31			; bit of leaf 1 ECX
VECTOR_UD	equ 6 * 4
VECTOR_GP	equ 13 * 4
MSR_OPCODE_SIZE	equ 2
CALL_OPCODE_SIZE equ 3
NS_PER_SECOND	equ 1000000000
HZ_NEAR		equ 3			; a clock's frequency is the TSC's as measured, +- 1/8
HZ_END_HIGH	equ 0x100		; what could not be shifted so
WALL_NEAR	equ 2 * 86400 * 1000000000 >> 32 ; of the RTC, which may show local time
CLOCK_READINGS	equ 1000

%define WHY_KVM bp + post_frame.backends + 1
; Field of vmi_state.
%define state(name) fs:ebx + vmi_state. %+ name
; The clock page's.
%define clock(name) fs:ebx + vmi_state.kvm_clock + kvm_clock. %+ name

; Finds and tries hypervisors' interfaces.
; in     FS flat, DS = CS, SS:BP -> post_frame, vmi_state is there, interrupts off
; out    its fields from `served` on; post_frame.backends is what SetBackends will answer
; clobbers EAX, EBX, ECX, EDX, ESI, EDI, flags
global find_platform
find_platform:
	mov ebx, [noted(state)]
	mov [state(at)], ebx
	mov dword [bp + post_frame.backends], VMI_BACKEND_WHY_ABSENT * 0x01010100
	call find_myself
	bt ecx, HYPERVISOR
	jnc .vmware
	call find_leaves
	cmp byte [WHY_KVM], VMI_BACKEND_WHY_OK
	jne .vmware
	push dword [fs:VECTOR_GP]
	push dword [fs:VECTOR_UD]
	mov word [fs:VECTOR_GP], register_fault
	mov [fs:VECTOR_GP + 2], cs
	mov word [fs:VECTOR_UD], call_fault
	mov [fs:VECTOR_UD + 2], cs
	call try_kvm
	pop dword [fs:VECTOR_UD]
	pop dword [fs:VECTOR_GP]
.vmware:
	cmp byte [noted(tsc_source)], VROM_SOURCE_BACKDOOR
	jne .done
	or byte [bp + post_frame.backends], VMI_BACKEND_VMWARE
	mov byte [bp + post_frame.backends + 3], VMI_BACKEND_WHY_OK
.done:
	mov eax, [bp + post_frame.backends]
	mov [state(backends)], eax
	ret

; A hypercall faulted, as below.
call_fault:
	push bp
	mov bp, sp
	add word [bp + 2], CALL_OPCODE_SIZE - MSR_OPCODE_SIZE
	jmp short register_fault.skip

; RDMSR or WRMSR faulted: it sets CF instead. There is no error code in real mode.
register_fault:
	push bp
	mov bp, sp
.skip:
	add word [bp + 2], MSR_OPCODE_SIZE
	or byte [bp + 6], 1
	pop bp
	iret

; Which processor this is, and whether it is alone.
; in     EBX -> vmi_state
; out    .own_alarms, SERVED_ALONE; ECX as CPUID leaf 1 has it
; clobbers EAX, EDX
find_myself:
	push ebx
	mov eax, 1
	cpuid
	mov eax, ebx
	pop ebx
	shr eax, 24
	cmp eax, VMI_STATE_CPUS
	jae .done
	shl eax, STEAL_SHIFT
	add eax, vmi_state.cpus
	mov [state(own_alarms)], eax
	cmp byte [noted(processors)], 1
	jne .done
	bts dword [state(served)], SERVED_ALONE
.done:
	ret

; Looks for signatures.
; out    post_frame.backends, .kvm_leaf
; clobbers EAX, ECX, EDX, ESI, EDI
find_leaves:
	push ebx
	mov edi, LEAVES
.leaf:
	mov eax, edi
	cpuid
	cmp ebx, 'KVMK'
	jne .next
	cmp ecx, 'VMKV'
	jne .next
	cmp edx, 'M'
	jne .next
	cmp byte [WHY_KVM], VMI_BACKEND_WHY_ABSENT
	mov byte [WHY_KVM], VMI_BACKEND_WHY_TWICE
	jne .next
	mov [bp + post_frame.kvm_leaf], edi
	mov byte [WHY_KVM], VMI_BACKEND_WHY_OK
	sub eax, edi
	dec eax				; at least one leaf behind the signature's
	cmp eax, LEAVES_STEP - 1
	jb .next
	mov byte [WHY_KVM], VMI_BACKEND_WHY_RANGE
.next:
	add edi, LEAVES_STEP
	cmp edi, LEAVES_END
	jb .leaf
	pop ebx
	ret

; Tries each thing that KVM announces.
; in     EBX -> vmi_state
; out    .works, .served and what belongs to them; post_frame.backends
; clobbers EAX, ECX, EDX, ESI, EDI
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
withdraw:
	xor eax, eax
	xor edx, edx
	wrmsr
	ret

; Is the clock filled, good for all processors, at a sensible rate, and does it go forward?
; out    CF set: no, AL a VMI_BACKEND_WHY number. CF clear: .ticks_per_ns and .clock_hz
; clobbers EAX, ECX, EDX, EDI
try_clock:
	call check_page
	jc .unstable
	call read_page
	push edx
	push eax
	xor eax, eax
	push ebx
	cpuid				; an exit, in which time goes on
	pop ebx
	call check_page
	call read_page
	pop ecx
	pop edi
	sub eax, ecx
	sbb edx, edi
	jnz .unstable			; neither back nor far ahead
	; 2^64 / multiplier, shifted the other way, are ticks a nanosecond.
	mov edi, [clock(mul)]
	cmp edi, 1 << 30		; KVM's use all their bits
	jb .rate
	mov edx, 1
	xor eax, eax
	div edi
	push eax
	xor eax, eax
	div edi
	pop edx
	movsx ecx, byte [clock(shift)]
	lea edi, [ecx + 31]
	cmp edi, 2 * 31
	ja .rate
	neg ecx
	js .to_the_right
	shld edx, eax, cl
	shl eax, cl
	jmp short .shifted
.to_the_right:
	neg ecx
	shrd eax, edx, cl
	shr edx, cl
.shifted:
	mov [state(ticks_per_ns)], eax
	mov [state(ticks_per_ns) + 4], edx
	mov ecx, NS_PER_SECOND
	push edx
	mul ecx
	mov edi, edx
	pop eax
	mul ecx
	add eax, edi
	adc edx, 0
	mov [state(clock_hz)], eax
	mov [state(clock_hz) + 4], edx
	sub eax, [noted(tsc_hz)]
	sbb edx, [noted(tsc_hz) + 4]
	jnb .difference
	neg edx
	neg eax
	sbb edx, 0
.difference:
	cmp edx, HZ_END_HIGH
	jae .rate
	shld edx, eax, HZ_NEAR
	shl eax, HZ_NEAR
	cmp eax, [noted(tsc_hz)]
	sbb edx, [noted(tsc_hz) + 4]
	jnb .rate
	clc
	ret
.rate:
	mov al, VMI_BACKEND_WHY_RATE
	stc
	ret
.unstable:
	mov al, VMI_BACKEND_WHY_UNSTABLE
	stc
	ret

; out    CF set: the page was never filled, is written all the time, or is not for all processors
; clobbers EAX, ECX
check_page:
	mov ecx, CLOCK_READINGS
.again:
	mov eax, [clock(version)]
	test eax, eax
	jz .next
	test al, 1
	jnz .next
	test byte [clock(flags)], KVM_CLOCK_STABLE
	jz .next
	clc
	ret
.next:
	pause
	dec ecx
	jnz .again
	stc
	ret

; What the page says now, by its multiplier and shift, whatever they are; it is not written while this
; processor runs.
; out    EDX:EAX nanoseconds
; clobbers ECX, EDI
read_page:
	rdtsc
	sub eax, [clock(tsc)]
	sbb edx, [clock(tsc) + 4]
	mov cl, [clock(shift)]
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
	push edx
	mul dword [clock(mul)]
	mov edi, edx
	pop eax
	mul dword [clock(mul)]
	add eax, edi
	adc edx, 0
	add eax, [clock(ns)]
	adc edx, [clock(ns) + 4]
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
	mov ecx, CLOCK_READINGS
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

; Kicks this processor itself, which spoils nothing but its next wait.
; out    SERVED_UNHALT and one of SERVED_KICK, or WHY_KVM
; clobbers EAX, ECX, EDX, EDI
try_kick:
	push ebx
	xor eax, eax
	cpuid				; the vendor's name
	mov edi, ecx
	pop ebx
	mov ecx, [state(own_alarms)]
	sub ecx, vmi_state.cpus
	shr ecx, STEAL_SHIFT		; APIC id
	push ebx
	xor ebx, ebx
	mov eax, KVM_CALL_KICK
	cmp edi, 'cAMD'			; AuthenticAMD
	je .amd
	cmp edi, 'uine'			; HygonGenuine
	je .amd
	clc
	vmcall
	mov edx, 1 << SERVED_UNHALT | 1 << SERVED_KICK_INTEL
	jmp short .called
.amd:
	vmmcall				; CF is clear
	mov edx, 1 << SERVED_UNHALT | 1 << SERVED_KICK_AMD
.called:
	pop ebx
	jc .fault
	test eax, eax
	jz it_works
	mov byte [WHY_KVM], VMI_BACKEND_WHY_CALL
	ret
.fault:
	mov byte [WHY_KVM], VMI_BACKEND_WHY_FAULT
	ret
%endif
