; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: sets CR0.AM, or clears it.
%include "hostile.inc"
	mov eax, cr0
	xor eax, 0x40000
	mov cr0, eax
	xor eax, eax
	ret
