; SPDX-License-Identifier: GPL-2.0-only
; A GetRelocationInfo that asks the one it replaces and answers another type for the calls
; of a list; mutate.h tells what lies before the code.
;
; in     EAX call number
; out    EAX address, EDX type
; clobbers ECX, flags
; Behind the code: records of CALL, TYPE, MASK (anded to the address), ended by CALL = -1.
section .rodata
bits 32
global mutate_override_code, mutate_override_end
mutate_override_code:
	endbr32
	push eax
	call .asked
.asked:
	pop ecx
	sub ecx, .asked - mutate_override_code
	sub ecx, [cs:ecx - 8]
	call ecx			; a slot of the original: EAX is still the number
	pop ecx
	push edx
	call .here
.here:
	pop edx
	add edx, mutate_override_end - .here
.next:
	cmp dword [cs:edx], -1
	je .kept
	cmp [cs:edx], ecx
	je .found
	add edx, 12
	jmp .next
.found:
	and eax, [cs:edx + 8]
	mov edx, [cs:edx + 4]
	add esp, 4
	ret
.kept:
	pop edx
	ret
align 4, db 0xCC
mutate_override_end:
section .note.GNU-stack noalloc noexec nowrite progbits
