; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init and GetRelocationInfo. Assembled once per profile, since a profile is
; what these two answer. vmi-3.0: slots 0 and 1.
%include "rom.inc"
%include "directory.inc"
%include PROFILE_INC

extern rom_header, rom_config, rom_release, rom_build_id, rom_build_id_size
extern find_state, forget_guest
%ifndef NO_BACKENDS
extern init_backends, served_row, any_served_row
%include "backends/backends.inc"
%endif
%ifdef HV
extern hv_enter
%endif

section .text
bits 32

; capability_entry NUMBER, ENTRY, ANSWER, KINDS: the vrom_capability of a call that is answered, and
; VMI_CAPABILITY kinds beside that. A profile that answers CALL offers the body to be copied,
; too, where it may be.
%macro capability_entry 4
	%assign %%kinds (1 << %3) | %4
	%if %1 == VMI_CALL_IRET || %1 == VMI_CALL_SYSEXIT
		%assign %%kinds %%kinds | VMI_CAPABILITY_RECOMMENDED
	%endif
	%if (%1 == VMI_CALL_IRET || %1 == VMI_CALL_SYSEXIT) && %3 == VMI_RELOCATION_CALL_REL
		extern %2_called	; drops the return address that a call leaves
		dw %2_called, 0
	%else
		%if %1 != VMI_CALL_GetCapability
			extern %2
		%endif
		%ifdef VMI_INLINE_%2
			%if %3 == VMI_RELOCATION_CALL_REL
				extern %2_inline_length
				dw %2, %2 + ENDBR_SIZE
				db %2_inline_length, VMI_INLINE_%2
				db %%kinds | VMI_CAPABILITY_INLINE, %3
				%assign %%kinds 0
			%else
				dw %2, 0
			%endif
		%else
			dw %2, 0
		%endif
	%endif
	%if %%kinds
		db 0, 0, %%kinds, %3
	%endif
%endmacro

%define LAST_WITH_STATE VMI_CALL_WallclockUpdated
; Is the answer to be asked for? Some calls need state memory, and of some the backends have entries.
%macro is_conditional 1			; NUMBER
	%assign CONDITIONAL %1 >= VMI_CALL_APICWrite && %1 <= LAST_WITH_STATE && %1 != VMI_CALL_IODelay
	%ifndef NO_BACKENDS
		%assign CONDITIONAL CONDITIONAL || (%1 >= VMI_CALL_GetVcpuState && %1 <= VMI_CALL_VcpuKick)
	%endif
%endmacro
; One entry a call.
%macro capability_of 3			; NUMBER, NAME, ENTRY
	is_conditional %1
	%if VMI_ANSWER_%1 == VMI_RELOCATION_NONE
		dd 0, 0
	%elif CONDITIONAL
		capability_entry %1, %3, VMI_ANSWER_%1, VMI_CAPABILITY_CONDITIONAL
	%else
		capability_entry %1, %3, VMI_ANSWER_%1, 0
	%endif
%endmacro
align 4, db 0
global rom_capabilities
rom_capabilities:
	VMI_FOR_EACH_CALL capability_of
	dd 0, 0				; a number beyond the table is looked up here

; VMI_Init: u32 VMI_Init(void)
; in     nothing
; out    EAX = VMI_INIT_OK: paravirtual mode was entered. VMI_INIT_NO_FLOW: this
;        profile lacks IRET or SYSEXIT, which a client must have once it entered;
;        VMI_INIT_NO_HYPERVISOR: the one that this image is made for is not there.
;        Then nothing was changed and it boots natively.
; clobbers EAX, ECX, EDX, flags
begin vmi_init
%if VMI_ANSWER_%[VMI_CALL_IRET] == VMI_RELOCATION_NONE || VMI_ANSWER_%[VMI_CALL_SYSEXIT] == VMI_RELOCATION_NONE
	mov eax, VMI_INIT_NO_FLOW
%else
	mov ecx, FORGET_ALL
	call forget_guest
	jc .entered
	mov byte [ecx + vmi_state.wallclock_updated], 1
%ifndef NO_BACKENDS
	push ebx
	mov ebx, ecx
	call init_backends
	pop ebx
%endif
.entered:
%ifdef HV
	call hv_enter
	mov eax, VMI_INIT_NO_HYPERVISOR
	jc .native
%endif
	mov eax, VMI_INIT_OK
%ifdef HV
.native:
%endif
%endif
	ret
end vmi_init

; GetRelocationInfo: struct vmi_relocation_info GetRelocationInfo(u32 call)
; in     EAX call number, any value
; out    EAX absolute address of the entry as the caller sees it, 0 with NONE;
;        EDX relocation type
; clobbers ECX, flags
; Answers for ever, and the same each time until VMI_Init, SetBackends or Leave.
; Whoever asks here knows of no directory that would have to agree, and gets backends without
; having been told of them.
begin vmi_get_reloc
	cmp eax, VROM_CALLS_BY_SLOT	; and sees a ROM of 3.0
%ifdef NO_BACKENDS
	jb asked_reloc
%else
	jae .none
	push eax
	call asked_reloc
	pop ecx
	test edx, edx
	jz .done
	push ebx
	push edi
	push edx
	push eax
	push ecx
	call find_state
	pop eax
	jc .native
	call any_served_row
	jnc .native
	movzx edx, dx
	call .here
.here:
	pop eax
	lea eax, [eax + edx + rom_header - .here]
	mov [esp], eax
.native:
	pop eax
	pop edx
	pop edi
	pop ebx
.done:
	ret
.none:
%endif
	xor eax, eax
	xor edx, edx
	ret
end vmi_get_reloc

; The same by the directory's entry: of every call there is.
begin vmi_get_any_reloc
asked_reloc:
	call capability
	movzx edx, byte [cs:ecx + vrom_capability.detail]
	and edx, VROM_CAPABILITY_ANSWER
	jz .none
	test byte [cs:ecx + vrom_capability.kinds], VMI_CAPABILITY_CONDITIONAL
	movzx ecx, word [cs:ecx + vrom_capability.entry_offs]
	jz .address
	push ebx
	push ecx
%ifdef NO_BACKENDS
	call find_state			; APIC and timer calls need it
%else
	push eax
	call find_state
	pop eax
	jc .alone
	test byte [ebx + vmi_state.served + SERVED_TOLD / 8], 1 << SERVED_TOLD % 8 ; CF is clear
	jz .known
	push edi
	push edx
	call served_row
	jnc .native
	movzx edx, dx
	mov [esp + 8], edx		; the backend's
.native:
	pop edx
	pop edi
	clc
	jmp short .known
.alone:
	cmp eax, LAST_WITH_STATE + 1	; CF clear: the later ones do without
.known:
%endif
	pop ecx
	pop ebx
	jc .no_state
.address:
	call .here			; the only way to know where the caller sees us
.here:
	pop eax
	lea eax, [eax + ecx + rom_header - .here]
	ret
.no_state:
	xor edx, edx
.none:
	xor eax, eax
	ret
end vmi_get_any_reloc

; 74 GetCapability: u32 GetCapability(u32 call)
; in     EAX call number, any value
; out    EAX bytes 4 to 7 of the call's vrom_capability, with who serves it; 0 for no such call
; clobbers ECX, EDX, flags
begin vmi_get_capability
	call capability
%ifdef NO_BACKENDS
	mov eax, [cs:ecx + vrom_capability.inline_length]
%else
	push dword [cs:ecx + vrom_capability.inline_length]
	cmp byte [cs:ecx + vrom_capability.kinds], 0
	je .plain			; not provided, whoever could serve it
	push ebx
	push edi
	push eax
	call find_state
	pop eax
	jc .native
	call served_row
	jnc .native
	shl ecx, 4
	or [esp + 11], cl
.native:
	pop edi
	pop ebx
.plain:
	pop eax
%endif
	ret
end vmi_get_capability

; in     EAX call number, any value
; out    ECX -> its vrom_capability; of a number beyond the table, the empty one at its end
; clobbers EAX, flags
capability:
	cmp eax, VMI_CALLS
	jb .known
	mov eax, VMI_CALLS
.known:
	call .here
.here:
	pop ecx
	lea ecx, [ecx + eax * vrom_capability_size + rom_capabilities - .here]
	ret

global vmi_profile_name
vmi_profile_name:
	db VMI_PROFILE, PROFILE_SUFFIX, 0

%ifndef ONE_WIDTH
%include "init.inc"
%endif
