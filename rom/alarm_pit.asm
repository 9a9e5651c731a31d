; SPDX-License-Identifier: GPL-2.0-only
; Alarms of the PIT: its channel 0 as a device that alarm_next.asm programs.
%include "width.inc"
%include "timers.inc"

extern rom_config, scale

PIT_MAX		equ 0xFFFF

section .text
bits WIDTH

; Makes the PIT count EDX:EAX ticks, rounded up.
; in     ESI
; clobbers EAX, EBX, ECX, EDX
global program_pit
program_pit:
	here xbx
	w_scale IMAGE + rom_config + vrom_config.pit_per_tick
	w_add_number xax, xdx, 2	; rounded up, and a count of 1 is none in mode 2
%if WIDTH == 32
	jnz .longest
%endif
	cmp xax, PIT_MAX
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
	dec ecx				; mode 2 reloads without the extra count
.mode:
	out PIT_COMMAND, al
	mov al, cl
	out PIT_DATA0, al
	mov al, ch
	out PIT_DATA0, al
	ret
