; SPDX-License-Identifier: GPL-2.0-only
; As wrong.asm, of ABI 4.0: an image whose directory leads to good 64-bit entries for some
; calls, and with -D MISTAKE=NAME one deliberate mistake. Assembled by -f bin; never a product.
%include "vmi_abi.inc"
%include "vmi64_abi.inc"
default rel
org 0

%define IMAGE_SIZE 2048
%define CALL VMI_RELOCATION_CALL_REL
%define JUMP VMI_RELOCATION_JUMP_REL
%define DEEP 512                ; more stack than 4.0 promises

; directory CAPABILITIES, COUNT, INIT, GET_RELOC, ABIS, ABI_COUNT
%macro directory 6
	istruc vrom_directory
	at vrom_directory.signature, dd VROM_DIRECTORY_SIGNATURE
	at vrom_directory.length, db vrom_directory_size
	at vrom_directory.version, db VROM_DIRECTORY_VERSION
	at vrom_directory.capability_size, db vrom_capability_size
	at vrom_directory.capabilities_offs, dw %1
	at vrom_directory.capability_count, dw %2
	at vrom_directory.init_offs, dw %3
	at vrom_directory.get_reloc_offs, dw %4
	at vrom_directory.abis_offs, dw %5
	at vrom_directory.abi_count, dw %6
	iend
%endmacro

header:
	dw VROM_SIGNATURE
	db IMAGE_SIZE / VROM_BLOCK
	times 8 - ($ - header) db 0
	dd VROM_VMI_SIGNATURE
	db VROM_API_MINOR, VROM_API_MAJOR, VROM_SLOT_CALL0
	times VROM_DIRECTORY - ($ - header) db 0
	directory 0, 0, none32, none32, abis, 1
	times VROM_SLOT_TABLE - ($ - header) db 0
bits 32
	jmp near none32
	times VROM_SLOT_TABLE + VROM_SLOT_SIZE - ($ - header) db 0xCC
	jmp near none32
	times VROM_SLOT_TABLE + VROM_SLOT_CALL0 * VROM_SLOT_SIZE - ($ - header) db 0xCC
none32:
	mov eax, VMI_INIT_NO_FLOW
	xor edx, edx
	ret

	align 4, db 0
abis:
	istruc vrom_abi
%ifidn MISTAKE, other_major
	at vrom_abi.major, db VMI64_MAJOR + 1
%else
	at vrom_abi.major, db VMI64_MAJOR
%endif
	at vrom_abi.width, db 64
	at vrom_abi.directory_offs, dw directory64
	iend
directory64:
	directory capabilities, VMI64_CALLS, init, get_reloc, 0, 0

bits 64
init:
%ifnidn MISTAKE, init_endbr
	endbr64
%endif
%ifidn MISTAKE, init_answer
	xor eax, eax                    ; SYSEXIT is not there
%elifidn MISTAKE, init_upper
	mov rax, -1
%else
	mov eax, VMI_INIT_NO_FLOW
%endif
	ret

; RDI = number -> RAX address, RDX type
get_reloc:
	endbr64
%ifidn MISTAKE, answer_rbx
	inc rbx
%elifidn MISTAKE, answer_r15
	inc r15
%elifidn MISTAKE, answer_half
	mov ebp, ebp
%elifidn MISTAKE, answer_below
	mov [rsp - 16], rdi
%elifidn MISTAKE, answer_std
	std
%endif
%ifidn MISTAKE, answer_high
	mov rax, rdi
	cmp rax, VMI64_CALLS            ; its upper half is anything
%else
	mov eax, edi
%ifidn MISTAKE, answer_beyond
	cmp eax, VMI64_CALLS
	je .invented
%endif
	cmp eax, VMI64_CALLS
%endif
	jae .none
	lea rcx, [types]
	movzx edx, byte [rcx + rax]
	lea rcx, [entries]
	movzx eax, word [rcx + rax * 2]
	test edx, edx
	jz .none
%ifidn MISTAKE, answer_absolute
	add rax, VROM_WINDOW_BASE
%else
	lea rcx, [header]
	add rax, rcx
%endif
%ifidn MISTAKE, answer_32
	mov eax, eax
%elifidn MISTAKE, answer_upper
	bts rdx, 40
%endif
	ret
.none:
	xor eax, eax
	xor edx, edx
	ret
.invented:
	mov edx, VMI_RELOCATION_NONE + 9
	ret

; --- entries
set_cr3:
%ifnidn MISTAKE, no_endbr
	endbr64
%endif
%ifidn MISTAKE, rbx
	inc rbx
%elifidn MISTAKE, r12
	mov r12, rdi
%elifidn MISTAKE, upper_half
	mov ebp, ebp
%elifidn MISTAKE, red_zone
	mov [rsp - 8], rdi
%elifidn MISTAKE, red_zone_read
	mov rax, [rsp - 8]
%elifidn MISTAKE, deep
	sub rsp, DEEP
	mov [rsp], rdi
	add rsp, DEEP
%elifidn MISTAKE, frame
	mov [rsp + 8], rdi
%elifidn MISTAKE, absolute
	mov rax, [abs VROM_WINDOW_BASE + types]
%elifidn MISTAKE, image
	lea rax, [types]
	mov [rax], rdi
%elifidn MISTAKE, stray_read
	mov eax, 0x12000                ; the lane's scratch memory
	mov rax, [rax]
%elifidn MISTAKE, direction
	std
%elifidn MISTAKE, interrupts
	cli
%elifidn MISTAKE, segment
	mov rax, [gs:0]
%elifidn MISTAKE, stack_segment
	xor eax, eax
	mov ds, eax
%elifidn MISTAKE, gs_exchanged
	swapgs
%elifidn MISTAKE, sse
	xorps xmm0, xmm0
%elifidn MISTAKE, invalid
	ud2
%elifidn MISTAKE, forever
	jmp $
%elifidn MISTAKE, elsewhere
	mov qword [rsp], 0x14800        ; another place of the landing page
%elifidn MISTAKE, armed
	mov eax, 1
	mov dr7, rax                    ; on this Unicorn 2.0.1 would crash
%elifidn MISTAKE, wrong_cr
	xor rdi, 0x10
%endif
	mov cr3, rdi
%ifidn MISTAKE, rsp
	ret 8
%endif
	ret

get_cr0:
	endbr64
	mov rax, cr0
%ifidn MISTAKE, result
	xor al, 8
%endif
	ret

enable_interrupts:
	endbr64
%ifidn MISTAKE, irq_register
	xor r11d, r11d                  ; it may change flags alone
%endif
	sti
	ret

%macro native 2                 ; LABEL, ENTRY: as the spec has it
%1:	endbr64
	VMI64_NATIVE_%2
%ifndef VMI64_NORETURN_%2
	ret
%endif
%endmacro

%ifidn MISTAKE, system_short
write_gdt_entry:
	endbr64
	mov eax, esi
	mov [rdi + rax * 8], rdx        ; not the high half of a system descriptor
	ret
%else
native write_gdt_entry, vmi64_write_gdt_entry
%endif
%ifidn MISTAKE, half
set_pxe_long:
	endbr64
	mov [rsi], edi                  ; present before its upper half is there
	shr rdi, 32
	mov [rsi + 4], edi
	ret
%else
native set_pxe_long, vmi64_set_pxe_long
%endif
%ifidn MISTAKE, other_page
inval_page:
	endbr64
	invlpg [rdi + 0x1000]
	ret
%elifidn MISTAKE, page_by_r9
inval_page:
	endbr64
	lea r9, [rdi + rdi]             ; [r9+...] is another register than [rcx+...]
	invlpg [r9]
	ret
%else
native inval_page, vmi64_inval_page
%endif
%ifidn MISTAKE, all_global
flush_tlb:
	endbr64
	mov rax, cr4
	btc rax, 7
	mov cr4, rax
	btc rax, 7
	mov cr4, rax
	ret
%else
native flush_tlb, vmi64_flush_tlb
%endif
%ifidn MISTAKE, wait_sign
vcpu_wait:
	endbr64
	lea ecx, [rdx - 1]
	xor eax, eax
	test edi, ecx
	jz .done
	mov eax, VMI_REFUSED_ALIGN      ; of every size
.done:	ret
%elifidn MISTAKE, wait_upper
vcpu_wait:
	endbr64
	mov rax, -1
	mov al, 0
	ret
%else
native vcpu_wait, vmi64_vcpu_wait
%endif
%ifidn MISTAKE, visible_wrap
set_page_visibility:
	endbr64
	mov eax, VMI_REFUSED_KIND
	cmp edx, VMI_VISIBILITY_SHARED
	ja .done
	lea rax, [rdi + rsi]            ; it may wrap
	shr rax, 40
	setnz al
	movzx eax, al
	imul eax, VMI_REFUSED_RANGE
.done:	ret
%else
native set_page_visibility, vmi64_set_page_visibility
%endif
%ifidn MISTAKE, gs_unchecked
load_gs_index:
	endbr64
	pushfq
	cli
	swapgs
	mov gs, edi
	swapgs
	popfq
	xor eax, eax
	ret
%else
native load_gs_index, vmi64_load_gs_index
%endif
%ifidn MISTAKE, sysret_wild
sysret64:
	endbr64
	swapgs
	o64 sysret
%elifidn MISTAKE, sysret_gs
sysret64:
	endbr64
	shl rcx, 17
	shr rcx, 17
	o64 sysret
%elifidn MISTAKE, sysret_rdx
sysret64:
	endbr64
	shl rcx, 17
	shr rcx, 17
	xor edx, edx
	swapgs
	o64 sysret
%else
native sysret64, vmi64_sysret64
%endif
native iret_entry, vmi64_iret           ; of a bad frame it makes the kernel's fault
native rdtsc_entry, vmi64_rdtsc

; cell NUMBER: its `entry` and `type`
%macro cell 1
	%assign type CALL
	%define entry 0
	%if %1 == VMI_CALL_SetCR3
		%define entry set_cr3
		%ifidn MISTAKE, answer_nop
			%assign type VMI_RELOCATION_NOP
		%endif
	%elif %1 == VMI_CALL_GetCR0
		%define entry get_cr0
	%elif %1 == VMI_CALL_EnableInterrupts
		%define entry enable_interrupts
	%elif %1 == VMI_CALL_WriteGDTEntry
		%define entry write_gdt_entry
	%elif %1 == VMI_CALL_SetPxELong
		%define entry set_pxe_long
	%elif %1 == VMI_CALL_InvalPage
		%define entry inval_page
	%elif %1 == VMI_CALL_FlushTLB
		%define entry flush_tlb
	%elif %1 == VMI_CALL_VcpuWait
		%define entry vcpu_wait
	%elif %1 == VMI_CALL_SetPageVisibility
		%define entry set_page_visibility
	%elif %1 == VMI_CALL_LoadGSIndex
		%define entry load_gs_index
	%elif %1 == VMI_CALL_RDTSC
		%define entry rdtsc_entry
	%elif %1 == VMI_CALL_SYSRET64
		%define entry sysret64
		%assign type JUMP
	%elif %1 == VMI_CALL_IRET
		%ifidn MISTAKE, iret
			%define entry iret_entry
			%assign type JUMP
		%endif
	%elif %1 == VMI_CALL_SetPxE
		%ifidn MISTAKE, answer_absent
			%define entry set_pxe_long
		%endif
	%endif
%endmacro
capabilities:                           ; nobody asks for them here
types:
%assign number 0
%rep VMI64_CALLS
	cell number
	%ifidn entry, 0
		db VMI_RELOCATION_NONE
	%else
		db type
	%endif
%assign number number + 1
%endrep
entries:
%assign number 0
%rep VMI64_CALLS
	cell number
	dw entry
%assign number number + 1
%endrep
	times VMI64_CALLS * vrom_capability_size - ($ - capabilities) db 0
	times IMAGE_SIZE - ($ - header) db 0
