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
PAGE_SIZE	equ 4096
%ifdef NO_BACKENDS
STATE_NEEDED	equ vmi_state_size + SHARED_SIZE
%else
STATE_NEEDED	equ vmi_state.hv_page
	times -(vmi_state.hv_page + PAGE_SIZE != vmi_state_size || SHARED_SIZE) db 0
%endif

; Asks for vmi_state and clears it. Its last page, which lies on a page border, is there only if a hypervisor
; offers to write to it and the firmware has so much.
; in     FS flat, DS = CS, SS:BP -> post_frame with hyperv_leaf
; out    noted state: its physical address, 0 if there is none; post_frame.has_page
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
%ifndef NO_BACKENDS
	cmp dword [bp + post_frame.hyperv_leaf], 0
	je .small
	mov ecx, vmi_state_size
	mov edx, PAGE_SIZE
	call ask
	jc .small
	add ebx, vmi_state_size + PAGE_SIZE - 1
	and ebx, -PAGE_SIZE
	sub ebx, vmi_state_size		; the page ends where vmi_state does
	mov byte [bp + post_frame.has_page], 1
	jmp short .asked
.small:
%endif
	mov ecx, STATE_NEEDED
	mov edx, STATE_ALIGN
	call ask
	jc .done
	add ebx, STATE_ALIGN - 16	; from a paragraph to where KVM's structures may lie
	and ebx, -STATE_ALIGN
	mov ecx, STATE_NEEDED
.asked:
	mov [noted(state)], ebx
.clear:
	mov byte [fs:ebx + ecx - 1], 0
	dec ecx
	jnz .clear
	mov dword [fs:ebx + vmi_state.signature], VMI_STATE_SIGNATURE
.done:
	add sp, 4
	ret

; Asks for memory below 1 MiB, so that the guest maps it beside the image.
; in     ECX bytes, EDX how much more may be needed to align them; [SS:SI] the manager
; out    CF clear: EBX its address, a paragraph's
; clobbers EAX, EDX; ECX is kept
ask:
	push ecx
	add ecx, edx
	push ecx
	dec ecx
	shr ecx, 4			; paragraphs
	push word PMM_FLAGS
	push dword PMM_NO_HANDLE
	push ecx
	push word PMM_ALLOCATE
	call far [ss:si]
	add sp, 12
	mov bx, dx
	shl ebx, 16
	mov bx, ax
	pop ecx
	lea eax, [ebx - 1]		; 0 is a refusal
	neg ecx
	add ecx, LOW_MEMORY
	cmp ecx, eax
	pop ecx
	ret
