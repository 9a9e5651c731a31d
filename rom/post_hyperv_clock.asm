; SPDX-License-Identifier: GPL-2.0-only
; POST's look at Hyper-V's reference TSC page.
%ifndef NO_BACKENDS
%include "post_platform.inc"

extern page_at, reciprocal, whole_times

RATE_NEAR	equ HV_UNITS / 8	; units in what the TSC counts in a second, as measured
LEAP		equ 4 * HV_UNITS
BEHIND		equ HV_UNITS / 100	; the counter may be so much behind the page,
AHEAD		equ HV_UNITS		; and not more ahead: the page was read before it
INVALID		equ -1			; a sequence of earlier releases

; Is the page filled, at the rate of the TSC, near the counter, and does it go forward?
; in     EBX -> vmi_state
; out    CF set: no, AL a VMI_BACKEND_WHY number. CF clear: .hv_base_ns, .units_per_tick, and, where KVM's
;        clock does not work, .ticks_per_ns and .clock_hz; where its wall clock does not, .clock_wall_ns
; clobbers EAX, ECX, EDX, EDI
global try_unit_clock
try_unit_clock:
	mov eax, [unit_page(sequence)]
	inc eax
	cmp eax, 1
	jbe .unstable			; 0 or INVALID
	mov eax, [noted(tsc_hz)]
	mov edx, [noted(tsc_hz) + 4]
	test edx, edx
	jnz .quick
	cmp eax, 2 * HV_UNITS
	jb .rate			; what divides below is more than a unit, whoever's clock it is
.quick:
	call scaled
	test edx, edx
	jnz .rate
	sub eax, HV_UNITS - RATE_NEAR
	cmp eax, 2 * RATE_NEAR
	ja .rate

	call units_now
	push edx
	push eax
	xor eax, eax
	push ebx
	cpuid				; an exit, in which time goes on
	pop ebx
	mov ecx, MSR_HV_COUNTER
	clc
	rdmsr
	jc .fault
	pop ecx
	pop edi
	push edi
	push ecx
	call since
	add eax, BEHIND
	adc edx, 0
	jnz .leaps
	cmp eax, BEHIND + AHEAD
	ja .leaps
	call units_now
	pop ecx
	pop edi
	call since
	test edx, edx
	jnz .unstable
	cmp eax, LEAP
	ja .unstable
	call note_factors
	call note_zero
	clc
	ret
.fault:
	add sp, 8
	mov al, VMI_BACKEND_WHY_FAULT
	stc
	ret
.leaps:
	add sp, 8
.unstable:
	mov al, VMI_BACKEND_WHY_UNSTABLE
	stc
	ret
.rate:
	mov al, VMI_BACKEND_WHY_RATE
	stc
	ret

; EDX:EAX less EDI:ECX.
since:
	sub eax, ecx
	sbb edx, edi
	ret

; Units and cycles, each in terms of the other. Where KVM's clock works, cycles are its own.
; clobbers EAX, ECX, EDX, EDI
note_factors:
	bt dword [state(works)], SERVED_CLOCK
	jc .cycles
	; 2^64 / scale are cycles a unit: the scale's first 32 bits divide 2^32.
	mov edi, [unit_page(scale) + 4]
	mov eax, [unit_page(scale)]
	bsr ecx, edi			; there is one: a TSC is slower than 2^32 units
	not ecx
	and ecx, 31			; zeros before it
	shld edi, eax, cl
	call reciprocal
	shld edx, eax, cl
	shl eax, cl
	push eax
	push edx
	mov ecx, HV_UNITS
	call whole_times
	mov [state(clock_hz)], eax
	mov [state(clock_hz) + 4], edx
	pop eax
	xor edx, edx
	mov ecx, UNIT_NS
	div ecx
	mov [state(ticks_per_ns) + 4], eax
	pop eax
	div ecx
	mov [state(ticks_per_ns)], eax
.cycles:
	mov eax, [state(clock_hz)]
	mov ecx, [state(clock_hz) + 4]
	mov edx, HV_UNITS
.fit:
	test ecx, ecx
	jz .fits
	shrd eax, ecx, 1
	shr ecx, 1
	shr edx, 1
	jmp short .fit
.fits:
	mov edi, eax
	xor eax, eax
	div edi
	inc eax				; rounded up: an alarm is not early
	mov [state(units_per_tick)], eax
	ret

; From when it counts nanoseconds, and what the wall clock was then.
; clobbers EAX, ECX, EDX, EDI
note_zero:
	bt dword [state(works)], SERVED_CLOCK
	jnc .wall
	rdtsc
	push edx
	push eax
	call page_at
	pop ecx
	pop edi
	push edx
	push eax
	mov eax, ecx
	mov edx, edi
	call ns_at
	pop ecx
	pop edi
	sub ecx, eax
	sbb edi, edx
	mov [state(hv_base_ns)], ecx
	mov [state(hv_base_ns) + 4], edi
.wall:
	bt dword [state(works)], SERVED_WALL
	jc .done
	mov eax, [noted(wallclock_tsc)]
	mov edx, [noted(wallclock_tsc) + 4]
	call ns_at
	mov ecx, [noted(wallclock_ns)]
	mov edi, [noted(wallclock_ns) + 4]
	sub ecx, eax
	sbb edi, edx
	mov [state(clock_wall_ns)], ecx
	mov [state(clock_wall_ns) + 4], edi
.done:
	ret

; in     EDX:EAX TSC
; out    EDX:EAX nanoseconds from .hv_base_ns on
; clobbers ECX, EDI
ns_at:
	call units_at
	mov edi, edx
	mov ecx, UNIT_NS
	mul ecx
	imul edi, ecx
	add edx, edi
	add eax, [state(hv_base_ns)]
	adc edx, [state(hv_base_ns) + 4]
	ret

; out    EDX:EAX units; the page is not written while this processor runs
; clobbers ECX, EDI
units_now:
	rdtsc
units_at:
	call scaled
	add eax, [unit_page(offset)]
	adc edx, [unit_page(offset) + 4]
	ret

; EDX:EAX = EDX:EAX times the page's scale, / 2^64
; clobbers ECX, EDI
scaled:
	push esi
	mov edi, edx
	mov ecx, eax
	mul dword [unit_page(scale)]
	mov esi, edx
	mov eax, edi
	mul dword [unit_page(scale)]
	add esi, eax
	adc edx, 0
	push edx
	mov eax, ecx
	mul dword [unit_page(scale) + 4]
	add esi, eax
	pop ecx
	adc ecx, edx
	mov eax, edi
	sbb edi, edi
	mul dword [unit_page(scale) + 4]
	add eax, ecx
	adc edx, 0
	sub edx, edi
	pop esi
	ret
%endif
