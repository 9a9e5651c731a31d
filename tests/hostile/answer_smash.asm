; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: comes back with what lies above its arguments changed.
%include "hostile.inc"
	original
	mov [esp + 4 + 4*4], ecx
	ret
