; SPDX-License-Identifier: GPL-2.0-only
; Group guest: what a guest tells the ROM. GetCapability stands beside the table that it
; reads, in init.asm. spec/vmi.abi has the contract of each; segments are flat.
%include "rom.inc"

extern rom_header, find_state, forget_guest, vmi_cancel_alarm

section .text
bits 32

PAGE_LOW	equ 0xFFF
SAVED		equ 4 * 4		; EBX, ESI, EDI, EBP

; 75 SetMapping: u32 SetMapping(u32 kind, u64 physical, u32 linear, u32 size)
; in     EAX VMI_MAPPING kind, ECX:EDX physical address, [ESP+4] linear address,
;        [ESP+8] bytes; 0 withdraws
; out    EAX a VMI_REFUSED number
; clobbers ECX, EDX, flags
; APIC: the page of the local APIC, on page borders. STATE: a mapping that holds all of
; vmi_state. COPY: a copy of this image, byte for byte, which is told where the state is
; mapped; so STATE comes first. The ROM writes to the copy alone, and only in this call;
; withdrawing COPY or STATE does not reach into a copy that was told.
begin vmi_set_mapping
	push ebx
	push esi
	push edi
	push ebp
	mov ebp, eax
	mov esi, edx
	mov edi, ecx
	call find_state
	mov edx, eax			; -> rom_config
	mov eax, VMI_REFUSED_STATE
	jc .done
	lea ecx, [ebp - VMI_MAPPING_APIC]
	cmp ecx, VMI_MAPPING_COPY - VMI_MAPPING_APIC
	mov al, VMI_REFUSED_KIND
	ja .done
	mov ecx, [esp + SAVED + 4]
	mov eax, [esp + SAVED + 8]
	test eax, eax
	jz .withdraw
	dec eax
	add eax, ecx			; the last byte
	mov eax, VMI_REFUSED_SIZE
	jc .done
	mov al, VMI_REFUSED_ALIGN
	test edi, edi			; nothing of ours lies above 4 GiB
	jnz .done
	mov edi, esi
	xor edi, ecx
	test edi, PAGE_LOW
	jnz .done
	cmp ebp, VMI_MAPPING_STATE
	je .state
	ja .copy

	test ecx, PAGE_LOW
	jnz .done
	mov al, VMI_REFUSED_SIZE
	cmp dword [esp + SAVED + 8], PAGE_LOW
	jbe .done
	cmp dword [cs:edx + vrom_config.apic_hz], 0
	mov al, VMI_REFUSED_CONTENT
	je .done
	push ecx
	mov ecx, MSR_APIC_BASE
	rdmsr
	pop ecx
	and eax, ~PAGE_LOW
	xor eax, esi
	or edx, eax
	mov eax, VMI_REFUSED_CONTENT
	jnz .done
	and dword [ebx + vmi_state.given_apic], 0 ; other processors read while this one writes
	mov [ebx + vmi_state.given_physical], esi
	mov [ebx + vmi_state.given_apic], ecx
	jmp .taken

.state:
	mov edi, [cs:edx + vrom_config.state]
	sub edi, esi			; where it begins in the mapping
	jb .small
	mov edx, [esp + SAVED + 8]
	sub edx, edi
	jbe .small
	cmp edx, vmi_state_size
	jb .small
	add ecx, edi
	mov al, VMI_REFUSED_CONTENT
	cmp dword [ecx], VMI_STATE_SIGNATURE
	jne .done
	mov [ebx + vmi_state.given_state], ecx
	jmp short .taken
.small:
	mov al, VMI_REFUSED_SIZE
	jmp short .done

.copy:
	mov ebp, ecx
	mov al, VMI_REFUSED_CONTENT
	cmp esi, [cs:edx + vrom_config.load_address]
	je .done			; the image itself is no copy
	call .here
.here:
	pop esi
	lea esi, [esi + rom_header - .here]
	cmp esi, ebp
	je .done
	movzx ecx, byte [cs:esi + vrom_header.rom_length]
	shl ecx, 9
	cmp [esp + SAVED + 8], ecx
	jb .small
	mov al, VMI_REFUSED_STATE
	mov ebx, [ebx + vmi_state.given_state]
	test ebx, ebx
	jz .done
	mov al, VMI_REFUSED_CONTENT
	movzx edx, word [cs:esi + VROM_DIRECTORY + vrom_directory.config_offs]
	mov edi, ebp
	repe cmpsb
	jne .done
	add edx, ebp
	and byte [edx + vrom_config.flags], ~VROM_CONFIG_LINEAR
	add byte [ebp + vrom_header.rom_pad0], VROM_CONFIG_LINEAR ; the image's sum stays 0
	mov cl, 4
	lea edi, [edx + vrom_config.state_linear]
.byte:
	mov al, bl
	sub al, [edi]
	sub [ebp + vrom_header.rom_pad0], al
	mov [edi], bl
	inc edi
	shr ebx, 8
	loop .byte
.taken:
	xor eax, eax
.done:
	pop ebp
	pop edi
	pop esi
	pop ebx
	ret

.withdraw:				; EAX is VMI_REFUSED_OK
	cmp ebp, VMI_MAPPING_STATE
	ja .done
	je .withdraw_state
	mov [ebx + vmi_state.given_apic], eax
	jmp short .done
.withdraw_state:
	mov [ebx + vmi_state.given_state], eax
	jmp short .done
end vmi_set_mapping

; 76 Leave: void Leave(void)
; in     nothing
; clobbers EAX, ECX, EDX, flags
; Cancels the alarms of the PIT and of this processor. Those of other processors stay
; armed: they call it, too, or, in a copy, cancel before the first one withdraws the APIC.
begin vmi_leave
%ifdef HV
	hypercall LEAVE			; there are no alarms
%else
	push ebx
	mov ebx, VMI_ALARM_LVTT | VMI_ALARM_AVAILABLE
.next:
	mov eax, ebx
	call vmi_cancel_alarm
	lea eax, [ebx - VMI_ALARM_AVAILABLE]
	call vmi_cancel_alarm
	xor ebx, VMI_ALARM_LVTT
	test ebx, VMI_ALARM_LVTT
	jz .next
	pop ebx
%endif
	mov ecx, FORGET_MAPPINGS
	jmp forget_guest
end vmi_leave
