; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: sets CR3.PWT, or clears it.
%include "hostile.inc"
	mov eax, cr3
	xor eax, 8
	mov cr3, eax
	xor eax, eax
	ret
