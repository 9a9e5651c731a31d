; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: halts, interrupts off.
%include "hostile.inc"
	cli
.again:
	hlt
	jmp .again
