; SPDX-License-Identifier: GPL-2.0-only
; Group mmu, natively: the tables in memory are the processor's own, so telling
; of an update is enough and nothing is ever queued. Segments are flat.
; spec/vmi.abi has the contract of each.
%include "rom.inc"
%include "pxe_long.inc"

extern find_state

section .text
bits 32

; 38 SetPxE: void SetPxE(u32 pte, ptr ptep, u32 flags)
; in     EAX entry, EDX -> entry, ECX VMI_PAGE and VMI_UPDATE flags, any value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_pxe
	mov [edx], eax
	ret
end vmi_set_pxe

; 39 SetPxELong: void SetPxELong(u64 pte, ptr ptep, u32 flags)
; in     EDX:EAX entry, ECX -> entry, [ESP+4] flags, any value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_pxe_long
	store_pxe_long
	ret
end vmi_set_pxe_long

; 40 UpdatePxE: void UpdatePxE(ptr ptep, u32 flags)
; in     EAX -> entry, EDX flags
; clobbers EAX, ECX, EDX, flags
begin vmi_update_pxe
	ret
end vmi_update_pxe

; 41 UpdatePxELong: void UpdatePxELong(ptr ptep, u32 flags)
; in     EAX -> entry, EDX flags
; clobbers EAX, ECX, EDX, flags
begin vmi_update_pxe_long
	ret
end vmi_update_pxe_long

; 42 MachineToPhysical: u32 MachineToPhysical(u32 frame)
; in     EAX frame number
; out    EAX the same: natively there is one numbering
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
begin vmi_allocate_page
	ret
end vmi_allocate_page

; 45 ReleasePage: void ReleasePage(u32 pfn, u32 flags)
; in     EAX, EDX
; clobbers EAX, ECX, EDX, flags
begin vmi_release_page
	ret
end vmi_release_page

; 46 InvalPage: void InvalPage(u32 address)
; in     EAX virtual address
; clobbers EAX, ECX, EDX, flags
begin vmi_inval_page
	invlpg [eax]
	ret
end vmi_inval_page

; 47 FlushTLB: void FlushTLB(u32 flags)
; in     EAX VMI_FLUSH flags; other bits are ignored
; clobbers EAX, ECX, EDX, flags
; Global entries go only when asked, by clearing CR4.PGE for a moment, with interrupts
; off: a handler that changed CR4 in between would see its change undone.
CR4_PGE equ 0x80
begin vmi_flush_tlb
	test al, VMI_FLUSH_GLOBAL
	jz .local
	pushfd
	cli
	mov edx, cr4
	test dl, CR4_PGE
	jz .no_global
	mov ecx, edx
	and cl, ~CR4_PGE & 0xFF
	mov cr4, ecx
	mov cr4, edx
	popfd
	ret
.no_global:
	popfd
	jmp short .all
.local:
	test al, VMI_FLUSH_TLB
	jz .nothing
.all:
	mov ecx, cr3
	mov cr3, ecx
.nothing:
	ret
end vmi_flush_tlb

; 48 SetLinearMapping: void SetLinearMapping(u32 slot, u32 va, u32 pages, u32 ppn)
; in     EAX slot, EDX virtual address, ECX pages, [ESP+4] physical page
; clobbers EAX, ECX, EDX, flags
; Slot 0 bounds the search for the guest's APIC (rom/find_apic.asm), if it is the mapping
; that the ROM itself lies in, from physical page 0 on. Anything else is not believed.
begin vmi_set_linear_mapping
	test eax, eax
	jnz .done
	cmp [esp + 4], eax
	jne .done
	push ebx
	push ecx			; pages
	call find_state
	pop eax
	jc .no_state
	cmp ecx, edx
	jne .no_state
	cmp eax, VMI_STATE_LINEAR_BOUND >> 12
	jb .short
	mov eax, VMI_STATE_LINEAR_BOUND >> 12
.short:
	shl eax, 12
	mov [ebx + vmi_state.linear_bound], eax
	mov dword [ebx + vmi_state.apic_space], 0 ; what was found may lie beyond it
.no_state:
	pop ebx
.done:
	ret
end vmi_set_linear_mapping

; 73 SetLazyMode: void SetLazyMode(u32 mode)
; in     EAX VMI_LAZY mode
; clobbers EAX, ECX, EDX, flags
begin vmi_set_lazy_mode
	ret
end vmi_set_lazy_mode
