; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: clears CR0.WP, or sets it.
%include "hostile.inc"
	mov eax, cr0
	xor eax, 0x10000
	mov cr0, eax
	xor eax, eax
	ret
