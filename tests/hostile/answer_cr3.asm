; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: sets CR3.PWT, or clears it.
%include "hostile.inc"
	original
	mov ecx, cr3
	xor ecx, 8
	mov cr3, ecx
	ret
