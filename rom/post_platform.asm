; SPDX-License-Identifier: GPL-2.0-only
; POST's look at the platform: which hypervisor's interfaces are there. Nothing that they announce is
; believed before it was tried: registers are written with a handler for #GP in place. What works is
; noted in vmi_state.works and left registered, so that VMI_Init has nothing to try.
%ifndef NO_BACKENDS
%include "post_platform.inc"

extern try_kvm, try_hyperv

LEAVES		equ 0x40000000		; of the first hypervisor
LEAVES_STEP	equ 0x100
LEAVES_END	equ LEAVES + 0x10 * LEAVES_STEP
HYPERVISOR	equ 31			; bit of leaf 1 ECX
VECTOR_UD	equ 6 * 4
VECTOR_GP	equ 13 * 4
MSR_OPCODE_SIZE	equ 2
CALL_OPCODE_SIZE equ 3

; Tries the interfaces that find_leaves found.
; in     FS flat, DS = CS, SS:BP -> post_frame, vmi_state is there, interrupts off
; out    the fields that belong to backends; post_frame.backends is what SetBackends will answer
; clobbers EAX, EBX, ECX, EDX, ESI, EDI, flags
global find_platform
find_platform:
	mov ebx, [noted(state)]
	mov [state(at)], ebx
	call find_myself
	push dword [fs:VECTOR_GP]
	push dword [fs:VECTOR_UD]
	mov word [fs:VECTOR_GP], register_fault
	mov [fs:VECTOR_GP + 2], cs
	mov word [fs:VECTOR_UD], call_fault
	mov [fs:VECTOR_UD + 2], cs
	cmp byte [WHY_KVM], VMI_BACKEND_WHY_OK
	jne .no_kvm
	call try_kvm
.no_kvm:
	cmp byte [WHY_HYPERV], VMI_BACKEND_WHY_OK
	jne .no_hyperv
	call try_hyperv
.no_hyperv:
	pop dword [fs:VECTOR_UD]
	pop dword [fs:VECTOR_GP]
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
; out    .own_alarms, SERVED_ALONE
; clobbers EAX, ECX, EDX
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

; Looks for signatures, once a processor says that there is a hypervisor.
; in     SS:BP -> post_frame
; out    post_frame.backends, .kvm_leaf, .hyperv_leaf
; clobbers EAX, EBX, ECX, EDX, ESI, EDI
global find_leaves
find_leaves:
	mov dword [bp + post_frame.backends], VMI_BACKEND_WHY_ABSENT * 0x01010100
	mov eax, 1
	cpuid
	bt ecx, HYPERVISOR
	jnc .done
	mov edi, LEAVES
.leaf:
	mov eax, edi
	cpuid
	cmp ebx, 'KVMK'
	jne .no_kvm
	cmp ecx, 'VMKV'
	jne .next
	cmp edx, 'M'
	jne .next
	xor si, si
	mov edx, KVM_FEATURES
	jmp short .found
.no_kvm:
	cmp ebx, 'Micr'
	jne .next
	cmp ecx, 'osof'
	jne .next
	cmp edx, 't Hv'
	jne .next
	push eax
	lea eax, [edi + HV_INTERFACE]
	cpuid
	cmp eax, 'Hv#1'
	pop eax
	jne .next			; another interface under this name
	mov si, 1
	mov edx, HV_LAST_LEAF
.found:
	cmp byte [WHY_KVM + si], VMI_BACKEND_WHY_ABSENT
	mov byte [WHY_KVM + si], VMI_BACKEND_WHY_TWICE
	jne .next
	mov byte [WHY_KVM + si], VMI_BACKEND_WHY_RANGE
	sub eax, edi
	sub eax, edx			; the last leaf that is needed
	neg edx
	add edx, LEAVES_STEP
	cmp eax, edx
	jae .next
	mov byte [WHY_KVM + si], VMI_BACKEND_WHY_OK
	shl si, 2
	mov [bp + si + post_frame.kvm_leaf], edi
.next:
	add edi, LEAVES_STEP
	cmp edi, LEAVES_END
	jb .leaf
.done:
	ret
%endif
