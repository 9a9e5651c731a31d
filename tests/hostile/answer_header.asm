; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: addresses inside the header.
%include "hostile.inc"
	original
	test edx, edx
	jz .done
	image eax
	add eax, vrom_header.vmi_init
.done:
	ret
