; SPDX-License-Identifier: GPL-2.0-only
; POST's way to all of memory: FS with base 0 and a limit of 4 GiB, in real mode.
%include "post.inc"

CR0_PE		equ 1
FLAT_SELECTOR	equ 8
REAL_SELECTOR	equ 16

; Opens FS for all of memory, or gives it back the limit of real mode.
; in     real mode, interrupts off
; out    open: CF set if there is no way, in virtual-8086 mode; FS = 0
; clobbers EAX, EDX, BX, flags
global flat_open, flat_close
flat_open:
	mov eax, cr0
	test al, CR0_PE			; virtual-8086 mode: somebody else's machine
	stc
	jnz load_fs_limit.done
	mov bx, FLAT_SELECTOR
	jmp load_fs_limit
flat_close:
	mov bx, REAL_SELECTOR
load_fs_limit:
	push bp
	sub sp, 16
	mov bp, sp
	o32 sgdt [bp]
	mov word [bp + 8], gdt.end - gdt - 1
	mov eax, cs
	shl eax, 4
	mov dx, gdt			; 16 bits: the image holds no 32-bit address
	movzx edx, dx
	add eax, edx
	mov [bp + 10], eax
	o32 lgdt [bp + 8]
	mov eax, cr0
	or al, CR0_PE
	mov cr0, eax
	jmp short $ + 2
	mov fs, bx
	and al, ~CR0_PE & 0xFF
	mov cr0, eax
	jmp short $ + 2
	o32 lgdt [bp]
	add sp, 16
	pop bp
	xor ax, ax
	mov fs, ax
	clc
.done:
	ret

align 8, db 0
gdt:
	dq 0
	dq 0x00CF93000000FFFF		; base 0, limit 4 GiB; accessed already, so
	dq 0x000093000000FFFF		; base 0, limit 64 KiB; that loading writes nothing
.end:

