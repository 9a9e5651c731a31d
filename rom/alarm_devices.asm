; SPDX-License-Identifier: GPL-2.0-only
; What the alarms and the group apic do to the devices. Its instructions are the same bytes in
; 32 and in 64 bit, which the build checks, so one copy serves both: no pointer is computed (of
; EDI alone the low half is looked at, and a page's is never APIC_BY_MSR), and INC and DEC have
; no short form.
%include "width.inc"
%include "timers.inc"

LVTT_MODES	equ 0x60000
APIC_ESR	equ 0x280
X2APIC_MSRS	equ 0x800
PIT_MODE1_0	equ 0x32
PIT_MODE5_0	equ 0x3A
PIT_MODE6_0	equ 0x3C		; stands for mode 2
PIT_STATUS0	equ 0xE2		; read back the status of channel 0
PIT_OUTPUT	equ 0x80		; of the status: it has counted down
PIT_NO_COUNT	equ 0x40		; it waits for a count
PIT_HIGH_MODES	equ 0x08		; modes 4 to 7

section .text
bits WIDTH

; Makes the APIC timer count, in its mode of vmi_alarms.device_periodic.
; in     EAX count, EBP log2 of the divider, up to 7; ESI, EDI
; clobbers EAX, ECX, EDX, EBP
global start_apic
start_apic:
	push xax
	lea ebp, [xbp - 1]		; the register counts 2, 4, ... 128, 1
	and ebp, 7
	mov ecx, ebp
	and ecx, 4
	add ebp, ecx			; bit 2 of the choice is bit 3 of the register
	mov ecx, APIC_DIVIDE
	call apic_get
	cmp eax, ebp
	jne .stop
	mov ecx, APIC_LVTT
	call apic_get
	test eax, LVTT_MODES
	jnz .stop
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	je .count
.stop:					; or the old count would go on in the new mode
	call stop_apic
	mov eax, ebp
	mov ecx, APIC_DIVIDE
	call apic_put
	mov ecx, APIC_LVTT
	call apic_get
	and eax, ~LVTT_MODES
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	je .mode
	or eax, LVTT_PERIODIC
.mode:
	mov ecx, APIC_LVTT
	call apic_put
.count:
	pop xax
	mov ecx, APIC_INITIAL
	; fall through

; Writes EAX to register ECX of the APIC at EDI.
; clobbers EAX, ECX, EDX, flags
global apic_put
apic_put:
	cmp edi, APIC_BY_MSR
	je .msr
	mov [xdi + xcx], eax
	ret
.msr:
	mov edx, x2_writable - x2_readable
	call x2_register
	jc .none
	cmp cl, APIC_ESR >> 4
	jne .put
	xor eax, eax			; anything else faults
.put:
	xor edx, edx
	wrmsr
.none:
	ret

; EAX = register ECX of the APIC at EDI.
; clobbers ECX, EDX, flags
global apic_get
apic_get:
	cmp edi, APIC_BY_MSR
	je .msr
	mov eax, [xdi + xcx]
	ret
.msr:
	xor edx, edx
	call x2_register
	mov eax, 0
	jc .none
	rdmsr
.none:
	ret

; An x2APIC faults where it has no register, or not for this direction.
; in     ECX offset, EDX from x2_readable to the mask
; out    CF clear: ECX = its MSR
; clobbers flags
x2_register:
	push xbx
	call .here
.here:
	pop xbx
	shr ecx, 4
	[warning -prefix-seg]		; which means nothing in 64 bit
	bt [cs:xbx + xdx + x2_readable - .here], ecx
	[warning *prefix-seg]
	pop xbx
	lea ecx, [xcx + X2APIC_MSRS]
	cmc
	ret

; Bit = offset / 16. What only some processors have (CMCI) is left to the guest.
align 4, db 0xCC
x2_readable:				; ID, version, TPR, PPR, LDR, SVR, ISR, TMR; IRR,
	dd 0xFFFFA50C, 0x43FD01FF	; ESR, ICR, LVTs, the timer's three
x2_writable:				; TPR, EOI, SVR; ESR, ICR, LVTs, initial count, divider,
	dd 0x00008900, 0xC1FD0100	; self IPI

; in     EDI
; clobbers EAX, ECX, EDX
global stop_apic
stop_apic:
	mov ecx, APIC_INITIAL
	xor eax, eax
	jmp apic_put

; in     EDI
; out    EAX 1 if it has not fired yet, or 0
; clobbers ECX, EDX
global apic_is_counting
apic_is_counting:
	mov ecx, APIC_CURRENT
	call apic_get
	neg eax
	sbb eax, eax
	neg eax
	ret

; The count has ended: has it fired? Its interrupt must be requested or in service: an
; emulated timer may be behind its own count, and what has been served is no longer armed,
; since the end of its interrupt told. Stopped before that look, it cannot raise the
; interrupt after it.
; in     EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
global apic_has_raised
apic_has_raised:
	push xbx
	call stop_apic
	mov ecx, APIC_LVTT
	call apic_get
	movzx ebx, al			; the vector: 32 to a register, 16 bytes apart
	mov ecx, ebx
	shr ecx, 5
	shl ecx, 4
	add ecx, APIC_ISR
	push xcx
	call apic_get
	pop xcx
	push xax
	add ecx, APIC_IRR - APIC_ISR
	call apic_get
	pop xcx
	or ecx, eax
	xor eax, eax
	bt ecx, ebx
	setc al
	pop xbx
	ret

; Makes the PIT raise nothing more. A real one needs only a mode without a count.
; An emulated one goes on with the old count, and its interrupt would come up to 55 ms
; later, when the guest may have given its line another use. Two kinds are known:
; QEMU's shows the mode that it was told, and looks at the mode when a count ends: that of
; mode 2 ends a tick late, and in mode 1 the output is low by then. KVM's shows 2 for
; mode 6, and is stopped by a count in mode 5; ticks that a slow guest has missed it raises
; later, even then.
; clobbers EAX
global stop_pit
stop_pit:
	mov al, PIT_ONESHOT0
	call .command
	test al, PIT_NO_COUNT
	jnz .stopped
	mov al, PIT_MODE6_0
	call .command
	test al, PIT_HIGH_MODES
	jnz .keeps_mode
	mov al, PIT_ONESHOT0		; a new count, and it forgets the ticks that it still owes
	call .load
	mov al, PIT_MODE5_0
	jmp short .load
.keeps_mode:
	mov al, PIT_PERIODIC0
	call .load
	mov al, PIT_MODE1_0
	out PIT_COMMAND, al
.stopped:
	ret
.load:
	out PIT_COMMAND, al
	mov al, 0			; 65,536
	out PIT_DATA0, al
	out PIT_DATA0, al
	ret
.command:				; out AL = status
	out PIT_COMMAND, al
	mov al, PIT_STATUS0
	out PIT_COMMAND, al
	in al, PIT_DATA0
	ret

; out    EAX 1 if it has not fired yet, or 0
global pit_is_counting
pit_is_counting:
	mov al, PIT_STATUS0
	out PIT_COMMAND, al
	in al, PIT_DATA0
	test al, PIT_OUTPUT
	setz al
	movzx eax, al
	ret
