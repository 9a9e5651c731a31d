; SPDX-License-Identifier: GPL-2.0-only
; Alarms of the PIT: its channel 0 as a device that alarm_next.asm programs.
%include "width.inc"
%include "timers.inc"

extern rom_config, scale

PIT_ONESHOT0	equ 0x30		; channel 0, both bytes, mode 0
PIT_PERIODIC0	equ 0x34		; mode 2
PIT_MODE1_0	equ 0x32
PIT_MODE5_0	equ 0x3A
PIT_MODE6_0	equ 0x3C		; stands for mode 2
PIT_STATUS0	equ 0xE2		; read back the status of channel 0
PIT_OUTPUT	equ 0x80		; of the status: it has counted down
PIT_NO_COUNT	equ 0x40		; it waits for a count
PIT_HIGH_MODES	equ 0x08		; modes 4 to 7
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

; Makes the PIT raise nothing more. A real one needs only a mode without a count.
; An emulated one goes on with the old count, and its interrupt would come up to 55 ms
; later, when the guest may have given its line another use. Two kinds are known:
; QEMU's shows the mode that it was told, and looks at the mode when a count ends: that of
; mode 2 ends a tick late, and in mode 1 the output is low by then. KVM's shows 2 for
; mode 6, and is stopped by a count in mode 5; ticks that a slow guest has missed it raises
; later, even then.
; clobbers EAX
global stop_pit
stop_pit:
	mov al, PIT_ONESHOT0
	call .command
	test al, PIT_NO_COUNT
	jnz .stopped
	mov al, PIT_MODE6_0
	call .command
	test al, PIT_HIGH_MODES
	jnz .keeps_mode
	mov al, PIT_ONESHOT0		; a new count, and it forgets the ticks that it still owes
	call .load
	mov al, PIT_MODE5_0
	jmp short .load
.keeps_mode:
	mov al, PIT_PERIODIC0
	call .load
	mov al, PIT_MODE1_0
	out PIT_COMMAND, al
.stopped:
	ret
.load:
	out PIT_COMMAND, al
	mov al, 0			; 65,536
	out PIT_DATA0, al
	out PIT_DATA0, al
	ret
.command:				; out AL = status
	out PIT_COMMAND, al
	mov al, PIT_STATUS0
	out PIT_COMMAND, al
	in al, PIT_DATA0
	ret

; out    EAX 1 if it has not fired yet, or 0
global pit_is_counting
pit_is_counting:
	mov al, PIT_STATUS0
	out PIT_COMMAND, al
	in al, PIT_DATA0
	test al, PIT_OUTPUT
	setz al
	movzx eax, al
	ret
