; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: clears CR0.WP, or sets it.
%include "hostile.inc"
	original
	mov ecx, cr0
	xor ecx, 0x10000
	mov cr0, ecx
	ret
