; SPDX-License-Identifier: GPL-2.0-only
; Group power: neither call comes back. spec/vmi.abi has the contract of each.
%include "rom.inc"

extern rom_config

section .text
bits 32

RESET_CONTROL	equ 0xCF9		; PCI chipsets
RESET_SYSTEM	equ 0x02		; the whole system, not the processor alone
RESET_POWER	equ 0x08		; by a power cycle
RESET_NOW	equ 0x04		; its rise resets
KEYBOARD	equ 0x64
KEYBOARD_BUSY	equ 0x02
KEYBOARD_RESET	equ 0xFE		; pulses the reset line

; 36 Reboot: void Reboot(u32 how)
; in     EAX 0 soft, anything else hard (power cycle where the chipset can)
; out    does not return
begin vmi_reboot
	cli
	test eax, eax
	mov al, RESET_SYSTEM
	jz .chipset
	or al, RESET_POWER
.chipset:
	mov dx, RESET_CONTROL
	out dx, al
	or al, RESET_NOW
	out dx, al
	mov ecx, 0x10000		; a controller that is not there stays busy
.keyboard:
	in al, KEYBOARD
	test al, KEYBOARD_BUSY
	loopnz .keyboard
	mov al, KEYBOARD_RESET
	out KEYBOARD, al
	mov ecx, 0x10000		; the line takes its time
.wait:
	in al, KEYBOARD
	loop .wait
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
	cli
	call .here
.here:
	pop ecx
	movzx edx, word [cs:ecx + rom_config + vrom_config.power_port - .here]
	test edx, edx
	jz .halt
	movzx eax, word [cs:ecx + rom_config + vrom_config.power_value - .here]
	out dx, ax
.halt:
	hlt
	jmp .halt
end vmi_shutdown
