; SPDX-License-Identifier: GPL-2.0-only
; A hypervisor's clock as the cycle counter. A guest takes the frequency of the cycle counter for
; that of the TSC, so the clock's nanoseconds are turned into ticks of the TSC's frequency at POST,
; wherever the machine moves to.
; spec/vmi.abi has the contract of each call; calls/clock.asm the native half.
%include "neutral/neutral.inc"

extern clock_ns, stolen, scale

section .text
bits WIDTH

; in     EAX counter: 0 real, 1 available, 2 stolen; any other reads 0. EBX -> vmi_state
; out    EDX:EAX cycles
; clobbers ECX
global clock_counter:function (clock_counter.end - clock_counter)
clock_counter:
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
	call clock_ns
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
global clock_frequency:function (clock_frequency.end - clock_frequency)
clock_frequency:
	mov eax, [xbx + vmi_state.clock_hz]
	mov edx, [xbx + vmi_state.clock_hz + 4]
	ret
.end:

; in     EBX -> vmi_state
; out    EDX:EAX nanoseconds since 1970, UTC
; clobbers ECX
global clock_wallclock:function (clock_wallclock.end - clock_wallclock)
clock_wallclock:
	push xsi
	push xdi
	push xbp
	call clock_ns
	add eax, [xbx + vmi_state.clock_wall_ns]
	adc edx, [xbx + vmi_state.clock_wall_ns + 4]
	pop xbp
	pop xdi
	pop xsi
	ret
.end:
