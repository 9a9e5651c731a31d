; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: comes back with the direction flag set.
%include "hostile.inc"
	xor eax, eax
	std
	ret
