; SPDX-License-Identifier: GPL-2.0-only
; Loads the system registers of one emulated call, with the processor's own
; instructions: Unicorn's uc_reg_write() leaves derived state (paging, the CPL,
; the TLB) behind for some of them.
;
; in:  ESI or RSI -> struct emu_setup (emu.h), whose words are taken in order;
;      flat ring-0 segments, paging off
; out: halted; ES, DS, FS, GS, LDTR, TR, GDTR, IDTR, CR0-CR4, DR0-DR7, SYSENTER MSRs set;
;      in 64 bit CS and SS as their descriptors have them, too, and SYSCALL's and GS's MSRs
%define CR0_OFF     0x11        ; PE, ET
%define CR0_PG      0x80000000
%define CR4_PSE     0x10
%define CR4_PAE     0x20
%define CR4_PGE     0x80
%define MSR_SYSENTER_CS 0x174
%define MSR_EFER    0xC0000080
%define MSR_GS_BASE 0xC0000101
%define SEL_CODE0   0x08
%define SEL_DATA0   0x10
%define STACK       -0x800      ; its end, from the structure's start: no page that code runs in

%macro next 0                   ; the next word, in EAX or RAX
%if __?BITS?__ == 64
	lodsq
%else
	lodsd
	add	esi, 4
%endif
%endmacro

%macro next_msr 0               ; the next word, to MSR ECX; then ECX is the next MSR
	next
%if __?BITS?__ == 64
	mov	rdx, rax
	shr	rdx, 32
%endif
	wrmsr
	inc	ecx
%endmacro

%macro setup 3                  ; WIDTH, its accumulator, its source register
section .rodata
bits %1
global emu_setup_code%1, emu_setup_end%1
emu_setup_code%1:
	cld
%if %1 == 64
	; Another PGE drops every TLB entry of the call before.
	lea	rsp, [rsi + STACK]
	mov	eax, CR4_PAE | CR4_PGE
	mov	cr4, rax
	mov	eax, CR4_PAE
	mov	cr4, rax
	next                            ; flat_cr3
	mov	cr3, rax
%else
	; Paging on and off again does.
	mov	eax, CR4_PSE
	mov	cr4, eax
	next                            ; flat_cr3
	mov	cr3, eax
	mov	eax, CR0_OFF | CR0_PG
	mov	cr0, eax
	mov	eax, CR0_OFF
	mov	cr0, eax
%endif

	lgdt	[%3]
	add	%3, 16
	lidt	[%3]
	add	%3, 16
%if %1 == 64
	lea	rax, [rel .loaded]
	push	SEL_CODE0
	push	rax
	o64 retf
.loaded:
	mov	eax, SEL_DATA0
	mov	ss, eax
%endif
	next
	lldt	ax
	next
	ltr	ax
	xor	edx, edx
	mov	ecx, MSR_SYSENTER_CS
	next_msr
	next_msr                        ; SYSENTER_ESP
	next_msr                        ; SYSENTER_EIP
%assign i 0
%rep 8
%if i != 4 && i != 5
	next
	mov	dr%[i], %2
%endif
%assign i i + 1
%endrep
	next
	mov	fs, eax
	next
	mov	gs, eax
	next
	mov	es, eax
	next
	mov	edi, eax                ; ds, once the block has been read
%if %1 == 64
	mov	ecx, MSR_EFER
	next_msr
	next_msr                        ; STAR
	next_msr                        ; LSTAR
	next_msr                        ; CSTAR
	next_msr                        ; FMASK
	mov	ecx, MSR_GS_BASE
	next_msr
	next_msr                        ; KERNEL_GS_BASE
%else
	add	esi, 7 * 8
%endif
	next
	mov	cr2, %2
	next
	mov	cr4, %2
	next
	mov	cr3, %2
	next
	mov	cr0, %2
	mov	ds, edi
	hlt
emu_setup_end%1:
%endmacro

setup 32, eax, esi
setup 64, rax, rsi
section .note.GNU-stack noalloc noexec nowrite progbits
