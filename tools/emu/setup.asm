; SPDX-License-Identifier: GPL-2.0-only
; Loads the system registers of one emulated call, with the processor's own
; instructions: Unicorn's uc_reg_write() leaves derived state (paging, the CPL,
; the TLB) behind for some of them.
;
; in:  ESI -> struct emu_setup (emu.h), whose words are taken in order;
;      flat ring-0 segments, paging off
; out: halted; ES, DS, FS, GS, LDTR, TR, GDTR, IDTR, CR0-CR4, DR0-DR7, SYSENTER MSRs set
%define CR0_OFF     0x11        ; PE, ET
%define CR0_PG      0x80000000
%define CR4_PSE     0x10
%define MSR_SYSENTER_CS 0x174

section .rodata
bits 32
global emu_setup_code, emu_setup_end
emu_setup_code:
	cld
	; Paging on and off again drops every TLB entry of the call before.
	mov	eax, CR4_PSE
	mov	cr4, eax
	lodsd                           ; flat_cr3
	mov	cr3, eax
	mov	eax, CR0_OFF | CR0_PG
	mov	cr0, eax
	mov	eax, CR0_OFF
	mov	cr0, eax

	lgdt	[esi]
	add	esi, 8
	lidt	[esi]
	add	esi, 8
	lodsd
	lldt	ax
	lodsd
	ltr	ax
	xor	edx, edx
	mov	ecx, MSR_SYSENTER_CS
	lodsd
	wrmsr
	inc	ecx                     ; SYSENTER_ESP
	lodsd
	wrmsr
	inc	ecx                     ; SYSENTER_EIP
	lodsd
	wrmsr
	lodsd
	mov	dr0, eax
	lodsd
	mov	dr1, eax
	lodsd
	mov	dr2, eax
	lodsd
	mov	dr3, eax
	lodsd
	mov	dr6, eax
	lodsd
	mov	dr7, eax
	lodsd
	mov	fs, eax
	lodsd
	mov	gs, eax
	lodsd
	mov	es, eax
	lodsd
	mov	edx, eax                ; ds, once the block has been read
	lodsd
	mov	cr2, eax
	lodsd
	mov	cr4, eax
	lodsd
	mov	cr3, eax
	lodsd
	mov	cr0, eax
	mov	ds, edx
	hlt
emu_setup_end:
section .note.GNU-stack noalloc noexec nowrite progbits
