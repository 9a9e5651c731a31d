; SPDX-License-Identifier: GPL-2.0-only
; Where vmi_state lies for the caller. POST noted its physical address; the image
; and it are both in the guest's linear mapping, so they keep their distance.
%include "rom.inc"

extern rom_header, rom_config

section .text
bits 32

; Finds the state. An image that runs at a distance from where POST saw it that is no
; multiple of VROM_LINEAR_STEP is a copy, and has a state only if it was told.
; in     nothing
; out    CF clear: EAX -> rom_config, EBX -> vmi_state, ECX = virtual minus physical address,
;        or NO_LINEAR in a copy that SetMapping told of it.
;        CF set: POST did not run here, found no memory, or this is a copy
; clobbers EAX, flags
global find_state:function (find_state.end - find_state)
find_state:
	call .here
.here:
	pop ebx
	lea eax, [ebx + rom_config - .here]
	test byte [cs:eax + vrom_config.flags], VROM_CONFIG_LINEAR
	jz .told
	lea ebx, [ebx + rom_header - .here]
	sub ebx, [cs:eax + vrom_config.load_address]
	mov ecx, ebx
	test ecx, VROM_LINEAR_STEP - 1
	jnz .none
	add ebx, [cs:eax + vrom_config.state]
	clc
	ret
.told:
	mov ebx, [cs:eax + vrom_config.state_linear]
	mov ecx, NO_LINEAR
	test ebx, ebx
	jnz .found
.none:
	stc
.found:					; CF is clear
	ret
.end:

; Forgets what a guest told: FORGET_MAPPINGS, or with the alarms that it armed FORGET_ALL.
; in     ECX how much
; out    CF clear: ECX -> vmi_state; CF set: there is none
; clobbers EAX, EDX, flags
global forget_guest:function (forget_guest.end - forget_guest)
forget_guest:
	push ebx
	push edi
	push ecx
	call find_state
	pop ecx
	jc .done
	lea edi, [ebx + vmi_state.linear_bound]
	xor eax, eax
	rep stosd
	mov dword [ebx + vmi_state.linear_bound], VMI_STATE_LINEAR_BOUND
	mov ecx, ebx			; CF is clear
.done:
	pop edi
	pop ebx
	ret
.end:
