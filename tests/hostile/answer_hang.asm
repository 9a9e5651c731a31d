; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: never returns, interrupts off.
%include "hostile.inc"
	cli
	jmp $
