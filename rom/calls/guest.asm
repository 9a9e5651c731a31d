; SPDX-License-Identifier: GPL-2.0-only
; Group guest: what a guest tells the ROM. GetCapability stands beside the table that it
; reads, in init.asm. spec/vmi.abi has the contract of each; segments are flat.
%include "width.inc"

extern rom_header, find_state, forget_guest, vmi_cancel_alarm, leave_backends

section .text
bits WIDTH

PAGE_LOW	equ 0xFFF
%if WIDTH == 64
%define LINEAR	r9
%define SIZE	r8
CR4_LA57	equ 0x1000
%else
SAVED		equ 4 * 4		; EBX, ESI, EDI, EBP
%define LINEAR	[esp + SAVED + 4]
%define SIZE	dword [esp + SAVED + 8]
%endif

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
	save xbx, xsi, xdi, xbp
	mov ebp, ARG1
%if WIDTH == 64
	mov SIZE, rcx
	mov LINEAR, rdx
%else
	mov esi, edx
	mov edi, ecx
%endif
	call find_state
	mov xdx, xax			; -> rom_config
	mov eax, VMI_REFUSED_STATE
	jc .done
	lea ecx, [ebp - VMI_MAPPING_APIC]
	cmp ecx, VMI_MAPPING_COPY - VMI_MAPPING_APIC
	mov al, VMI_REFUSED_KIND
	ja .done
%if WIDTH == 64
	mov rax, SIZE
	test rax, rax
	jz .withdraw
	mov rdi, cr4
	mov ecx, 47			; the bits from here on are alike
	test edi, CR4_LA57
	jz .levels
	mov cl, 56
.levels:
	lea rdi, [LINEAR + rax - 1]	; the last byte
	cmp rdi, LINEAR
	mov eax, VMI_REFUSED_RANGE
	jb .done
	sar rdi, cl
	mov r10, LINEAR
	sar r10, cl
	cmp rdi, r10			; a range that begins and ends well may leap over the rest
	jne .done
	inc rdi
	cmp rdi, 1
	mov al, VMI_REFUSED_ADDRESS
	ja .done
	mov rcx, LINEAR
	mov al, VMI_REFUSED_ALIGN
	mov edi, esi
	cmp rdi, rsi			; nothing of ours lies above 4 GiB
	jne .done
%else
	mov ecx, LINEAR
	mov eax, SIZE
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
%endif
	xor edi, ecx
	test edi, PAGE_LOW
	jnz .done
	cmp ebp, VMI_MAPPING_STATE
	ja .copy
	jb .apic

	mov edi, [xdx + vrom_config.state]
	sub edi, esi			; where it begins in the mapping
	jb .small
	mov xdx, SIZE
	sub xdx, xdi
	jbe .small
	cmp xdx, vmi_state_size
	jb .small
	add xcx, xdi
	mov al, VMI_REFUSED_CONTENT
	cmp dword [xcx], VMI_STATE_SIGNATURE
	jne .done
	mov [xbx + vmi_state.given_state], xcx
.taken:
	xor eax, eax
.done:
	restore xbp, xdi, xsi, xbx
	ret
.small:
	mov al, VMI_REFUSED_SIZE
	jmp short .done

.withdraw:				; EAX is VMI_REFUSED_OK
	cmp ebp, VMI_MAPPING_STATE
	ja .done
	je .withdraw_state
	mov [xbx + vmi_state.given_apic], xax
	jmp .done
.withdraw_state:
	mov [xbx + vmi_state.given_state], xax
	jmp .done

.copy:
	mov xbp, xcx
	mov al, VMI_REFUSED_CONTENT
	cmp esi, [xdx + vrom_config.load_address]
	je .done			; the image itself is no copy
	here xsi
	lea xsi, [IMAGE_AT + rom_header]
	cmp xsi, xbp
	je .done
	movzx ecx, byte [xsi + vrom_header.rom_length]
	shl ecx, 9
	cmp SIZE, xcx
	jb .small
	mov al, VMI_REFUSED_STATE
	mov xbx, [xbx + vmi_state.given_state]
	test xbx, xbx
	jz .done
	mov al, VMI_REFUSED_CONTENT
	movzx edx, word [xsi + VROM_DIRECTORY + vrom_directory.config_offs]
	mov xdi, xbp
	repe cmpsb
	jne .done
	add xdx, xbp
	and byte [xdx + vrom_config.flags], ~VROM_CONFIG_LINEAR
	add byte [xbp + vrom_header.rom_pad0], VROM_CONFIG_LINEAR ; the image's sum stays 0
	mov cl, WORD_SIZE
	lea xdi, [xdx + vrom_config.state_linear]
.byte:
	mov al, bl
	sub al, [xdi]
	sub [xbp + vrom_header.rom_pad0], al
	mov [xdi], bl
	inc xdi
	shr xbx, 8
	loop .byte
	jmp short .taken

.apic:
	test ecx, PAGE_LOW
	jnz .done
	mov al, VMI_REFUSED_SIZE
	cmp SIZE, PAGE_LOW
	jbe .done
	cmp dword [xdx + vrom_config.apic_hz], 0
	mov al, VMI_REFUSED_CONTENT
	je .done
	push xcx
	mov ecx, MSR_APIC_BASE
	rdmsr
	pop xcx
	and eax, ~PAGE_LOW
	xor eax, esi
	or edx, eax
	mov eax, VMI_REFUSED_CONTENT
	jnz .done
	and XWORD [xbx + vmi_state.given_apic], 0 ; other processors read while this one writes
	mov [xbx + vmi_state.given_physical], esi
	mov [xbx + vmi_state.given_apic], xcx
	jmp .taken
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
	push xbx
	mov ebx, VMI_ALARM_LVTT | VMI_ALARM_AVAILABLE
.next:
	mov ARG1, ebx
	call vmi_cancel_alarm
	lea ARG1, [xbx - VMI_ALARM_AVAILABLE]
	call vmi_cancel_alarm
	xor ebx, VMI_ALARM_LVTT
	test ebx, VMI_ALARM_LVTT
	jz .next
	pop xbx
%endif
%ifndef NO_BACKENDS
	push xbx
	call find_state
	jc .no_state
	call leave_backends
.no_state:
	pop xbx
%endif
	mov ecx, FORGET_MAPPINGS
	jmp forget_guest
end vmi_leave
