; SPDX-License-Identifier: GPL-2.0-only
; Group mmu, lazy mode and CR3 under the hypervisor of tests/hv/, which shadows the guest's page
; tables. Entries are written in place, and what a shadow must follow goes into a queue in memory
; that both see. The queue is handed over at once, or under lazy mode when that ends, when the TLB
; is to forget something, when CR3 changes or when it is full. rom/hv/hypercall.h has the layout.
%include "rom.inc"
%include "pxe_long.inc"

extern find_state

section .text
bits 32

; Enters paravirtual mode, if that hypervisor is there.
; in     nothing
; out    CF clear: entered. CF set: another hypervisor or none, no state memory, or a refusal
; clobbers EAX, ECX, EDX
global hv_enter:function (hv_enter.end - hv_enter)
hv_enter:
	push ebx
	mov eax, HV_LEAF
	xor ecx, ecx
	cpuid
	sub ebx, HV_SIGNATURE_EBX
	sub ecx, HV_SIGNATURE_ECX
	sub edx, HV_SIGNATURE_EDX
	or ebx, ecx
	or ebx, edx
	jnz .none
	call find_state
	jc .none
	cmp ecx, NO_LINEAR
	je .none
	sub ebx, ecx
	lea ecx, [ebx + HV_AREA]
	hypercall ENTER
	neg eax				; CF set if it is not HV_OK
	pop ebx
	ret
.none:
	stc
	pop ebx
	ret
.end:

; in     nothing
; out    CF clear: EBX -> the shared area, ECX = virtual minus physical address. CF set: nothing
;        is shared, since the guest has left; the hypervisor traps what it does
; clobbers EAX
area:
	call find_state
	jc .none
	add ebx, HV_AREA
	cmp dword [ebx + HV_CR3], 1	; CF set if it is 0
.none:
	ret

; Puts an entry in the queue. An interrupt that does so, too, must find it whole.
; in     EAX what, EDX operation and level, EBX -> the shared area, interrupts off
; clobbers EAX, ECX
append:
	mov ecx, [ebx + HV_COUNT]
	cmp ecx, HV_QUEUE_MAX
	jb .room
	push eax
	hypercall FLUSH
	pop eax
	mov ecx, [ebx + HV_COUNT]
.room:
	mov [ebx + HV_QUEUE + ecx * 8], eax
	mov [ebx + HV_QUEUE + ecx * 8 + 4], edx
	inc ecx
	mov [ebx + HV_COUNT], ecx
	ret

; Tells of an entry that was written, if its table is in use.
; in     EAX -> entry, EDX VMI_PAGE and VMI_UPDATE flags
; clobbers EAX, ECX, EDX, flags
tell:
	push ebx
	push eax
	call area
	pop eax
	jc .done
	sub eax, ecx
	mov ecx, eax
	shr ecx, 12
	cmp ecx, HV_FRAMES
	jae .done
	bt [ebx + HV_LIVE], ecx
	jnc .done
	pushfd
	cli
	push edx
	and edx, VMI_PAGE_PT | VMI_PAGE_PD | VMI_PAGE_PDP | VMI_PAGE_PML4
%if HV_OP_UPDATE != 0
%error "the operation is to be or'ed in"
%endif
	call append
	pop edx
	and edx, VMI_UPDATE_DEFER
	or edx, [ebx + HV_LAZY]
	jnz .later
	hypercall FLUSH
.later:
	popfd
.done:
	pop ebx
	ret

; Hands over what is queued.
; out    CF set: nothing is shared
; clobbers EAX, ECX
settle:
	push ebx
	call area
	jc .done
	cmp dword [ebx + HV_COUNT], 0
	je .done			; CF is clear
	hypercall FLUSH
	clc
.done:
	pop ebx
	ret

; 38 SetPxE: void SetPxE(u32 pte, ptr ptep, u32 flags)
; in     EAX entry, EDX -> entry, ECX VMI_PAGE and VMI_UPDATE flags, any value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_pxe
	mov [edx], eax
	mov eax, edx
	mov edx, ecx
	jmp tell
end vmi_set_pxe

; 39 SetPxELong: void SetPxELong(u64 pte, ptr ptep, u32 flags)
; in     EDX:EAX entry, ECX -> entry, [ESP+4] flags, any value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_pxe_long
	store_pxe_long
	mov eax, ecx
	mov edx, [esp + 4]
	jmp tell
end vmi_set_pxe_long

; 40 UpdatePxE: void UpdatePxE(ptr ptep, u32 flags)
; in     EAX -> entry, EDX flags
; clobbers EAX, ECX, EDX, flags
begin vmi_update_pxe
	jmp tell
end vmi_update_pxe

; 41 UpdatePxELong: void UpdatePxELong(ptr ptep, u32 flags)
; in     EAX -> entry, EDX flags
; clobbers EAX, ECX, EDX, flags
begin vmi_update_pxe_long
	jmp tell
end vmi_update_pxe_long

; 42 MachineToPhysical: u32 MachineToPhysical(u32 frame)
; in     EAX frame number
; out    EAX the same: the shadow hides the difference, if there is one
; clobbers ECX, EDX, flags
begin vmi_machine_to_physical
	ret
end vmi_machine_to_physical

; 43 PhysicalToMachine: u32 PhysicalToMachine(u32 frame)
; in     EAX frame number
; out    EAX the same
; clobbers ECX, EDX, flags
begin vmi_physical_to_machine
	ret
end vmi_physical_to_machine

; 44 AllocatePage: void AllocatePage(u32 pfn, u32 flags, u32 clone_pfn, u32 base, u32 count)
; in     EAX, EDX, ECX, [ESP+4], [ESP+8]
; clobbers EAX, ECX, EDX, flags
; Until it is handed over, the table is not in use, and what is written to it need not be told.
begin vmi_allocate_page
	and edx, VMI_PAGE_PT | VMI_PAGE_PD | VMI_PAGE_PDP | VMI_PAGE_PML4
	or dh, HV_OP_ALLOCATE
	jmp announce
end vmi_allocate_page

; 45 ReleasePage: void ReleasePage(u32 pfn, u32 flags)
; in     EAX, EDX
; clobbers EAX, ECX, EDX, flags
begin vmi_release_page
	mov edx, HV_OP_RELEASE << 8
announce:
	push ebx
	push eax
	call area
	pop eax
	jc .done
	pushfd
	cli
	call append
	popfd
.done:
	pop ebx
	ret
end vmi_release_page

; 46 InvalPage: void InvalPage(u32 address)
; in     EAX virtual address
; clobbers EAX, ECX, EDX, flags
; The hypervisor empties the TLB with each change that it makes, so only what waits counts.
begin vmi_inval_page
	mov edx, eax
	call settle
	jnc .done
	invlpg [edx]
.done:
	ret
end vmi_inval_page

; 47 FlushTLB: void FlushTLB(u32 flags)
; in     EAX VMI_FLUSH flags; other bits are ignored
; clobbers EAX, ECX, EDX, flags
begin vmi_flush_tlb
	mov edx, eax
	call settle
	jnc .done
	test dl, VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL
	jz .done
	mov eax, cr3			; no entry of a shadow is global
	mov cr3, eax
.done:
	ret
end vmi_flush_tlb

; 48 SetLinearMapping: void SetLinearMapping(u32 slot, u32 va, u32 pages, u32 ppn)
; in     EAX slot, EDX virtual address, ECX pages, [ESP+4] physical page
; clobbers EAX, ECX, EDX, flags
; The ROM knows the mapping that it lies in itself, and needs no other.
begin vmi_set_linear_mapping
	ret
end vmi_set_linear_mapping

; 73 SetLazyMode: void SetLazyMode(u32 mode)
; in     EAX VMI_LAZY mode
; clobbers EAX, ECX, EDX, flags
begin vmi_set_lazy_mode
	push ebx
	mov edx, eax
	call area
	jc .done
	and edx, VMI_LAZY_MMU
	mov [ebx + HV_LAZY], edx
	pop ebx
	jz settle
	ret
.done:
	pop ebx
	ret
end vmi_set_lazy_mode

; 17 SetCR3: void SetCR3(u32 value)
; in     EAX value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_cr3
	push ebx
	mov edx, eax
	call area
	jc .native
	cmp edx, [ebx + HV_CR3]
	pop ebx
	je settle			; a flush
	mov ecx, edx
	hypercall CR3
	ret
.native:
	mov cr3, edx
	pop ebx
	ret
end vmi_set_cr3

; 21 GetCR3: u32 GetCR3(void)
; in     nothing
; out    EAX
; clobbers ECX, EDX, flags
begin vmi_get_cr3
	push ebx
	call area
	jc .native
	mov eax, [ebx + HV_CR3]
	pop ebx
	ret
.native:
	mov eax, cr3
	pop ebx
	ret
end vmi_get_cr3
