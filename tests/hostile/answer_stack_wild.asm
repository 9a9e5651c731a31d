; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: faults with ESP where nothing is mapped.
%include "hostile.inc"
	mov esp, 0x40000000
	push eax
	ret
