; SPDX-License-Identifier: GPL-2.0-only
; Group power: neither call comes back. spec/vmi.abi has the contract of each.
%include "rom.inc"
%include "power.inc"

extern rom_config

section .text
bits 32

; 36 Reboot: void Reboot(u32 how)
; in     EAX 0 soft, anything else hard (power cycle where the chipset can)
; out    does not return
begin vmi_reboot
	reboot eax
	push dword 0			; an empty IDT: the next fault resets
	push dword 0
	lidt [esp]
	int3
end vmi_reboot

; 37 Shutdown: void Shutdown(void)
; in     nothing
; out    does not return
; Writes what POST found in the ACPI tables; else halts for ever.
begin vmi_shutdown
	call .here
.here:
	pop ecx
	shutdown cs:ecx + rom_config - .here
end vmi_shutdown
