; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: comes back with interrupts on.
%include "hostile.inc"
	xor eax, eax
	sti
	ret
