; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: #GP, by a selector beyond any table.
%include "hostile.inc"
	mov eax, 0xFFF8
	mov es, eax
	ret
