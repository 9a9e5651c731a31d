; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: changes EBX.
%include "hostile.inc"
	original
	not ebx
	ret
