; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: comes back with ESP too low.
%include "hostile.inc"
	original
	pop ecx
	push ecx
	push ecx
	jmp ecx
