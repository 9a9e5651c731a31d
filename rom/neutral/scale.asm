; SPDX-License-Identifier: GPL-2.0-only
; Multiplication of wide numbers.
%include "neutral/neutral.inc"

section .text
bits WIDTH

; EDX:EAX = EDX:EAX * EDI.ECX, a 32.32 factor; what overflows is lost.
; clobbers flags
global scale
scale:
	push xbx
	push xsi
	push xbp
	mov esi, edx
	mov ebx, eax
	mul ecx
	mov ebp, edx
	mov eax, esi
	mul ecx
	add ebp, eax
	adc edx, 0
	push xdx
	mov eax, ebx
	mul edi
	add ebp, eax
	adc [xsp], edx
	imul esi, edi
	pop xdx
	add edx, esi
	mov eax, ebp
	pop xbp
	pop xsi
	pop xbx
	ret
