; SPDX-License-Identifier: GPL-2.0-only
; As many patch sites as a kernel has, in a row, with known registers on both ends.
%include "layout.inc"
%include "site.inc"
bits 32
section .text

; Loads the registers of struct march (its address in EAX).
%macro MARCH_BEGIN 0
	push ebp
	push ebx
	push esi
	push edi
	pushfd
	push eax
	mov [eax + MARCH_ESP], esp
	mov ecx, [eax + MARCH_ECX]
	mov edx, [eax + MARCH_EDX]
	mov ebx, [eax + MARCH_EBX]
	mov ebp, [eax + MARCH_EBP]
	mov esi, [eax + MARCH_ESI]
	mov edi, [eax + MARCH_EDI]
	mov eax, [eax + MARCH_EAX]
%endmacro
; Stores them again. The pushed address is found even if ESP has moved.
%macro MARCH_END 0
	mov [march_eax], eax
	mov [march_esp], esp
	mov esp, [march_stack]
	pushfd
	mov eax, [esp + 4]
	pop dword [eax + MARCH_EFLAGS]
	mov [eax + MARCH_ECX], ecx
	mov [eax + MARCH_EDX], edx
	mov [eax + MARCH_EBX], ebx
	mov [eax + MARCH_EBP], ebp
	mov [eax + MARCH_ESI], esi
	mov [eax + MARCH_EDI], edi
	mov ecx, [march_eax]
	mov [eax + MARCH_EAX], ecx
	mov ecx, [march_esp]
	mov [eax + MARCH_ESP_AFTER], ecx
	pop eax
	popfd
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret
%endmacro
%macro MARCH_SITES 4			; how many save, disable, restore, enable
	%rep %1
		SITE_SAVE
		SITE_DISABLE
		SITE_RESTORE
	%endrep
	%rep %4
		SITE_ENABLE
	%endrep
	%rep %2 - %1
		SITE_DISABLE
	%endrep
	%rep %3 - %1
		SITE_RESTORE
	%endrep
%endmacro

; void march(struct march *): one after the other. EAX ends as EFLAGS of the first save.
global march, march_module
march:
	MARCH_BEGIN
	mov [march_stack], esp
	MARCH_SITES SITES_SAVE, SITES_DISABLE, SITES_RESTORE, SITES_ENABLE
	MARCH_END

; The same, smaller, as a module that is loaded late: its sites are patched when it is.
%define SITE_SECTION .parainstructions_module
march_module:
	MARCH_BEGIN
	mov [march_stack], esp
	MARCH_SITES MODULE_SITES, MODULE_SITES + 1, MODULE_SITES + 1, MODULE_SITES
	MARCH_END

section .bss
align 4
march_eax: resd 1
march_esp: resd 1
march_stack: resd 1
section .note.GNU-stack noalloc noexec nowrite progbits
