; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: empties FS, or fills it.
%include "hostile.inc"
	mov ecx, fs
	xor eax, eax
	test ecx, ecx
	jnz .set
	mov eax, ds
.set:
	mov fs, eax
	xor eax, eax
	ret
