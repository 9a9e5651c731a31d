; SPDX-License-Identifier: GPL-2.0-only
; Native twins in the registers of SysV.
bits 64
section .text
%macro twin 1
global native_%1:function
align 16
native_%1:
%endmacro
twin cpuid
	cpuid
	ret
twin wrmsr
	mov ecx, esi
	mov rdx, rdi
	mov eax, edi
	shr rdx, 32
	wrmsr
	ret
twin rdmsr
	mov ecx, edi
	rdmsr
	shl rdx, 32
	or rax, rdx
	ret
twin rdpmc
	mov ecx, edi
	rdpmc
	shl rdx, 32
	or rax, rdx
	ret
twin rdtsc
	rdtsc
	shl rdx, 32
	or rax, rdx
	ret
twin set_gdt
	lgdt [rdi]
	ret
twin set_idt
	lidt [rdi]
	ret
twin get_gdt
	sgdt [rdi]
	ret
twin get_idt
	sidt [rdi]
	ret
twin set_ldt
	lldt di
	ret
twin get_ldt
	xor eax, eax
	sldt ax
	ret
twin set_tr
	ltr di
	ret
twin get_tr
	xor eax, eax
	str ax
	ret
twin write_gdt_entry
	mov esi, esi
	mov [rdi + rsi*8], rdx
	ret
twin write_ldt_entry
	mov esi, esi
	mov [rdi + rsi*8], rdx
	ret
twin write_idt_entry
	mov esi, esi
	shl rsi, 4
	mov [rdi + rsi], rdx
	mov [rdi + rsi + 8], rcx
	ret
twin update_kernel_stack
	ret
%macro control 1
twin set_cr%1
	mov cr%1, rdi
	ret
twin get_cr%1
	mov rax, cr%1
	ret
%endmacro
control 0
control 2
control 3
control 4
twin wbinvd
	wbinvd
	ret
%macro debug 1
	cmp edi, %1
	jne %%next
	mov dr%1, rsi
	ret
%%next:
%endmacro
%macro debug_get 1
	cmp edi, %1
	jne %%next
	mov rax, dr%1
	ret
%%next:
%endmacro
twin set_dr
	debug 0
	debug 1
	debug 2
	debug 3
	debug 6
	debug 7
	ret
twin get_dr
	debug_get 0
	debug_get 1
	debug_get 2
	debug_get 3
	debug_get 6
	debug_get 7
	xor eax, eax
	ret
twin clts
	clts
	ret
twin enable_interrupts
	sti
	ret
twin disable_interrupts
	cli
	ret
twin get_interrupt_mask
	pushfq
	pop rax
	ret
twin set_interrupt_mask
	push rdi
	popfq
	ret
twin halt
	sti
	hlt
	ret
twin iret
	iretq
twin sysret64
	o64 sysret
twin sysret32
	sysret
twin swapgs
	swapgs
	ret
twin set_pxe_long
	mov [rsi], rdi
	ret
twin update_pxe_long
	ret
twin machine_to_physical
	mov rax, rdi
	ret
twin physical_to_machine
	mov rax, rdi
	ret
twin allocate_page
	ret
twin release_page
	ret
twin inval_page
	invlpg [rdi]
	ret
twin flush_tlb
	test dil, 2
	jnz .all
	test dil, 1
	jz .done
	mov rax, cr3
	mov cr3, rax
.done:	ret
.all:	mov rax, cr4
	mov rcx, rax
	xor al, 0x80
	mov cr4, rax
	mov cr4, rcx
	ret
twin set_linear_mapping
	ret
twin set_iopl_mask
	pushfq
	and dword [rsp], ~0x3000
	and edi, 0x3000
	or [rsp], edi
	popfq
	ret
twin io_delay
	out 0x80, al
	ret
twin set_lazy_mode
	ret
section .note.GNU-stack noalloc noexec nowrite progbits
