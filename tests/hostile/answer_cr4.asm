; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: sets CR4.TSD, or clears it.
%include "hostile.inc"
	original
	mov ecx, cr4
	xor ecx, 4
	mov cr4, ecx
	ret
