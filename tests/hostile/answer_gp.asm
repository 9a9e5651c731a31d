; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: #GP, by a selector beyond any table.
%include "hostile.inc"
	mov ecx, 0xFFF8
	mov es, ecx
	ret
