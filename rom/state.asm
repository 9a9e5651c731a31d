; SPDX-License-Identifier: GPL-2.0-only
; Where vmi_state lies for the caller. POST noted its physical address; the image
; and it are both in the guest's linear mapping, so they keep their distance.
%include "rom.inc"

extern rom_header, rom_config

section .text
bits 32

; A linear mapping shifts addresses by a multiple of this. An image that runs at
; any other distance from where POST saw it is a copy, and has no state.
LINEAR_STEP	equ 0x400000

; Finds the state.
; in     nothing
; out    CF clear: EBX -> vmi_state, ECX = virtual minus physical address.
;        CF set: POST did not run here, found no memory, or this is a copy
; clobbers EAX, flags
global find_state:function (find_state.end - find_state)
find_state:
	call .here
.here:
	pop ebx
	test byte [cs:ebx + rom_config + vrom_config.flags - .here], VROM_CONFIG_TIME
	jz .none
	movzx eax, word [cs:ebx + rom_config + vrom_config.load_segment - .here]
	shl eax, 4
	lea ecx, [ebx + rom_header - .here]
	sub ecx, eax
	test ecx, LINEAR_STEP - 1
	jnz .none
	mov ebx, [cs:ebx + rom_config + vrom_config.state - .here]
	add ebx, ecx
	clc
	ret
.none:
	stc
	ret
.end:
