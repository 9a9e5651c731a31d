; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: loads an empty IDT.
%include "hostile.inc"
	sub esp, 8
	mov word [esp], 0
	mov dword [esp + 2], 0
	lidt [esp]
	add esp, 8
	xor eax, eax
	ret
