; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: sets CR4.TSD, or clears it.
%include "hostile.inc"
	mov eax, cr4
	xor eax, 4
	mov cr4, eax
	xor eax, eax
	ret
