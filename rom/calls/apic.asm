; SPDX-License-Identifier: GPL-2.0-only
; Group apic: registers of the local APIC, wherever the guest maps it.
; spec/vmi.abi has the contract of each; segments are flat.
%include "rom.inc"
%include "timers.inc"

extern find_state, find_apic, cpu_alarms
extern alarm_kept_periodic, alarm_rewired, alarm_ends, alarm_next

section .text
bits 32

APIC_OFFSET	equ 0xFFF
APIC_ALIGN	equ 0x0F
APIC_LAST	equ 0x3F0
APIC_EOI	equ 0x0B0
APIC_ICR	equ 0x300
APIC_ICR_HIGH	equ 0x310
APIC_ESR	equ 0x280
X2APIC_MSRS	equ 0x800
X2APIC_ICR	equ 0x830		; all 64 bits

; 63 APICWrite: void APICWrite(u32 reg, u32 value)
; in     EAX register: an offset up to 0x3F0, or an address, of which only the offset
;        counts. What is no register is ignored
;        EDX value
; clobbers EAX, ECX, EDX, flags
; Writes nothing where no APIC is found. A write to LVTT keeps the periodic bit of
; an alarm that is armed so. In x2APIC mode a register has the format of that mode, and
; one that it lacks (DFR) or that cannot be written is ignored; offset 0x310 keeps the
; destination, all 32 bits, and 0x300 sends with it, on processors with an id below 32.
begin vmi_apic_write
	push ebx
	push esi
	push edi
	push ebp
	push edx
	call apic_register
	pop eax
	jc .done
	cmp ebp, APIC_EOI
	je .end_of_interrupt
	cmp ebp, APIC_LVTT
	jne .write
	pushfd
	cli				; an interrupt may set alarms
	call alarm_kept_periodic
	mov ecx, ebp
	call apic_put
	call alarm_rewired
	jmp short .told
.write:
	call is_x2_icr
	je .icr
	mov ecx, ebp
	call apic_put
.done:
	pop ebp
	pop edi
	pop esi
	pop ebx
	ret
.icr:
	push eax
	call cpu_alarms
	pop eax
	jc .done
	cmp ebp, APIC_ICR
	je .send
	mov [esi + vmi_alarms.icr_high], eax
	jmp short .done
.send:
	mov edx, [esi + vmi_alarms.icr_high]
	mov ecx, X2APIC_ICR
	wrmsr
	jmp short .done
.end_of_interrupt:
	pushfd
	cli
	call alarm_ends
	mov ebp, eax
	xor eax, eax			; an x2APIC takes nothing else
	mov ecx, APIC_EOI
	call apic_put
	test ebp, ebp
	jz .told
	call alarm_next
.told:
	popfd
	jmp short .done
end vmi_apic_write

; 64 APICRead: u32 APICRead(u32 reg)
; in     EAX register, as above
; out    EAX value; 0 where there is no such register or no APIC is found
; clobbers ECX, EDX, flags
; In x2APIC mode offset 0x310 reads what call 63 wrote there last.
begin vmi_apic_read
	push ebx
	push esi
	push edi
	push ebp
	call apic_register
	jc .none
	call is_x2_icr
	jne .register
	cmp ebp, APIC_ICR
	je .register
	call cpu_alarms
	jc .none
	mov eax, [esi + vmi_alarms.icr_high]
	jmp short .done
.register:
	mov ecx, ebp
	call apic_get
	jmp short .done
.none:
	xor eax, eax
.done:
	pop ebp
	pop edi
	pop esi
	pop ebx
	ret
end vmi_apic_read

; in     EBP offset, EDI
; out    ZF set: it is half of the ICR, which an x2APIC has in one register
; clobbers ECX
is_x2_icr:
	mov ecx, ebp
	and ecx, ~(APIC_ICR ^ APIC_ICR_HIGH)
	cmp ecx, APIC_ICR
	jne .no
	cmp edi, APIC_BY_MSR
.no:
	ret

; in     EAX register or address
; out    CF clear: EBX -> vmi_state, EDI as find_apic says, EBP = offset
; clobbers EAX, ECX, EDX
apic_register:
	mov ebp, eax
	and ebp, APIC_OFFSET
	test ebp, APIC_ALIGN
	jnz .no
	cmp ebp, APIC_LAST
	ja .no
	call find_state
	jc .no
	jmp find_apic
.no:
	stc
	ret

; Writes EAX to register ECX of the APIC at EDI.
; clobbers EAX, ECX, EDX, flags
global apic_put
apic_put:
	cmp edi, APIC_BY_MSR
	je .msr
	mov [edi + ecx], eax
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
	mov eax, [edi + ecx]
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
	push ebx
	call .here
.here:
	pop ebx
	add ebx, edx
	shr ecx, 4
	bt [cs:ebx + x2_readable - .here], ecx
	pop ebx
	lea ecx, [ecx + X2APIC_MSRS]
	cmc
	ret

; Bit = offset / 16. What only some processors have (CMCI) is left to the guest.
align 4, db 0xCC
x2_readable:				; ID, version, TPR, PPR, LDR, SVR, ISR, TMR; IRR,
	dd 0xFFFFA50C, 0x43FD01FF	; ESR, ICR, LVTs, the timer's three
x2_writable:				; TPR, EOI, SVR; ESR, ICR, LVTs, initial count, divider,
	dd 0x00008900, 0xC1FD0100	; self IPI
