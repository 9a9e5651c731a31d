; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: comes back with the direction flag set.
%include "hostile.inc"
	original
	std
	ret
