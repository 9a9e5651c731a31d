; SPDX-License-Identifier: GPL-2.0-only
; Group flow: returns from the kernel. DS and ES may be anything. Profiles that
; answer JUMP_REL are entered by a jump; there is no return address to drop.
; spec/vmi.abi has the contract of each.
%include "rom.inc"

section .text
bits 32

; 33 IRET
; in     an interrupt frame at [ESP]
; out    does not return; every register is the interrupted code's
begin vmi_iret
	iretd
end vmi_iret

; 34 SYSEXIT
; in     EDX = EIP, ECX = ESP of user mode
; out    does not return; interrupts are on from user mode's first instruction
begin vmi_sysexit
	sti
	sysexit
end vmi_sysexit
