; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: loads an empty IDT.
%include "hostile.inc"
	original
	sub esp, 8
	mov word [esp], 0
	mov dword [esp + 2], 0
	lidt [esp]
	add esp, 8
	ret
