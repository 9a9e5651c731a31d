; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init and GetRelocationInfo. Assembled once per profile, since a profile is
; what these two answer. vmi-3.0: slots 0 and 1.
%include "rom.inc"
%include PROFILE_INC

extern rom_header, find_state

section .text
bits 32

; VMI_Init: u32 VMI_Init(void)
; in     nothing
; out    EAX = VMI_INIT_OK: paravirtual mode was entered. VMI_INIT_NO_FLOW: this
;        profile lacks IRET or SYSEXIT, which a client must have once it entered;
;        nothing was changed and it boots natively.
; clobbers EAX, ECX, EDX, flags
begin vmi_init
%if VMI_ANSWER_%[VMI_CALL_IRET] == VMI_RELOCATION_NONE || VMI_ANSWER_%[VMI_CALL_SYSEXIT] == VMI_RELOCATION_NONE
	mov eax, VMI_INIT_NO_FLOW
%else
	push ebx
	push edi
	call find_state
	jc .entered
%ifdef TRACE
	push dword [ebx + vmi_state.trace_sequence]
%endif
	lea edi, [ebx + vmi_state.linear_bound]	; what another guest left is void
	mov ecx, (vmi_state_size - vmi_state.linear_bound) / 4
	xor eax, eax
	rep stosd
%ifdef TRACE
	pop dword [ebx + vmi_state.trace_sequence]
%endif
	mov dword [ebx + vmi_state.linear_bound], VMI_STATE_LINEAR_BOUND
	mov byte [ebx + vmi_state.wallclock_updated], 1
.entered:
	pop edi
	pop ebx
	mov eax, VMI_INIT_OK
%endif
	ret
end vmi_init

; GetRelocationInfo: struct vmi_relocation_info GetRelocationInfo(u32 call)
; in     EAX call number, any value
; out    EAX absolute address of the entry as the caller sees it, 0 with NONE;
;        EDX relocation type
; clobbers ECX, flags
; Answers for ever, and the same each time.
begin vmi_get_reloc
	xor edx, edx
	cmp eax, VMI_CALLS
	jae .none
	cmp eax, VMI_CALL_APICWrite
	jb .table
	cmp eax, VMI_CALL_WallclockUpdated
	ja .table
	cmp eax, VMI_CALL_IODelay
	je .table
	push eax
	push ebx
	call find_state			; APIC and timer calls need it
	pop ebx
	pop eax
	jc .none
.table:
	call .here			; the only way to know where the caller sees us
.here:
	pop ecx
	movzx eax, word [cs:ecx + eax * 2 + answers - .here]
	mov edx, eax
	shr edx, ANSWER_TYPE_SHIFT
	jz .none
	and eax, (1 << ANSWER_TYPE_SHIFT) - 1
	lea eax, [eax + ecx + rom_header - .here]
	ret
.none:
	xor eax, eax
	ret
end vmi_get_reloc

; One word a call: the entry's offset, the relocation type in the topmost bits.
; The link gate keeps the image below 1 << ANSWER_TYPE_SHIFT.
ANSWER_TYPE_SHIFT equ 14
%macro answer 3				; NUMBER, NAME, ENTRY
	%if VMI_ANSWER_%1 == VMI_RELOCATION_NONE
		dw 0
	%elif (%1 == VMI_CALL_IRET || %1 == VMI_CALL_SYSEXIT) && VMI_ANSWER_%1 == VMI_RELOCATION_CALL_REL
		extern %3_called	; drops the return address that a call leaves
		dw %3_called + (VMI_ANSWER_%1 << ANSWER_TYPE_SHIFT)
	%else
		extern %3
		dw %3 + (VMI_ANSWER_%1 << ANSWER_TYPE_SHIFT)
	%endif
%endmacro
align 2, db 0
answers:
	VMI_FOR_EACH_CALL answer

global vmi_profile_name
vmi_profile_name:
	db VMI_PROFILE, PROFILE_SUFFIX, 0
