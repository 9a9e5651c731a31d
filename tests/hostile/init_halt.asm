; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: halts, interrupts off.
%include "hostile.inc"
	cli
.again:
	hlt
	jmp .again
