; SPDX-License-Identifier: GPL-2.0-only
; POST's memory: the little that must be written after POST is asked of the
; firmware's POST memory manager, once and for good.
%include "post.inc"

BIOS_BASE	equ 0xE0000
BIOS_END	equ 0x100000
PMM_LENGTH	equ 5			; of its structure
PMM_ENTRY	equ 7			; far pointer
PMM_ALLOCATE	equ 0
PMM_FLAGS	equ 0x0009		; conventional memory, permanent
PMM_NO_HANDLE	equ 0xFFFFFFFF
LOW_MEMORY	equ 0x100000
STATE_ALIGN	equ 64

; Asks for vmi_state and clears it.
; in     FS flat, DS = CS, SS:BP -> post_frame
; out    noted state: its physical address, 0 if there is none
; clobbers EAX, EBX, ECX, EDX, ESI, flags
global allocate_state
allocate_state:
	mov ebx, BIOS_BASE
.search:
	cmp dword [fs:ebx], '$PMM'
	je .found
.next:
	add ebx, 16
	cmp ebx, BIOS_END
	jb .search
	ret
.found:
	movzx ecx, byte [fs:ebx + PMM_LENGTH]
	cmp cl, PMM_ENTRY + 4
	jb .next
	mov esi, ebx
	xor al, al
.sum:
	add al, [fs:esi]
	inc esi
	loop .sum
	test al, al
	jnz .next

	mov eax, [fs:ebx + PMM_ENTRY]
	push eax			; where to call
	mov si, sp
	push word PMM_FLAGS
	push dword PMM_NO_HANDLE
	push dword (vmi_state_size + SHARED_SIZE + STATE_ALIGN - 1) / 16 ; paragraphs
	push word PMM_ALLOCATE
	call far [ss:si]
	add sp, 12 + 4
	mov bx, dx
	shl ebx, 16
	mov bx, ax
	lea eax, [ebx - 1]		; 0 is a refusal
	add ebx, STATE_ALIGN - 16	; from a paragraph to where KVM's structures may lie
	and ebx, -STATE_ALIGN
	cmp eax, LOW_MEMORY - vmi_state_size - SHARED_SIZE - STATE_ALIGN
	jae .done			; where the guest need not map it beside the image
	mov [noted(state)], ebx
	mov ecx, vmi_state_size
.clear:
	mov byte [fs:ebx + ecx - 1], 0
	dec ecx
	jnz .clear
	mov dword [fs:ebx + vmi_state.signature], VMI_STATE_SIGNATURE
.done:
	ret
