; SPDX-License-Identifier: GPL-2.0-only
; Group irq: the interrupt flag and halting. DS and ES may be anything, so these
; touch nothing but the stack. spec/vmi.abi has the contract of each.
%include "rom.inc"

section .text
bits 32

; 29 EnableInterrupts: void EnableInterrupts(void)
; in     nothing
; clobbers flags
begin vmi_enable_interrupts
	sti
	ret
end vmi_enable_interrupts

; 30 DisableInterrupts: void DisableInterrupts(void)
; in     nothing
; clobbers flags
begin vmi_disable_interrupts
	cli
	ret
end vmi_disable_interrupts

; 31 GetInterruptMask: u32 GetInterruptMask(void)
; in     nothing
; out    EAX = EFLAGS, all of it: a client may POPF it whole
; clobbers flags
begin vmi_get_interrupt_mask
	pushfd
	pop eax
	ret
end vmi_get_interrupt_mask

; 32 SetInterruptMask: void SetInterruptMask(u32 eflags)
; in     EAX what GetInterruptMask gave
; clobbers flags
begin vmi_set_interrupt_mask
	push eax
	popfd
	ret
end vmi_set_interrupt_mask

; 35 Halt: void Halt(void)
; in     nothing
; clobbers EAX, ECX, EDX, flags
; STI holds interrupts back for one instruction, so none is lost before HLT.
begin vmi_halt
	sti
	hlt
	ret
end vmi_halt
