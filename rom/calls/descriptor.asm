; SPDX-License-Identifier: GPL-2.0-only
; Group descriptor: descriptor tables, their entries, the task register and the
; kernel stack. spec/vmi.abi has the contract of each; segments are flat.
%include "rom.inc"

section .text
bits 32

; 3 SetGDT: void SetGDT(ptr desc)
; in     EAX -> vmi_descriptor_pointer
; clobbers EAX, ECX, EDX, flags
begin vmi_set_gdt
	lgdt [eax]
	ret
end vmi_set_gdt

; 4 SetLDT: void SetLDT(u32 selector)
; in     EAX selector
; clobbers EAX, ECX, EDX, flags
begin vmi_set_ldt
	lldt ax
	ret
end vmi_set_ldt

; 5 SetIDT: void SetIDT(ptr desc)
; in     EAX -> vmi_descriptor_pointer
; clobbers EAX, ECX, EDX, flags
begin vmi_set_idt
	lidt [eax]
	ret
end vmi_set_idt

; 6 SetTR: void SetTR(u32 selector)
; in     EAX selector of an available TSS
; clobbers EAX, ECX, EDX, flags
begin vmi_set_tr
	ltr ax
	ret
end vmi_set_tr

; 7 GetGDT: void GetGDT(ptr desc)
; in     EAX -> vmi_descriptor_pointer, written
; clobbers EAX, ECX, EDX, flags
begin vmi_get_gdt
	sgdt [eax]
	ret
end vmi_get_gdt

; 8 GetLDT: u32 GetLDT(void)
; in     nothing
; out    EAX selector, bits 31 to 16 zero
; clobbers ECX, EDX, flags
begin vmi_get_ldt
	xor eax, eax			; an i486 leaves the upper half undefined
	sldt ax
	ret
end vmi_get_ldt

; 9 GetIDT: void GetIDT(ptr desc)
; in     EAX -> vmi_descriptor_pointer, written
; clobbers EAX, ECX, EDX, flags
begin vmi_get_idt
	sidt [eax]
	ret
end vmi_get_idt

; 10 GetTR: u32 GetTR(void)
; in     nothing
; out    EAX selector, bits 31 to 16 zero
; clobbers ECX, EDX, flags
begin vmi_get_tr
	xor eax, eax			; an i486 leaves the upper half undefined
	str ax
	ret
end vmi_get_tr

; 11 WriteGDTEntry, 12 WriteLDTEntry, 13 WriteIDTEntry:
; void WriteGDTEntry(ptr table, u32 index, u32 low, u32 high)
; in     EAX table, EDX index, ECX low word, [ESP+4] high word
; clobbers EAX, ECX, EDX, flags
; The three have an entry each, so that each can be told apart and broken on.
%macro write_entry 1
begin %1
	lea eax, [eax + edx * 8]
	mov edx, [esp + 4]
	mov [eax], ecx
	mov [eax + 4], edx
	ret
end %1
%endmacro
	write_entry vmi_write_gdt_entry
	write_entry vmi_write_ldt_entry
	write_entry vmi_write_idt_entry

; 14 UpdateKernelStack: void UpdateKernelStack(u32 ss0, u32 esp0)
; in     EAX kernel stack selector (the documents: the TSS), EDX esp0
; clobbers EAX, ECX, EDX, flags
; The caller has stored both in the TSS, where the processor finds them.
begin vmi_update_kernel_stack
	ret
end vmi_update_kernel_stack
