; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: comes back with interrupts on.
%include "hostile.inc"
	original
	sti
	ret
