; SPDX-License-Identifier: GPL-2.0-only
; The calls of ABI 4.0 that the processor does by itself: ENDBR64, the native text of spec/, RET.
; The texts are spec/vmi.abi's and spec/vmi64.abi's native64, which the build makes macros of;
; contracts stand there too. The few with more to them are in the other files of this folder.
%include "x86_64.inc"

section .text
bits 64

%macro native_entry 3			; NUMBER, NAME, ENTRY
	%ifmacro VMI64_NATIVE_%3 0
		%ifndef OWN_%3
			begin %3
			VMI64_NATIVE_%3
			%ifndef VMI64_NORETURN_%3
				ret
			%endif
			end %3
		%endif
	%endif
%endmacro
	VMI64_FOR_EACH_CALL native_entry

; As native_entry, for a profile in which they are to be called: the return address goes first.
begin vmi64_sysexit_called, vmi64_sysexit
	lea rsp, [rsp + 8]
	VMI64_NATIVE_vmi64_sysexit
end vmi64_sysexit_called

%ifdef NO_BACKENDS
; 94 SetBackends: as in calls/vcpu.asm.
begin vmi64_set_backends
	mov eax, VMI_BACKEND_WHY_ABSENT * 0x01010100
	ret
end vmi64_set_backends
%endif
