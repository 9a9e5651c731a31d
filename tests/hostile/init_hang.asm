; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: never returns, interrupts off.
%include "hostile.inc"
	cli
	jmp $
