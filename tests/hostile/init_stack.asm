; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: comes back with ESP too low.
%include "hostile.inc"
	pop ecx
	push ecx
	push ecx
	xor eax, eax
	jmp ecx
