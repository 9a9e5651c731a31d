; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: NOP for the control registers, which must not have it.
%include "hostile.inc"
	cmp eax, VMI_CALL_SetCR0
	jb .keep
	cmp eax, VMI_CALL_GetCR4
	ja .keep
	mov edx, VMI_RELOCATION_NOP
	xor eax, eax
	ret
.keep:
	original
	ret
