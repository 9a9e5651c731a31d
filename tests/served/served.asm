; SPDX-License-Identifier: GPL-2.0-only
; Bodies for the calls that only a hypervisor answers better (rom/unprovided.cfg), as honest as a
; machine without one lets them be: of one processor, and of registers that are known to exist. For
; tests; `pvrom mutate --init` puts it behind full.rom's own code, and served.sh into the tables.
; -D MISTAKE=NAME: with one mistake. The contracts stand in spec/vmi.abi and spec/vmi64.abi.
%include "hostile.inc"
%include "vmi64_abi.inc"
	original			; VMI_Init itself
	ret

; For served.sh: calls, and their entries of 32 and of 64 bits from here.
	align 64, db 0
entries:
	dw VMI_CALL_ReadMSRSafe, read32, read64
	dw VMI_CALL_WriteMSRSafe, write32, write64
	dw VMI_CALL_FlushTLBMulti, flush32, flush64
	dw VMI_CALL_GetVcpuCycles, cycles32, cycles64
	dw 0

%define MSR_SYSENTER_CS 0x174
%define MSR_SYSENTER_EIP 0x176
%define MSR_LSTAR 0xC0000082
%define MSR_KERNEL_GS 0xC0000102
%define CR4_PGE 1 << 7
%define CR4_LA57 1 << 12
%define PAGE 0x1000
%define SINGLE 32			; pages that are flushed one by one

; msr_exists: in ECX = number; out ZF set: it is one of a processor with SYSENTER. Changes flags.
%macro msr_exists 0
	cmp ecx, MSR_SYSENTER_CS
	je %%done
	cmp ecx, MSR_SYSENTER_CS + 1
	je %%done
	cmp ecx, MSR_SYSENTER_EIP
%if __?BITS?__ == 64
	je %%done
	cmp ecx, MSR_LSTAR
	je %%done
	cmp ecx, MSR_KERNEL_GS
%endif
%%done:
%endmacro

; 84: in ECX; out EDX:EAX value, ECX faulted
read32:	endbr32
	msr_exists
	jne .fault
	rdmsr
	xor ecx, ecx
%ifidn MISTAKE, read_zero
	xor eax, eax
%endif
	ret
.fault:	xor eax, eax
	xor edx, edx
	mov ecx, 1
%ifidn MISTAKE, read_value
	inc eax
%endif
	ret

; 85: in EDX:EAX value, ECX; out EAX faulted
write32: endbr32
	msr_exists
	jne .fault
	cmp ecx, MSR_SYSENTER_CS
	je .write
	push edx
	sar edx, 15			; of an address the upper 17 bits are alike
	inc edx
	shr edx, 1
	pop edx
	jnz .fault
.write:	wrmsr
%ifidn MISTAKE, write_faulted
	mov eax, 2
%else
	xor eax, eax
%endif
	ret
.fault:	mov eax, 1
	ret

; 90: in EAX set, EDX bits, ECX start, [esp+4] end, [esp+8] flags; out EAX
flush32: endbr32
	push ebx
	push esi
	push edi
	mov esi, [esp + 16]		; end
	mov edi, ecx
	or edi, esi
	jz .range
	cmp esi, ecx
	mov edi, VMI_REFUSED_RANGE
	jbe .done
.range:	push eax
	push ecx
	push edx
	mov eax, 1
	cpuid
	pop edx
	pop ecx
	pop eax
	shr ebx, 24			; the own APIC ID
	xor edi, edi
	cmp ebx, edx
	jae .done
	mov edx, ebx
	shr edx, 3
	movzx eax, byte [eax + edx]
	and ebx, 7
	bt eax, ebx
%ifidn MISTAKE, flush_none
	jmp short .done
%else
	jnc .done
%endif
	lea edx, [esi - 1]		; of 0 as well: then the number of pages is none
	shr edx, 12
	mov eax, ecx
	shr eax, 12
	sub edx, eax
	inc edx				; pages
	mov eax, ecx
	or eax, esi
	jz .all
	cmp edx, SINGLE
	ja .all
	and ecx, -PAGE
.page:	invlpg [ecx]
	add ecx, PAGE
	dec edx
%ifnidn MISTAKE, flush_first
	jnz .page
%endif
	jmp short .done
.all:	test byte [esp + 20], VMI_FLUSH_GLOBAL
%ifidn MISTAKE, flush_local
	jmp short .local
%endif
	jz .local
	mov eax, cr4
	test al, CR4_PGE
	jz .local
	pushfd
	cli
	mov edx, eax
	and dl, ~(CR4_PGE) & 0xFF
	mov cr4, edx
	mov cr4, eax
	popfd
	jmp short .done
.local:	mov eax, cr3
	mov cr3, eax
.done:	mov eax, edi
	pop edi
	pop esi
	pop ebx
	ret

; 91: in EAX apic_id, EDX counter; out EDX:EAX
cycles32: endbr32
	cmp edx, 1			; real and available time are one; nobody steals any
	ja .none
	push ebx
	push eax
	mov eax, 1
	cpuid
	pop eax
	shr ebx, 24
	cmp eax, ebx
	pop ebx
%ifnidn MISTAKE, cycles_any
	jne .none
%endif
	rdtsc
	ret
.none:	xor eax, eax
	xor edx, edx
	ret

bits 64
; canonical REG: ZF set if it is, for the paging that is on. Changes R10, R11, flags.
%macro canonical 1
	mov r11, %1
	mov r10, cr4
	test r10d, CR4_LA57
	mov r10, r11
	jnz %%five
	shl r10, 16
	sar r10, 16
	jmp short %%compare
%%five:	shl r10, 7
	sar r10, 7
%%compare:
	cmp r10, r11
%endmacro
; own_id: EBX = the own APIC ID. Changes RAX, RCX, RDX.
%macro own_id 0
	mov eax, 1
	cpuid
	shr ebx, 24
%endmacro

; 84: in RDI; out RAX value, RDX faulted
read64:	endbr64
	mov ecx, edi
	msr_exists
	jne .fault
	rdmsr
	shl rdx, 32
%ifidn MISTAKE, read_zero
	xor eax, eax
%endif
	or rax, rdx
	xor edx, edx
	ret
.fault:	xor eax, eax
	mov edx, 1
%ifidn MISTAKE, read_value
	inc eax
%endif
	ret

; 85: in RDI value, RSI; out RAX faulted
write64: endbr64
	mov ecx, esi
	msr_exists
	jne .fault
	cmp ecx, MSR_SYSENTER_CS
	je .write
	canonical rdi
	jne .fault
.write:	mov eax, edi
	mov rdx, rdi
	shr rdx, 32
	wrmsr
%ifidn MISTAKE, write_faulted
	mov eax, 2
%else
	xor eax, eax
%endif
	ret
.fault:	mov eax, 1
	ret

; 90: in RDI set, RSI bits, RDX start, RCX end, R8 flags; out RAX
flush64: endbr64
	mov rax, rdx
	or rax, rcx
	jz .range
	mov eax, VMI_REFUSED_RANGE
	cmp rcx, rdx
	jbe .refuse
.range:
%ifnidn MISTAKE, flush_wild
	mov eax, VMI_REFUSED_ADDRESS
	canonical rdi
	jne .refuse
	canonical rdx
	jne .refuse
	canonical rcx
	jne .refuse
%endif
	push rbx
	mov r9, rdx
	mov r10, rcx
	own_id
	cmp ebx, esi
	jae .done
	mov ecx, ebx
	shr ecx, 3
	movzx eax, byte [rdi + rcx]
	and ebx, 7
	bt eax, ebx
%ifidn MISTAKE, flush_none
	jmp short .done
%else
	jnc .done
%endif
	mov rax, r9
	or rax, r10
	jz .all
	lea rdx, [r10 - 1]
	shr rdx, 12
	mov rax, r9
	shr rax, 12
	sub rdx, rax
	inc rdx				; pages
	cmp rdx, SINGLE
	ja .all
	and r9, -PAGE
.page:	invlpg [r9]
	add r9, PAGE
	dec edx
%ifnidn MISTAKE, flush_first
	jnz .page
%endif
	jmp short .done
.all:	test r8b, VMI_FLUSH_GLOBAL
%ifidn MISTAKE, flush_local
	jmp short .local
%endif
	jz .local
	mov rax, cr4
	test al, CR4_PGE
	jz .local
	pushfq
	cli
	mov rdx, rax
	and dl, ~(CR4_PGE) & 0xFF
	mov cr4, rdx
	mov cr4, rax
	popfq
	jmp short .done
.local:	mov rax, cr3
	mov cr3, rax
.done:	pop rbx
	xor eax, eax
.refuse:
	ret

; 91: in RDI apic_id, RSI counter; out RAX
cycles64: endbr64
	cmp esi, 1
	ja .none
	push rbx
	own_id
	cmp edi, ebx
	pop rbx
%ifnidn MISTAKE, cycles_any
	jne .none
%endif
	rdtsc
	shl rdx, 32
	or rax, rdx
	ret
.none:	xor eax, eax
	ret
