; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: #PF, by a page that nothing maps.
%include "hostile.inc"
	mov ecx, 0x40000000
	mov [ecx], ecx
	ret
