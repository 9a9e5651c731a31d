; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: sets a reserved bit of EDX.
%include "hostile.inc"
	original
	or edx, 0x100
	ret
