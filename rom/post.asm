; SPDX-License-Identifier: GPL-2.0-only
; POST: runs once, in real mode, while the firmware scans for option ROMs. Looks at
; the machine, notes what it found in the config block, drops itself from the image
; and says so.
%include "post.inc"

extern rom_header, rom_config, rom_pcir
extern flat_open, flat_close, acpi_power_off, measure_clocks, read_clock, allocate_state
extern greet, report
%ifndef NO_BACKENDS
extern find_leaves, find_platform
%endif

CMOS_CENTURY	equ 0x32		; unless the FADT says otherwise

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
	push fs
	push cs
	pop ds
	cld
	sub sp, post_frame_size
	mov bp, sp
	call start_frame
	pushfd
	cli
	call flat_open
	jc .blind			; the image still works, without time and power
	call measure_clocks
	call acpi_power_off
	cmp byte [noted(tsc_source)], VROM_SOURCE_NONE
	je .no_clock
	call read_clock
%ifndef NO_BACKENDS
	call find_leaves		; which say how much memory is needed
%endif
	call allocate_state
	cmp dword [noted(state)], 0
	je .timed
	or byte [noted(flags)], VROM_CONFIG_TIME | VROM_CONFIG_LINEAR
%ifndef NO_BACKENDS
	call find_platform
%endif
.timed:
	rdtsc
	sub eax, [bp + post_frame.start_tsc]
	sbb edx, [bp + post_frame.start_tsc + 4]
	neg edx				; more than 32 bits count as all of them
	sbb edx, edx
	or eax, edx
	mov [noted(post_ticks)], eax
.no_clock:
	call flat_close
.blind:
	popfd
	call greet
	call note_and_shrink
	call report
	add sp, post_frame_size
	pop fs
	pop es
	pop ds
	popad
	xor ax, ax
	retf
.end:

; Clears the frame and copies the image's config block into it.
; in     SS:BP -> post_frame
; clobbers AX, CX, SI, DI, ES
start_frame:
	push ss
	pop es
	mov di, bp
	mov cx, post_frame_size
	xor al, al
	rep stosb
	lea di, [bp + post_frame.config]
	mov si, rom_config
	mov cx, vrom_config_size
	rep movsb
	or byte [noted(flags)], VROM_CONFIG_POSTED
	mov [noted(load_segment)], cs
	mov ax, cs
	movzx eax, ax
	shl eax, 4
	mov [noted(load_address)], eax
	mov byte [bp + post_frame.century], CMOS_CENTURY
	ret

; Writes the config block and cuts the image down to its resident part. The sum
; is mended by the difference of each byte changed or dropped and never taken
; anew, so that damage done before POST stays visible.
; in     DS = CS, SS:BP -> post_frame
; out    CF set if the image is read-only: nothing was changed
; clobbers AX, BX, CX, SI, flags
note_and_shrink:
	mov bx, rom_config + vrom_config.flags
	mov al, [noted(flags)]
	call store
	test byte [bx], VROM_CONFIG_POSTED
	stc
	jz .done
	xor si, si
.note:
	mov al, [bp + si + post_frame.config]
	lea bx, [si + rom_config]
	call store
	inc si
	cmp si, vrom_config_size
	jb .note

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

; Stores AL at [BX] and takes the difference out of the image's sum.
; clobbers flags
global store
store:
	push ax
	sub al, [bx]
	sub [rom_header + vrom_header.rom_pad0], al
	pop ax
	mov [bx], al
	ret
