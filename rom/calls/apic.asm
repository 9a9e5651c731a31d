; SPDX-License-Identifier: GPL-2.0-only
; Group apic: registers of the local APIC, wherever the guest maps it.
; spec/vmi.abi has the contract of each; segments are flat.
%include "rom.inc"

extern find_state, find_apic, alarm_kept_periodic, alarm_rewired, alarm_ends, alarm_next

section .text
bits 32

APIC_OFFSET	equ 0xFFF
APIC_ALIGN	equ 0x0F
APIC_LAST	equ 0x3F0
APIC_EOI	equ 0x0B0
APIC_LVTT	equ 0x320
X2APIC_MSRS	equ 0x800

; 63 APICWrite: void APICWrite(u32 reg, u32 value)
; in     EAX register: an offset up to 0x3F0, or an address, of which only the offset
;        counts. What is no register is ignored
;        EDX value
; clobbers EAX, ECX, EDX, flags
; Writes nothing where no APIC is found. A write to LVTT keeps the periodic bit of
; an alarm that is armed so.
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
	mov ecx, ebp
	call apic_put
.done:
	pop ebp
	pop edi
	pop esi
	pop ebx
	ret
.end_of_interrupt:
	pushfd
	cli
	push eax
	call alarm_ends
	mov ebp, eax
	pop eax
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
begin vmi_apic_read
	push ebx
	push edi
	push ebp
	call apic_register
	jc .none
	mov ecx, ebp
	call apic_get
	jmp short .done
.none:
	xor eax, eax
.done:
	pop ebp
	pop edi
	pop ebx
	ret
end vmi_apic_read

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
	call apic_msr
	jc .none
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
	call apic_msr
	mov eax, 0
	jc .none
	rdmsr
.none:
	ret

; in     ECX offset
; out    CF clear: ECX = the MSR of an x2APIC that has it. Those that differ from
;        the memory form, ICR and DFR, are left to the guest's own x2APIC code
; clobbers flags
apic_msr:
	cmp ecx, 0x0E0
	je .no
	cmp ecx, 0x300
	je .no
	cmp ecx, 0x310
	je .no
	shr ecx, 4
	add ecx, X2APIC_MSRS
	clc
	ret
.no:
	stc
	ret
