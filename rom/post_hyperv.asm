; SPDX-License-Identifier: GPL-2.0-only
; POST tries what Hyper-V's interface announces, while post_platform.asm catches faults.
%ifndef NO_BACKENDS
%include "post_platform.inc"

extern it_works, withdraw, try_unit_clock

TRIED_VECTOR	equ 0x20

; Tries each thing that it announces.
; in     EBX -> vmi_state, post_frame.hyperv_leaf
; out    .works, .served and what belongs to them; post_frame.backends
; clobbers EAX, ECX, EDX, ESI, EDI
global try_hyperv
try_hyperv:
	mov eax, [bp + post_frame.hyperv_leaf]
	add eax, HV_FEATURES
	push ebx
	cpuid
	pop ebx
	mov esi, eax
	mov edi, edx

	cmp byte [bp + post_frame.has_page], 0
	je .apic			; the firmware had no memory for it
	bt esi, HV_HAS_TSC_PAGE
	jnc .apic
	bt esi, HV_HAS_COUNTER
	jnc .apic
	push edi
	lea eax, [ebx + vmi_state.hv_page + HV_ENABLE]
	xor edx, edx			; CF is clear
	mov ecx, MSR_HV_TSC_PAGE
	wrmsr
	mov al, VMI_BACKEND_WHY_FAULT
	jc .no_clock
	call try_unit_clock
	jc .withdraw
	pop edi
	mov edx, 1 << SERVED_HV_CLOCK
	call it_works
	jmp short .timers
.withdraw:
	mov ecx, MSR_HV_TSC_PAGE
	push ax
	call withdraw
	pop ax
.no_clock:
	pop edi
	mov [WHY_HYPERV], al
	jmp short .apic

.timers:				; whose counts are by the clock
	bt esi, HV_HAS_TIMERS
	jnc .apic
	bt edi, HV_HAS_DIRECT
	jnc .apic
	mov ecx, MSR_HV_TIMER
	call try_timer
	jc .fault
	mov ecx, MSR_HV_TIMER + 2
	call try_timer
	jc .fault
	mov edx, 1 << SERVED_HV_TIMER
	call it_works
	jmp short .apic
.fault:
	mov byte [WHY_HYPERV], VMI_BACKEND_WHY_FAULT

.apic:
	bt esi, HV_HAS_APIC
	jnc .done
	mov eax, [bp + post_frame.hyperv_leaf]
	add eax, HV_HINTS
	push ebx
	cpuid
	pop ebx
	bt eax, HV_HINT_APIC
	jnc .done			; the APIC itself is the quicker one
	call try_apic
	jc .apic_faults
	mov edx, 1 << SERVED_HV_APIC
	call it_works
	jmp short .done
.apic_faults:
	mov byte [WHY_HYPERV], VMI_BACKEND_WHY_FAULT
.done:
	test dword [state(works)], SERVED_HYPERV
	jz .nothing
	or byte [bp + post_frame.backends], VMI_BACKEND_HYPERV
	ret
.nothing:
	cmp byte [WHY_HYPERV], VMI_BACKEND_WHY_OK
	jne .said
	mov byte [WHY_HYPERV], VMI_BACKEND_WHY_FEATURES
.said:
	ret

; Is there a timer that takes a vector? It stays off.
; in     ECX its MSR
; out    CF set: it faults, or it does not keep what it is told
; clobbers EAX, ECX, EDX
try_timer:
	mov eax, HV_DIRECT | TRIED_VECTOR << HV_VECTOR_SHIFT
	xor edx, edx			; CF is clear
	wrmsr
	jc .done
	clc
	rdmsr
	jc .done
	cmp eax, HV_DIRECT | TRIED_VECTOR << HV_VECTOR_SHIFT
	stc
	jne .done
	xor eax, eax
	xor edx, edx
	wrmsr
	jc .done
	inc ecx				; its count; CF is clear
	wrmsr
.done:
	ret

; Writes what changes nothing: the task priority that there is, and the end of no interrupt.
; out    CF set: one faults
; clobbers EAX, ECX, EDX
try_apic:
	mov ecx, MSR_HV_TPR
	clc
	rdmsr
	jc .done
	clc
	wrmsr
	jc .done
	mov ecx, MSR_HV_ICR
	clc
	rdmsr
	jc .done
	mov ecx, MSR_HV_EOI
	xor eax, eax
	xor edx, edx
	wrmsr
.done:
	ret
%endif
