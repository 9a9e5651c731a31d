; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: #PF, by a page that nothing maps.
%include "hostile.inc"
	mov eax, 0x40000000
	mov [eax], eax
	xor eax, eax
	ret
