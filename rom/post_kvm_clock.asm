; SPDX-License-Identifier: GPL-2.0-only
; POST's look at KVM's clock page.
%ifndef NO_BACKENDS
%include "post_platform.inc"

HZ_NEAR		equ 3			; a clock's frequency is the TSC's as measured, +- 1/8
HZ_END_HIGH	equ 0x100		; what could not be shifted so

; Is the clock filled, good for all processors, at a sensible rate, and does it go forward?
; out    CF set: no, AL a VMI_BACKEND_WHY number. CF clear: .ticks_per_ns and .clock_hz
; clobbers EAX, ECX, EDX, EDI
global try_clock
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
	call reciprocal
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
	call whole_times
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

; in     EDI above 2^30
; out    EDX:EAX 2^32 / EDI, 32.32 fixed point
global reciprocal
reciprocal:
	mov edx, 1
	xor eax, eax
	div edi
	push eax
	xor eax, eax
	div edi
	pop edx
	ret

; in     EDX:EAX 32.32 fixed point, ECX
; out    EDX:EAX their product without its fraction
; clobbers EDI
global whole_times
whole_times:
	push edx
	mul ecx
	mov edi, edx
	pop eax
	mul ecx
	add eax, edi
	adc edx, 0
	ret

; out    CF set: the page was never filled, is written all the time, or is not for all processors
; clobbers EAX, ECX
check_page:
	mov ecx, READINGS
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
global read_page
read_page:
	rdtsc
; The same at TSC EDX:EAX.
global page_at
page_at:
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
%endif
