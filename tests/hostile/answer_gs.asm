; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: empties GS, or fills it.
%include "hostile.inc"
	original
	push ebx
	mov ebx, gs
	xor ecx, ecx
	test ebx, ebx
	jnz .set
	mov ecx, ds
.set:
	mov gs, ecx
	pop ebx
	ret
