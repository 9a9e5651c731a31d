; SPDX-License-Identifier: GPL-2.0-only
; POST: runs once, in real mode, while the firmware scans for option ROMs. Notes
; where it is in the config block, drops itself from the image and says so.
%include "rom.inc"

extern rom_header, rom_config, vmi_profile_name, rom_image_blocks, rom_resident_blocks
extern rom_release, rom_pcir, acpi_power_off

section .post progbits alloc exec nowrite align=16
bits 16

; POST entry, called far by the firmware at offset 3.
; in     CS = segment of the image, ES:DI -> PnP installation check (unused),
;        a stack of some KiB; the image is writable on PC firmware
; out    AX = 0: no boot device attached
; clobbers AX, flags
global post_entry:function (post_entry.end - post_entry)
post_entry:
	pushad
	push ds
	push es
	push cs
	pop ds
	cld
	mov si, text_greeting
	call print
	mov si, rom_release
	call print
	mov si, text_abi
	call print
	mov si, vmi_profile_name
	call print
	mov si, text_at
	call print
	mov ax, cs
	call print_hex16
	mov al, '0'			; segment * 16
	call print_char
	call acpi_power_off
	jnc .power
	xor ax, ax
	xor dx, dx
.power:
	mov si, ax			; both survive in the config block only
	mov di, dx
	call note_and_shrink
	mov si, text_shadow
	jc .said
	mov si, text_resident
	call print
	movzx ax, byte [rom_header + vrom_header.rom_length]
	call print_blocks
	mov si, text_of
	call print
	movzx ax, byte [rom_config + vrom_config.image_blocks]
	call print_blocks
	mov si, text_stay
	call print
	mov si, text_no_power
	cmp word [rom_config + vrom_config.power_port], 0
	je .said
	mov si, text_power
	call print
	mov ax, [rom_config + vrom_config.power_port]
	call print_hex16
	mov si, text_end
.said:
	call print
	pop es
	pop ds
	popad
	xor ax, ax
	retf
.end:

; Fills the config block and cuts the image down to its resident part. The sum
; is mended by the difference of each byte changed or dropped and never taken
; anew, so that damage done before POST stays visible.
; in     DS = CS; SI = power-off port, DI = value to write there (0: none)
; out    CF set if the image is read-only: nothing was changed
; clobbers AX, BX, CX, flags
note_and_shrink:
	mov bx, rom_config + vrom_config.flags
	mov al, [bx]
	or al, VROM_CONFIG_POSTED
	call store
	test byte [bx], VROM_CONFIG_POSTED
	stc
	jz .done
	mov ax, cs
	mov bx, rom_config + vrom_config.load_segment
	call store_word
	mov ax, si
	mov bx, rom_config + vrom_config.power_port
	call store_word
	mov ax, di
	mov bx, rom_config + vrom_config.power_value
	call store_word

	movzx cx, byte [rom_header + vrom_header.rom_length]
	movzx bx, byte [rom_config + vrom_config.resident_blocks]
	sub cx, bx
	jbe .kept			; nothing to drop, or shrunk already
	shl cx, 9
	shl bx, 9
.drop:
	mov al, [bx]
	add [rom_header + vrom_header.rom_pad0], al
	inc bx
	loop .drop
	mov al, [rom_config + vrom_config.resident_blocks]
	mov bx, rom_header + vrom_header.rom_length
	call store
	mov bx, rom_pcir + vrom_pcir.image_length
	call store
.kept:
	clc
.done:
	ret

; Stores AX at [BX] as store does.
; clobbers AX, BX, flags
store_word:
	call store
	mov al, ah
	inc bx
; Stores AL at [BX] and takes the difference out of the image's sum.
; clobbers flags
store:
	push ax
	sub al, [bx]
	sub [rom_header + vrom_header.rom_pad0], al
	pop ax
	mov [bx], al
	ret

; Prints AX 512-byte blocks as a decimal number of bytes.
; clobbers AX, CX, DX, flags
print_blocks:
	shl ax, 9
; Prints AX in decimal.
print_decimal:
	push bx
	mov bx, 10
	xor cx, cx
.digit:
	xor dx, dx
	div bx
	push dx
	inc cx
	test ax, ax
	jnz .digit
.next:
	pop ax
	add al, '0'
	call print_char
	loop .next
	pop bx
	ret

; Prints AX as four hex digits.
; clobbers AX, CX, flags
print_hex16:
	mov cx, 4
.digit:
	rol ax, 4
	push ax
	and al, 15
	cmp al, 10
	sbb al, 0x69			; 0-9 and a-f without a table
	das
	or al, 0x20
	call print_char
	pop ax
	loop .digit
	ret

; Prints the NUL-terminated string at SI.
; clobbers AL, SI, flags
print:
	lodsb
	test al, al
	jz .done
	call print_char
	jmp print
.done:
	ret

; Prints AL on the firmware's debug port, if there is one.
; clobbers flags
print_char:
	push dx
	push ax
	mov dx, VROM_DEBUG_PORT
	in al, dx
	cmp al, VROM_DEBUG_PRESENT
	pop ax
	jne .none
	out dx, al
.none:
	pop dx
	ret

text_greeting:
	db 'pvrom ', 0
text_abi:
	db ': VMI ', '0' + VROM_API_MAJOR, '.', '0' + VROM_API_MINOR, ', profile ', 0
text_at:
	db ', at 0x000', 0
text_resident:
	db ', ', 0
text_of:
	db ' of ', 0
text_stay:
	db ' bytes stay resident, ', 0
text_power:
	db 'power off at port 0x', 0
text_no_power:
	db 'no ACPI power port'
text_end:
	db 10, 0
text_shadow:
	db ', read-only: nothing noted, the whole image stays', 10, 0
