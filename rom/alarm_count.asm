; SPDX-License-Identifier: GPL-2.0-only
; How much a device counts until an alarm. The same bytes in both widths, once (rom/neutral/neutral.inc).
%include "neutral/neutral.inc"
%include "timers.inc"

extern rom_config, scale, start_apic

PIT_MAX		equ 0xFFFF
APIC_SHIFT_MAX	equ 7			; it divides by up to 128

section .text
bits WIDTH

; by FACTOR: EDX:EAX ticks times a factor of the config block. EBX and ECX are lost.
%macro by 1
	call %%here
%%here:
	pop xbx
	mov ecx, [xbx + rom_config + vrom_config.%1 - %%here]
	push xdi
	mov edi, [xbx + rom_config + vrom_config.%1 + 4 - %%here]
	call scale
	pop xdi
%endmacro

; Makes the APIC timer count EDX:EAX ticks, rounded up.
; in     ESI, EDI
; clobbers EAX, EBX, ECX, EDX, EBP
global program_apic
program_apic:
	by apic_per_tick
	add eax, 1
	adc edx, 0
	xor ebp, ebp			; log2 of the divider
.divide:
	test edx, edx
	jz .fits
	cmp ebp, APIC_SHIFT_MAX
	je .longest
	add ebp, 1
	add eax, 1
	adc edx, 0
	shrd eax, edx, 1
	shr edx, 1
	jmp short .divide
.longest:
	mov eax, 0xFFFFFFFF
.fits:
	jmp start_apic

; Makes the PIT count EDX:EAX ticks, rounded up.
; in     ESI
; clobbers EAX, EBX, ECX, EDX
global program_pit
program_pit:
	by pit_per_tick
	add eax, 2			; rounded up, and a count of 1 is none in mode 2
	adc edx, 0
	jnz .longest
	cmp eax, PIT_MAX
	jbe .fits
.longest:
	mov byte [xsi + vmi_alarms.device_periodic], 0
	mov eax, PIT_MAX
.fits:
	mov ecx, eax
	mov al, PIT_ONESHOT0
	cmp byte [xsi + vmi_alarms.device_periodic], 0
	je .mode
	mov al, PIT_PERIODIC0
	sub ecx, 1			; mode 2 reloads without the extra count
.mode:
	out PIT_COMMAND, al
	mov al, cl
	out PIT_DATA0, al
	mov al, ch
	out PIT_DATA0, al
	ret
