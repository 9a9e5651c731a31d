; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: addresses outside the image.
%include "hostile.inc"
	original
	test edx, edx
	jz .done
	image eax
	movzx ecx, byte [cs:eax + vrom_header.rom_length]
	shl ecx, 9
	add eax, ecx
.done:
	ret
