; SPDX-License-Identifier: GPL-2.0-only
; Where vmi_state lies for the caller. POST noted its physical address; the image
; and it are both in the guest's linear mapping, so they keep their distance.
%include "width.inc"

extern rom_header, rom_config

section .text
bits WIDTH

; Finds the state. An image that runs at a distance from where POST saw it that is no
; multiple of VROM_LINEAR_STEP is a copy, and has a state only if it was told.
; in     nothing
; out    CF clear: EAX -> rom_config, EBX -> vmi_state, ECX = virtual minus physical address,
;        or NO_LINEAR in a copy that SetMapping told of it.
;        CF set: POST did not run here, found no memory, or this is a copy
; clobbers EAX, flags
internal find_state
	here xbx
	lea xax, [IMAGE_AT + rom_config]
	test byte [CODE xax + vrom_config.flags], VROM_CONFIG_LINEAR
	jz .told
	lea xbx, [IMAGE_AT + rom_header]
	x_sub_half xbx, CODE xax + vrom_config.load_address
%if WIDTH == 32
	mov ecx, ebx
%endif
	test ebx, VROM_LINEAR_STEP - 1
	jnz .none
	x_add_half xbx, CODE xax + vrom_config.state
	clc
	ret
.told:
	mov xbx, [CODE xax + vrom_config.state_linear]
%if WIDTH == 32
	mov ecx, NO_LINEAR
%endif
	test xbx, xbx
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
internal forget_guest
	save xbx, xdi
	push xcx
	call find_state
	pop xcx
	jc .done
	lea xdi, [xbx + vmi_state.linear_bound]
	xor eax, eax
	rep stosd
	mov dword [xbx + vmi_state.linear_bound], VMI_STATE_LINEAR_BOUND
	mov xcx, xbx			; CF is clear
.done:
	restore xdi, xbx
	ret
.end:
