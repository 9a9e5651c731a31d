; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: changes a register that the callee saves.
%include "hostile.inc"
	not esi
	xor eax, eax
	ret
