; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: JUMP_REL where the original has none, NOP where it has one.
%include "hostile.inc"
	original
	cmp edx, VMI_RELOCATION_JUMP_REL
	mov edx, VMI_RELOCATION_JUMP_REL
	jne .done
	mov edx, VMI_RELOCATION_NOP
.done:
	ret
