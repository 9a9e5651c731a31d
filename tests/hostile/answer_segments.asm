; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: empties ES.
%include "hostile.inc"
	original
	xor ecx, ecx
	mov es, ecx
	ret
