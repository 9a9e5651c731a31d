; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: a type that does not exist, for every call.
%include "hostile.inc"
	original
	mov edx, VMI_RELOCATION_NOP + 1
	ret
