; SPDX-License-Identifier: GPL-2.0-only
; An option ROM whose POST removes every VMI ROM below 0xE0000 from the window: it clears the
; two bytes of the signature. The build appends the byte that makes the sum 0.
	bits	16
	%include "vmi_abi.inc"

rom:	dw	VROM_SIGNATURE
	db	1			; blocks
	jmp	near post
	times	0x1A - ($ - rom) db 0
	dw	pnp - rom
	times	0x20 - ($ - rom) db 0
pnp:	db	"$PnP", 1, 2		; revision, length in 16 bytes
	times	26 db 0

; In: called far by the firmware. Clobbers: nothing.
post:	push	ds
	push	eax
	mov	ax, VROM_WINDOW_BASE >> 4
.next:	mov	ds, ax
	cmp	dword [8], VROM_VMI_SIGNATURE
	jne	.step
	mov	word [0], 0
.step:	add	ax, VROM_WINDOW_STEP >> 4
	cmp	ax, VROM_CLIENT_WINDOW_END >> 4
	jb	.next
	pop	eax
	pop	ds
	retf
	times	VROM_BLOCK - 1 - ($ - rom) db 0
