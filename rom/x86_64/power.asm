; SPDX-License-Identifier: GPL-2.0-only
; Group power in 64-bit mode: neither call comes back. spec/vmi64.abi has the contract of each.
%include "x86_64.inc"
%include "power.inc"

extern rom_config

section .text
bits 64

; 36 Reboot: void Reboot(u32 how)
; in     RDI 0 soft, anything else hard (power cycle where the chipset can)
; out    does not return
begin vmi64_reboot
	reboot edi
	push 0				; an empty IDT: the next fault resets
	push 0
	lidt [rsp]
	int3
end vmi64_reboot

; 37 Shutdown: void Shutdown(void)
; in     nothing
; out    does not return
; Writes what POST found in the ACPI tables; else halts for ever.
begin vmi64_shutdown
	shutdown rom_config
end vmi64_shutdown
