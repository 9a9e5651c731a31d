; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: answers an error.
%include "hostile.inc"
	mov eax, 0xBAD
	ret
