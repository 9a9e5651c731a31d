; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: comes back with what lies above its arguments changed.
%include "hostile.inc"
	xor eax, eax
	mov [esp + 4 + 4*4], eax
	ret
