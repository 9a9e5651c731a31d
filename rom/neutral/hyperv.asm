; SPDX-License-Identifier: GPL-2.0-only
; Hyper-V's reference clock, and its timers as alarms. Each processor has two timers that raise the vector of LVTT, so an alarm of each counter has one for itself, and
; nothing need be known of which processor this is.
%include "neutral/neutral.inc"
%include "alarms.inc"
%include "timers.inc"

extern clock_counter, scale

LVTT_FLAG	equ 16			; VMI_ALARM_LVTT
	times -(HV_TIMERS != COUNTERS || VMI_ALARM_LVTT != 1 << LVTT_FLAG) db 0

section .text
bits WIDTH

%define PAGE(name) xbx + vmi_state.hv_page + hv_page. %+ name

; in     EBX -> vmi_state
; out    EDX:EAX units of 100 ns
; clobbers ECX, ESI, EDI, EBP
hv_units:
	mov ebp, [PAGE(sequence)]
	test ebp, ebp
	jz .counter
	lfence				; nothing is read before the sequence
	rdtsc
	mov edi, edx
	mov ecx, eax
	mul dword [PAGE(scale)]		; the high half of 128 bits
	mov esi, edx
	mov eax, edi
	mul dword [PAGE(scale)]
	add esi, eax
	adc edx, 0
	push xdx
	mov eax, ecx
	mul dword [PAGE(scale) + 4]
	add esi, eax
	pop xcx
	adc ecx, edx
	mov eax, edi
	sbb edi, edi
	mul dword [PAGE(scale) + 4]
	add eax, ecx
	adc edx, 0
	sub edx, edi
	add eax, [PAGE(offset)]
	adc edx, [PAGE(offset) + 4]
	cmp ebp, [PAGE(sequence)]
	jne .counter
	ret
.counter:				; always right, and an exit
	mov ecx, MSR_HV_COUNTER
	rdmsr
	ret

; in     EBX -> vmi_state
; out    EDX:EAX nanoseconds since KVM's clock page said 0, if it is there
; clobbers ECX, ESI, EDI, EBP
global hv_ns
hv_ns:
	call hv_units
	imul ecx, edx, UNIT_NS
	mov edx, UNIT_NS
	mul edx
	add edx, ecx
	add eax, [xbx + vmi_state.hv_base_ns]
	adc edx, [xbx + vmi_state.hv_base_ns + 4]
	ret

; An LVTT alarm by a timer. A periodic one is counted by the timer itself, the first time from now on; where
; that would be early, nothing is armed. A count enables the timer, unless LVTT is masked, or was not
; written yet.
; in     EAX VMI_ALARM flags, ECX:EDX expiry in cycles, EDI:ESI period or 0, EBX -> vmi_state
; out    CF set: not by a timer, which is off then. EAX, ECX, EDX are kept
; clobbers ESI, EDI
global hv_arm:function (hv_arm.end - hv_arm)
hv_arm:
	cmp al, COUNTERS
	cmc
	jc .unknown
	bt eax, LVTT_FLAG
	cmc
	jc .unknown
	push xbp
	push xax
	push xcx
	push xdx
	pushf
	cli
	movzx eax, al
	lea ebp, [xax + xax + MSR_HV_TIMER + 1]
	cmp byte [xbx + vmi_state.hv_wired], 0
	je .device
	push xcx
	push xdx
	call clock_counter
	pop xcx
	sub ecx, eax
	pop xax
	sbb eax, edx			; EAX:ECX is left
	jnb .ahead
	xor eax, eax
	xor ecx, ecx
.ahead:
	mov edx, esi
	or edx, edi
	jz .ticks
	cmp esi, ecx
	mov edx, edi
	sbb edx, eax
	jb .device
	mov ecx, esi
	mov eax, edi
	test eax, eax
	jnz .ticks
	cmp ecx, VMI_STATE_PERIOD_MIN
	jae .ticks
	mov ecx, VMI_STATE_PERIOD_MIN
.ticks:
	cmp eax, FAR_HIGH		; the hypervisor counts it in ns of 63 bits
	jb .near
	mov eax, FAR_HIGH
.near:
	or esi, edi			; not 0: periodic
	mov edx, eax
	mov eax, ecx
	mov ecx, [xbx + vmi_state.units_per_tick]
	xor edi, edi
	call scale
	test esi, esi
	jnz .periodic
	add eax, 1			; rounded up
	adc edx, edi
	push xbp
	push xdx
	push xax
	call hv_units
	pop xcx
	add eax, ecx
	pop xcx
	adc edx, ecx
	pop xbp
	xor esi, esi
	bt dword [xbx + vmi_state.works], SERVED_PERIODIC
	jnc .count
	jmp short .mode
.periodic:
	mov esi, HV_PERIODIC
	bts dword [xbx + vmi_state.works], SERVED_PERIODIC
.mode:
	lea ecx, [xbp - 1]
	push xax
	push xdx
	rdmsr
	and eax, ~(HV_PERIODIC | HV_ENABLE)
	or eax, esi
	wrmsr
	pop xdx
	pop xax
.count:
	mov ecx, ebp
	wrmsr
	popf
	clc
.done:
	pop xdx
	pop xcx
	pop xax
	pop xbp
.unknown:
	ret
.device:
	xor eax, eax
	xor edx, edx
	mov ecx, ebp
	wrmsr
	mov byte [xbx + vmi_state.hv_device], 1
	popf
	stc
	jmp short .done
.end:

; in     EAX VMI_ALARM flags, EBX -> vmi_state
; out    CF clear: EAX is the answer of CancelAlarm. CF set: the device may know; EAX is kept
; clobbers ECX, EDX
global hv_disarm:function (hv_disarm.end - hv_disarm)
hv_disarm:
	cmp al, COUNTERS
	cmc
	jc .unknown
	bt eax, LVTT_FLAG
	cmc
	jc .unknown
	push xax
	pushf
	cli
	movzx eax, al
	lea ecx, [xax + xax + MSR_HV_TIMER]
	rdmsr
	add ecx, 1
	and eax, HV_ENABLE | HV_AUTO
	sub eax, HV_AUTO		; 0: it has fired, or was never armed
	jz .off
	rdmsr
	or eax, edx
.off:
	push xax
	xor eax, eax
	xor edx, edx
	wrmsr
	pop xax
	popf
	add eax, -1			; CF set: it was armed
	pop xax
	jc .armed
	cmp byte [xbx + vmi_state.hv_device], 1
	cmc
	jc .unknown
	xor eax, eax
	ret
.armed:
	mov eax, 1
	clc
.unknown:
	ret
.end:

; A timer that is armed stays so; while LVTT is masked it is off, and fires, if it was due, at once when
; LVTT no longer is.
; in     ECX MSR of the timer, ESI what LVTT becomes, EBX -> vmi_state
; out    ECX that of the next one
; clobbers EAX, EDX, EDI
global hv_take_vector
hv_take_vector:
	rdmsr
	mov edi, eax
	and eax, HV_ENABLE | HV_AUTO
	cmp eax, HV_AUTO
	jne .armed
	add ecx, 1			; the count of a timer that has fired stands for nothing any more
	xor eax, eax
	xor edx, edx
	wrmsr
	sub ecx, 1
.armed:
	and edi, HV_PERIODIC
	or edi, HV_DIRECT
	mov eax, esi
	and eax, 0xFF			; the vector
	shl eax, HV_VECTOR_SHIFT
	or edi, eax
	add ecx, 1
	rdmsr
	sub ecx, 1
	or eax, edx
	neg eax
	sbb eax, eax
	and eax, HV_ENABLE		; if there is a count
	or eax, HV_AUTO
	test esi, LVTT_MASKED
	jz .write
	xor eax, eax
.write:
	mov byte [xbx + vmi_state.hv_wired], 1
	or eax, edi
	xor edx, edx
	wrmsr
	add ecx, 2
	ret

; Stops both timers of this processor, which know of no vector any more.
; in     EBX -> vmi_state
; clobbers EAX, ECX, EDX
global hv_stop_timers
hv_stop_timers:
	mov byte [xbx + vmi_state.hv_wired], 0
	mov ecx, MSR_HV_TIMER
	xor eax, eax
	xor edx, edx
.next:
	wrmsr
	add ecx, 1
	test cl, HV_TIMERS * 2		; of its registers the first is 0xB0
	jz .next
	ret
