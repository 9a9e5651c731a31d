; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: empties ES.
%include "hostile.inc"
	xor eax, eax
	mov es, eax
	ret
