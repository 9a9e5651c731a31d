; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: another address each time it is asked, by the time stamp.
%include "hostile.inc"
	original
	push eax
	push edx
	rdtsc				; low word: never twice the same
	mov ecx, eax
	pop edx
	pop eax
	xor eax, ecx
	ret
