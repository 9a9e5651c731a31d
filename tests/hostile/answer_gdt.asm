; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: loads an empty GDT.
%include "hostile.inc"
	original
	sub esp, 8
	mov word [esp], 7
	image ecx
	mov [esp + 2], ecx
	lgdt [esp]
	add esp, 8
	ret
