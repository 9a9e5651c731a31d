; SPDX-License-Identifier: GPL-2.0-only
; Entry from a multiboot loader, entry of application processors, and the step into
; the final page tables.
%include "layout.inc"
bits 32
extern client_main, ap_main, tramp_cr3, tramp_cr4, tramp_nx, ap_stack_top

MULTIBOOT_MAGIC equ 0x1BADB002
MULTIBOOT_FLAGS equ 0x00000003
CR0_PG_WP       equ 0x80010000
CR4_PSE         equ 0x10
MSR_EFER        equ 0xC0000080
EFER_NXE        equ 0x800
LARGE_PAGE      equ 0x83		; present, writable, 4 MiB
PHYS            equ -PAGE_OFFSET

section .multiboot progbits alloc exec nowrite align=4
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

section .text
; In: EAX = the loader's magic, EBX -> its information; flat segments, paging off.
; Runs at its physical address until paging is on.
global client_entry
client_entry:
	cli
	cld
	mov esi, eax
	mov edi, boot_pgd + PHYS
	mov eax, LARGE_PAGE
	mov ecx, BOOT_LARGE_PAGES
.map:	mov [edi], eax
	mov [edi + (PAGE_OFFSET >> 20)], eax
	add eax, 1 << 22
	add edi, 4
	loop .map
	mov eax, cr4
	or eax, CR4_PSE
	mov cr4, eax
	mov eax, boot_pgd + PHYS
	mov cr3, eax
	mov eax, cr0
	or eax, CR0_PG_WP
	mov cr0, eax
	mov eax, .high
	jmp eax
.high:	mov esp, boot_stack_top
	push dword 0
	popfd
	mov eax, esi
	mov edx, ebx
	call client_main
.stop:	cli
	hlt
	jmp .stop

; void paging_switch(void): changes to tramp_cr3 and tramp_cr4 with paging off in
; between, as a change of the tables' format needs. Both old and new tables map low memory
; at its physical address, too.
global paging_switch
paging_switch:
	mov eax, .low + PHYS
	jmp eax
.low:	mov ecx, cr0
	and ecx, ~(1 << 31)
	add esp, PHYS
	mov cr0, ecx
	call enable_paging
	mov eax, .high
	jmp eax
.high:	sub esp, PHYS
	ret

; Paging off, code and stack at their physical addresses: loads the tables of tramp_*.
enable_paging:
	mov eax, [tramp_cr4 + PHYS]
	mov cr4, eax
	mov eax, [tramp_cr3 + PHYS]
	mov cr3, eax
	cmp dword [tramp_nx + PHYS], 0
	je .no_nx
	mov ecx, MSR_EFER
	rdmsr
	or eax, EFER_NXE
	wrmsr
.no_nx:	mov ecx, cr0
	or ecx, CR0_PG_WP
	mov cr0, ecx
	ret

; Where the trampoline arrives: protected mode, flat segments, paging off.
ap_start32:
	mov eax, SEL_KERNEL_DATA
	mov ds, eax
	mov es, eax
	mov ss, eax
	mov esp, [ap_stack_top + PHYS]
	add esp, PHYS
	call enable_paging
	mov eax, .high
	jmp eax
.high:	mov esp, [ap_stack_top]
	push dword 0
	popfd
	call ap_main
.stop:	cli
	hlt
	jmp .stop

; Copied to TRAMPOLINE; real mode.
section .rodata
global trampoline_start, trampoline_end
bits 16
trampoline_start:
	cli
	xor ax, ax
	mov ds, ax
	o32 lgdt [TRAMPOLINE + .gdt - trampoline_start]
	mov eax, cr0
	or al, 1
	mov cr0, eax
	jmp dword SEL_KERNEL_CODE:ap_start32 + PHYS
.gdt:	dw 0				; limit and physical base, filled in by smp.c
	dd 0
trampoline_end:

section .bss
align 4096
boot_pgd: resb 4096
align 16
boot_stack: resb 16384
boot_stack_top:
section .note.GNU-stack noalloc noexec nowrite progbits
