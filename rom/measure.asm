; SPDX-License-Identifier: GPL-2.0-only
; POST's clocks: how fast the TSC and the local APIC timer run, and the factors
; that the timer calls multiply by.
%include "post.inc"
%include "timers.inc"

EFLAGS_ID	equ 1 << 21		; can be toggled only where CPUID exists
CPUID_TSC	equ 1 << 4		; leaf 1, EDX
CPUID_MSR	equ 1 << 5
CPUID_APIC	equ 1 << 9
APIC_ENABLED	equ 1 << 11
APIC_X2		equ 1 << 10
APIC_DIVIDE_1	equ 0x0B
APIC_MASKED	equ 0x10000

PIT_ONESHOT2	equ 0xB0		; channel 2, both bytes, mode 0
PIT_LATCH2	equ 0x80
PORT_B		equ 0x61
PORT_B_GATE2	equ 1
PORT_B_SPEAKER	equ 2
PORT_B_OUT2	equ 0x20		; channel 2 has counted down
TRIES		equ 64			; a busy host takes the processor away for too long
EDGES		equ 8
LOOKS		equ 4096		; an edge comes every 0.8 us
WINDOW		equ 23864		; PIT counts: 20 ms
TSC_BOUND	equ 400000000		; begins anew then: the PIT has run out
NANOSECONDS	equ 1000000000
BACKDOOR_PORT	equ 0x5658
BACKDOOR_MAGIC	equ 0x564D5868
BACKDOOR_HZ	equ 45

; Measures both clocks.
; in     FS flat, DS = CS, interrupts off, SS:BP -> post_frame
; out    .start_tsc; noted tsc_hz (0: no usable TSC), tsc_source, apic_hz (0: no usable APIC),
;        ns_per_tick, apic_per_tick, pit_per_tick
; clobbers EAX, EBX, ECX, EDX, ESI, EDI, flags
global measure_clocks
measure_clocks:
	pushfd
	pop eax
	mov ecx, eax
	xor eax, EFLAGS_ID
	push eax
	popfd
	pushfd
	pop eax
	xor eax, ecx
	test eax, EFLAGS_ID
	jz .none
	xor eax, eax
	cpuid
	test eax, eax
	jz .none
	mov eax, 1
	cpuid
	test dl, CPUID_TSC
	jz .none
	push edx
	rdtsc
	mov [bp + post_frame.start_tsc], eax
	mov [bp + post_frame.start_tsc + 4], edx
	pop edx
	call find_apic
	call against_pit
	cmp dword [bp + post_frame.tsc_ticks], 0
	je .none
	call measured_frequency
	call stated_frequency
	jmp scale_factors
.none:
	ret

; in     EDX of CPUID leaf 1
; out    EDI physical address of this processor's APIC, 0 if there is none to use
; clobbers EAX, ECX, EDX
find_apic:
	xor edi, edi
	and edx, CPUID_APIC | CPUID_MSR
	cmp edx, CPUID_APIC | CPUID_MSR
	jne .done
	mov ecx, MSR_APIC_BASE
	rdmsr
	test edx, edx
	jnz .done
	mov edx, eax
	and edx, APIC_ENABLED | APIC_X2
	cmp edx, APIC_ENABLED
	jne .done
	and eax, 0xFFFFF000
	mov edi, eax
.done:
	ret

; Runs both clocks over one PIT window.
; in     EDI APIC address or 0
; out    .tsc_ticks (0 if the PIT or the TSC stands still), .apic_ticks, .pit_ticks
; clobbers EAX, EBX, ECX, EDX, ESI
against_pit:
	test edi, edi
	jz .pit
	push dword [fs:edi + APIC_LVTT]
	push dword [fs:edi + APIC_DIVIDE]
	mov dword [fs:edi + APIC_LVTT], APIC_MASKED
	mov dword [fs:edi + APIC_DIVIDE], APIC_DIVIDE_1
	mov dword [fs:edi + APIC_INITIAL], 0xFFFFFFFF
.pit:
	in al, PORT_B
	push ax
	and al, ~PORT_B_SPEAKER & 0xFF
	or al, PORT_B_GATE2
	out PORT_B, al
	mov word [bp + post_frame.tries], TRIES
.again:
	mov al, PIT_ONESHOT2
	out PIT_COMMAND, al
	mov al, 0xFF
	out PIT_DATA2, al
	out PIT_DATA2, al
	call best_edge
	mov [bp + post_frame.pit_ticks], ebx
	mov esi, eax			; the TSC at the start
	mov [bp + post_frame.apic_ticks], edx
.wait:
	call pit_edge
	sub eax, esi			; TSC ticks so far
	movzx ebx, bx
	mov ecx, [bp + post_frame.pit_ticks]
	sub ecx, ebx			; it counts down
	jz .dead			; for a whole pit_edge: it stands still
	cmp eax, TSC_BOUND
	ja .lost
	cmp ecx, WINDOW
	jb .wait
	call best_edge
	sub eax, esi
	mov ecx, eax
	in al, PORT_B
	test al, PORT_B_OUT2
	jnz .lost
	mov eax, ecx
	mov ecx, [bp + post_frame.pit_ticks]
	sub ecx, ebx
	mov [bp + post_frame.pit_ticks], ecx
	mov [bp + post_frame.tsc_ticks], eax
	sub [bp + post_frame.apic_ticks], edx
.done:
	pop ax
	out PORT_B, al
	test edi, edi
	jz .no_apic
	mov dword [fs:edi + APIC_INITIAL], 0
	pop dword [fs:edi + APIC_DIVIDE]
	pop dword [fs:edi + APIC_LVTT]
.no_apic:
	ret
.lost:					; the PIT ran out
	dec word [bp + post_frame.tries]
	jnz .again
.dead:
	mov dword [bp + post_frame.tsc_ticks], 0
	jmp .done

; The quickest of several edges. A host may take the processor away between two clocks,
; or spend time on translating this code: such a reading takes longer than the others.
; in     EDI APIC address or 0
; out    EBX PIT count, EAX low half of the TSC, EDX APIC count
; clobbers ECX
best_edge:
	mov dword [bp + post_frame.best_width], 0xFFFFFFFF
	mov cx, EDGES
.next:
	push cx
	call pit_edge
	mov ecx, eax
	sub ecx, [bp + post_frame.edge_start]
	cmp ecx, [bp + post_frame.best_width]
	jae .slower
	mov [bp + post_frame.best_width], ecx
	mov [bp + post_frame.best_tsc], eax
	mov [bp + post_frame.best_apic], edx
	mov [bp + post_frame.best_pit], bx	; the upper half stays 0
.slower:
	pop cx
	loop .next
	mov eax, [bp + post_frame.best_tsc]
	mov edx, [bp + post_frame.best_apic]
	mov ebx, [bp + post_frame.best_pit]
	ret

; Waits until the PIT's count changes, and reads all three clocks at that moment.
; in     EDI APIC address or 0
; out    BX PIT count, EAX low half of the TSC, EDX APIC count, .edge_start
; clobbers ECX
; A PIT that stands still is left after LOOKS; the caller sees no progress.
pit_edge:
	call pit_count
	mov bx, ax
	mov cx, LOOKS
.same:
	rdtsc
	mov [bp + post_frame.edge_start], eax
	call pit_count
	cmp ax, bx
	loope .same
	mov bx, ax
	xor ecx, ecx
	test edi, edi
	jz .tsc
	mov ecx, [fs:edi + APIC_CURRENT]
.tsc:
	rdtsc
	mov edx, ecx
	ret

; out    AX count of channel 2
pit_count:
	mov al, PIT_LATCH2
	out PIT_COMMAND, al
	in al, PIT_DATA2
	mov ah, al
	in al, PIT_DATA2
	xchg al, ah
	ret

; EDX:EAX / ECX
; out    EDX:EAX quotient
; clobbers EBX, flags
divide64:
	mov ebx, eax
	mov eax, edx
	xor edx, edx
	div ecx
	xchg eax, ebx
	div ecx
	mov edx, ebx
	ret

; noted tsc_hz = ticks * VROM_PIT_HZ / counts
; clobbers EAX, EBX, ECX, EDX
measured_frequency:
	mov eax, VROM_PIT_HZ
	mul dword [bp + post_frame.tsc_ticks]
	mov ecx, [bp + post_frame.pit_ticks]
	call divide64
	mov [noted(tsc_hz)], eax
	mov [noted(tsc_hz) + 4], edx
	mov byte [noted(tsc_source)], VROM_SOURCE_PIT
	ret

; Takes a frequency that somebody states, if it agrees with the PIT.
; clobbers EAX, EBX, ECX, EDX, ESI
stated_frequency:
	xor eax, eax
	cpuid
	cmp eax, 0x15
	jb .hypervisor
	push eax
	mov eax, 0x15			; crystal Hz * numerator / denominator
	xor ecx, ecx
	cpuid
	mov esi, eax
	mov eax, ecx
	mul ebx
	mov ecx, esi
	mov si, VROM_SOURCE_LEAF15
	jecxz .leaf16
	call divide64
	call .consider
.leaf16:
	pop eax
	cmp eax, 0x16
	jb .hypervisor
	mov eax, 0x16			; MHz
	xor ecx, ecx
	cpuid
	movzx eax, ax
	mov ecx, 1000000
	mul ecx
	mov si, VROM_SOURCE_LEAF16
	call .consider
.hypervisor:
	mov eax, 0x40000000
	cpuid
	sub eax, 0x40000010		; an answer that is no such leaf is far away
	cmp eax, 0xF0
	jae .backdoor
	mov eax, 0x40000010		; kHz
	cpuid
	mov ecx, 1000
	mul ecx
	mov si, VROM_SOURCE_HYPERVISOR
	call .consider
.backdoor:
	mov eax, BACKDOOR_MAGIC
	mov ecx, BACKDOOR_HZ
	mov dx, BACKDOOR_PORT
	xor ebx, ebx
	in eax, dx
	mov edx, ebx
	mov si, VROM_SOURCE_BACKDOOR
	; fall through

; in     EDX:EAX Hz, SI its source
; Taken if it is within 1/64 of what was measured and nobody was taken before.
; clobbers EAX, EBX, ECX, EDX
.consider:
	cmp byte [noted(tsc_source)], VROM_SOURCE_PIT
	jne .done
	mov ebx, eax
	mov ecx, edx
	sub eax, [noted(tsc_hz)]
	sbb edx, [noted(tsc_hz) + 4]
	jns .positive
	neg eax
	adc edx, 0
	neg edx
.positive:
	test edx, edx
	jnz .done
	push ebx
	mov ebx, [noted(tsc_hz)]
	mov edx, [noted(tsc_hz) + 4]
	shrd ebx, edx, 6
	cmp eax, ebx
	pop ebx
	ja .done
	mov [noted(tsc_hz)], ebx
	mov [noted(tsc_hz) + 4], ecx
	mov ax, si
	mov [noted(tsc_source)], al
.done:
	ret

; The factors, 32.32 fixed point.
; clobbers EAX, EBX, ECX, EDX
scale_factors:
	mov eax, [bp + post_frame.apic_ticks]
	mov ecx, [bp + post_frame.tsc_ticks]
	call fraction
	mov [noted(apic_per_tick)], eax
	mov [noted(apic_per_tick) + 4], edx

	mov eax, VROM_PIT_HZ		; APIC counts a second
	mul dword [bp + post_frame.apic_ticks]
	mov ecx, [bp + post_frame.pit_ticks]
	call divide64
	mov [noted(apic_hz)], eax

	mov eax, NANOSECONDS
	call per_tick
	mov [noted(ns_per_tick)], eax
	mov [noted(ns_per_tick) + 4], edx
	mov eax, VROM_PIT_HZ
	call per_tick
	mov [noted(pit_per_tick)], eax
	mov [noted(pit_per_tick) + 4], edx
	ret

; EAX a second, as a 32.32 factor a TSC tick.
; clobbers EBX, ECX
per_tick:
	mov ecx, [noted(tsc_hz)]
	mov ebx, [noted(tsc_hz) + 4]
.narrow:
	test ebx, ebx			; above 4 GHz both are halved until the divisor fits
	jz fraction
	shrd ecx, ebx, 1
	shr ebx, 1
	shr eax, 1
	jmp .narrow

; EAX / ECX
; out    EDX:EAX as 32.32, rounded up: a device counts too long rather than not enough
; clobbers EBX
fraction:
	xor edx, edx
	div ecx
	mov ebx, eax
	xor eax, eax
	div ecx
	cmp edx, 1			; a rest?
	cmc
	adc eax, 0
	adc ebx, 0
	mov edx, ebx
	ret
