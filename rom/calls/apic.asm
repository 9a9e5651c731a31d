; SPDX-License-Identifier: GPL-2.0-only
; Group apic: registers of the local APIC, wherever the guest maps it.
; spec/vmi.abi has the contract of each; segments are flat.
%include "width.inc"
%include "timers.inc"

extern find_state, find_apic, apic_get, apic_put
extern alarm_kept_periodic, alarm_rewired, alarm_ends, alarm_next

section .text
bits WIDTH

APIC_ALIGN	equ 0x0F
APIC_LAST	equ 0x3F0
APIC_ICR_HIGH	equ 0x310
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
	save xbx, xsi, xdi, xbp
	push ARG2_WORD
	call apic_register
	pop xax
	jc .done
	cmp ebp, APIC_EOI
	je .end_of_interrupt
	cmp ebp, APIC_LVTT
	jne .write
	pushf
	cli				; an interrupt may set alarms
	push xax
	call cpu_alarms
	pop xax
	jc .no_alarms
	call alarm_kept_periodic
	mov ecx, ebp
	call apic_put
	call alarm_rewired
	jmp short .told
.no_alarms:
	popf
.write:
	call is_x2_icr
	je .icr
	mov ecx, ebp
	call apic_put
.done:
	restore xbp, xdi, xsi, xbx
	ret
.icr:
	push xax
	call cpu_alarms
	pop xax
	jc .done
	cmp ebp, APIC_ICR
	je .send
	mov [xsi + vmi_alarms.icr_high], eax
	jmp short .done
.send:
	mov edx, [xsi + vmi_alarms.icr_high]
	mov ecx, X2APIC_ICR
	wrmsr
	jmp short .done
.end_of_interrupt:
	pushf
	cli
	call cpu_alarms
	mov eax, 0
	jc .ends
	call alarm_ends
.ends:
	mov ebp, eax
	xor eax, eax			; an x2APIC takes nothing else
	mov ecx, APIC_EOI
	call apic_put
	test ebp, ebp
	jz .told
	call alarm_next
.told:
	popf
	jmp short .done
end vmi_apic_write

; 64 APICRead: u32 APICRead(u32 reg)
; in     EAX register, as above
; out    EAX value; 0 where there is no such register or no APIC is found
; clobbers ECX, EDX, flags
; In x2APIC mode offset 0x310 reads what call 63 wrote there last.
begin vmi_apic_read
	save xbx, xsi, xdi, xbp
	call apic_register
	jc .none
	call is_x2_icr
	jne .register
	cmp ebp, APIC_ICR
	je .register
	call cpu_alarms
	jc .none
	mov eax, [xsi + vmi_alarms.icr_high]
	jmp short .done
.register:
	mov ecx, ebp
	call apic_get
	jmp short .done
.none:
	xor eax, eax
.done:
	restore xbp, xdi, xsi, xbx
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
	mov ebp, ARG1
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

ALARMS_SHIFT	equ 6
	times -(1 << ALARMS_SHIFT != vmi_alarms_size) db 0	; an error if spec/ changes that

; in     EBX, EDI
; out    CF clear: ESI -> this processor's vmi_alarms
; clobbers EAX, ECX, EDX
global cpu_alarms
cpu_alarms:
	mov ecx, APIC_ID
	call apic_get
	cmp edi, APIC_BY_MSR		; there the id has all 32 bits
	je .id
	shr eax, 24
.id:
	cmp eax, VMI_STATE_CPUS
	jae .none
	shl eax, ALARMS_SHIFT		; CF is clear
	lea xsi, [xbx + xax + vmi_state.cpus]
	ret
.none:
	stc
	ret
