; SPDX-License-Identifier: GPL-2.0-only
; The native twin of ReadMSRSafe, which C cannot write: ECX is a result beside EDX:EAX.
section .text
extern guest_read_msr

; in ECX a register; out EDX:EAX its value, 0 if it faulted, ECX = 1 if it did, else 0
global native_read_msr_safe:function (native_read_msr_safe.end - native_read_msr_safe)
native_read_msr_safe:
	mov eax, ecx
	push ecx			; room for the error
	mov edx, esp
	call guest_read_msr
	pop ecx
	neg ecx
	sbb ecx, ecx
	neg ecx
	ret
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
