; SPDX-License-Identifier: GPL-2.0-only
; An image for the test of the cpu lane: good entries for some calls, and with
; -D MISTAKE=NAME one deliberate mistake. Assembled by -f bin; never a product.
%include "vmi_abi.inc"
bits 32
org 0

%define IMAGE_SIZE 2048
%define SLOTS (VROM_SLOT_CALL0 + VMI_CALLS)
%define CALL VMI_RELOCATION_CALL_REL
%define JUMP VMI_RELOCATION_JUMP_REL

header:
	dw VROM_SIGNATURE
	db IMAGE_SIZE / VROM_BLOCK
	times 8 - ($ - header) db 0
	dd VROM_VMI_SIGNATURE
	db VROM_API_MINOR, VROM_API_MAJOR, SLOTS
	times VROM_SLOT_TABLE - ($ - header) db 0
	jmp near init
	times VROM_SLOT_TABLE + VROM_SLOT_SIZE - ($ - header) db 0xCC
	jmp near get_reloc
	times VROM_SLOT_TABLE + SLOTS * VROM_SLOT_SIZE - ($ - header) db 0xCC

	align 16, db 0
config:
	dd VROM_CONFIG_SIGNATURE
	dw vrom_config_size
	db VROM_CONFIG_VERSION
	times vrom_config_size - ($ - config) db 0

init:
%ifidn MISTAKE, init_answer
	xor eax, eax                    ; IRET and SYSEXIT are not there
%elifidn MISTAKE, init_image
	call .here
.here:	pop eax
	mov [eax], eax
	mov eax, VMI_INIT_NO_FLOW
%else
	mov eax, VMI_INIT_NO_FLOW
%endif
	ret

; EAX = number -> EAX address, EDX type
get_reloc:
%ifidn MISTAKE, answer_ebx
	inc ebx
%endif
%ifidn MISTAKE, answer_other
	test ecx, 8
	jnz .none
%endif
%ifidn MISTAKE, answer_beyond
	cmp eax, VMI_CALLS
	je .invented
%elifidn MISTAKE, answer_unbounded
	cmp al, VMI_CALLS
	jmp short .bounded
%endif
	cmp eax, VMI_CALLS
.bounded:
	jae .none
	push ebx
	call .here
.here:	pop ebx
	movzx edx, byte [ebx + types - .here + eax]
	movzx eax, word [ebx + entries - .here + eax * 2]
%ifidn MISTAKE, answer_absolute
	add eax, VROM_WINDOW_BASE
%else
	lea eax, [ebx + eax - .here]
%endif
%ifidn MISTAKE, answer_position
	test ebx, 0x1000
	jz .even
	inc eax
.even:
%endif
	pop ebx
%ifidn MISTAKE, answer_upper
	or edx, 0x10000
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
write_gdt_entry:
%ifidn MISTAKE, swapped
	mov [eax + edx * 8 + 4], ecx
	mov ecx, [esp + 4]
	mov [eax + edx * 8], ecx
%elifidn MISTAKE, argument
	mov [eax + edx * 8], ecx
	mov ecx, [esp + 4]
	mov [eax + edx * 8 + 4], ecx
	mov [esp + 4], edx
%else
	mov [eax + edx * 8], ecx
	mov ecx, [esp + 4]
	mov [eax + edx * 8 + 4], ecx
%endif
	ret

set_tr:
%ifidn MISTAKE, no_fault
	str dx                          ; already loaded: but LTR of a busy TSS faults
	cmp ax, dx
	je .done
%endif
	ltr ax
.done:	ret

set_cr3:
%ifidn MISTAKE, callee_saved
	inc ebx
%elifidn MISTAKE, image
	call .here
.here:	pop edx
	mov [edx], eax
%elifidn MISTAKE, frame
	mov [esp + 8], edx
%elifidn MISTAKE, absolute
	mov edx, [VROM_WINDOW_BASE + types]
%elifidn MISTAKE, forever
	jmp $
%elifidn MISTAKE, elsewhere
	mov dword [esp], 0x14800        ; another place of the landing page
%elifidn MISTAKE, invalid
	ud2
%elifidn MISTAKE, direction
	std
%elifidn MISTAKE, interrupts
	cli
%elifidn MISTAKE, armed
	mov edx, 1
	mov dr7, edx                    ; on this Unicorn 2.0.1 would crash
%elifidn MISTAKE, wrong_cr
	xor eax, 0x10
%endif
	mov cr3, eax
%ifidn MISTAKE, esp
	ret 4
%endif
	ret

get_cr0:
	mov eax, cr0
%ifidn MISTAKE, result
	xor al, 8
%endif
	ret

wbinvd_entry:
%ifnidn MISTAKE, no_wbinvd
	wbinvd
%endif
	ret

rdtsc_entry:
	rdtsc
%ifidn MISTAKE, old_tsc
	dec edx
%endif
	ret

enable_interrupts:
%ifidn MISTAKE, irq_register
	xor edx, edx
%elifidn MISTAKE, segment
	push ebx
	mov ebx, esp
	test byte [ds:ebx], 1
	pop ebx
%endif
	sti
	ret

halt:
%ifnidn MISTAKE, halt_off
	sti
%endif
	hlt
	ret

iret_entry:
%ifidn MISTAKE, iret_register
	mov eax, esp
%endif
	iretd

sysexit_entry:
%ifnidn MISTAKE, sysexit_off
	sti
%endif
	sysexit

reboot:
%ifidn MISTAKE, returns
	ret
%endif
	cli
	cmp eax, 1
	sbb eax, eax
%ifidn MISTAKE, reboot_soft
	or eax, -1
%endif
	and al, 8
	xor al, 0x0A                    ; 2 for a soft reset, 0x0A for a hard one
%ifidn MISTAKE, reboot_hard
	xor al, 8
%endif
	mov dx, 0xCF9
	out dx, al
	or al, 4
	out dx, al
	mov al, 0xFE
%ifnidn MISTAKE, reboot_keyboard
	out 0x64, al
%endif
	push dword 0
	push dword 0
%ifnidn MISTAKE, reboot_idt
	lidt [esp]
%endif
	int3

shutdown:
	cli
	call .here
.here:	pop ecx
	mov dx, [cs:ecx + config + vrom_config.power_port - .here]
	mov ax, [cs:ecx + config + vrom_config.power_value - .here]
%ifidn MISTAKE, shutdown_value
	xor al, 1
%endif
%ifnidn MISTAKE, shutdown_port
	test dx, dx
	jz .halt
%endif
	out dx, ax
.halt:
%ifidn MISTAKE, shutdown_sti
	sti
%endif
	hlt
%ifnidn MISTAKE, shutdown_once
	jmp .halt
%else
	ret
%endif

set_pxe:
%ifidn MISTAKE, stray
	not dword [edx + 4]
	not dword [edx + 4]
%endif
	mov [edx], eax
	ret

set_pxe_long:
%ifnidn MISTAKE, half
	mov dword [ecx], 0
%endif
	mov [ecx + 4], edx
	mov [ecx], eax
	ret

inval_page:
%ifidn MISTAKE, other_page
	add eax, 0x1000
%endif
	invlpg [eax]
	ret

flush_tlb:
%ifidn MISTAKE, all_global
	or al, 2
%endif
	test al, 2
	jz .local
	mov edx, cr4
	mov ecx, edx
	and cl, 0x7F
	cmp ecx, edx
	je .reload
	mov cr4, ecx
	mov cr4, edx
	ret
.local:	test al, 1
	jz .done
.reload:
	mov ecx, cr3
	mov cr3, ecx
.done:	ret

io_delay:
%ifidn MISTAKE, port
	out 0x81, al
%else
	out 0x80, al
%endif
	ret

get_cycle_frequency:
	call .here
.here:	pop ecx
	mov eax, [cs:ecx + config + vrom_config.tsc_hz - .here]
	mov edx, [cs:ecx + config + vrom_config.tsc_hz + 4 - .here]
%ifidn MISTAKE, other_frequency
	xor al, 1
%endif
	ret

get_cycle_counter:
%ifidn MISTAKE, counter_unknown
	cmp eax, 2
	je .nothing
%elifidn MISTAKE, counter_stolen
	cmp eax, 3
	jae .nothing
%else
	cmp eax, 2
	jae .nothing
%endif
	rdtsc
%ifidn MISTAKE, counter_late
	sub edx, 1
%endif
	ret
.nothing:
	xor eax, eax
	xor edx, edx
	ret

wallclock_that_stands:
	call .here
.here:	pop ecx
	mov eax, [cs:ecx + config + vrom_config.wallclock_ns - .here]
	mov edx, [cs:ecx + config + vrom_config.wallclock_ns + 4 - .here]
	ret

updated_for_ever:
	call .here
.here:	pop ecx
	mov edx, [cs:ecx + config + vrom_config.state - .here]
	and ecx, 0xFFF00000
	movzx eax, byte [edx + ecx + vmi_state.wallclock_updated]
	ret

; --- the answers: number, type, entry
%macro answers 1
	%assign number 0
	%rep VMI_CALLS
		%1
		%assign number number + 1
	%endrep
%endmacro
%assign flow 0
%assign slot_answer 0
%assign clock_answer 0
%ifidn MISTAKE, wallclock_stands
%assign clock_answer VMI_CALL_GetWallclockTime
%elifidn MISTAKE, always_updated
%assign clock_answer VMI_CALL_WallclockUpdated
%endif
%ifidn MISTAKE, iret
%assign flow 33
%elifidn MISTAKE, iret_register
%assign flow 33
%elifidn MISTAKE, iret_called
%assign flow 133
%elifidn MISTAKE, sysexit_off
%assign flow 34
%elifidn MISTAKE, answer_reserved
%assign flow 49
%elifidn MISTAKE, answer_nop
%assign slot_answer 1
%elifidn MISTAKE, answer_slot
%assign slot_answer 2
%endif

%macro cell 0
	%assign type CALL
	%if number == VMI_CALL_WriteGDTEntry
		%define entry write_gdt_entry
	%elif number == VMI_CALL_SetTR
		%define entry set_tr
	%elif number == VMI_CALL_SetCR3
		%define entry set_cr3
		%if slot_answer == 1
			%assign type VMI_RELOCATION_NOP
		%elif slot_answer == 2
			%define entry VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + number) * VROM_SLOT_SIZE
		%endif
	%elif number == VMI_CALL_GetCR0
		%define entry get_cr0
	%elif number == VMI_CALL_WBINVD
		%define entry wbinvd_entry
	%elif number == VMI_CALL_RDTSC
		%define entry rdtsc_entry
	%elif number == VMI_CALL_EnableInterrupts
		%define entry enable_interrupts
	%elif number == VMI_CALL_Halt
		%define entry halt
	%elif number == VMI_CALL_SetPxE
		%define entry set_pxe
	%elif number == VMI_CALL_SetPxELong
		%define entry set_pxe_long
	%elif number == VMI_CALL_InvalPage
		%define entry inval_page
	%elif number == VMI_CALL_FlushTLB
		%define entry flush_tlb
	%elif number == VMI_CALL_IODelay
		%define entry io_delay
	%elif number == VMI_CALL_IRET && flow % 100 == VMI_CALL_IRET
		%define entry iret_entry
		%if flow < 100
			%assign type JUMP
		%endif
	%elif number == VMI_CALL_SYSEXIT && flow == VMI_CALL_SYSEXIT
		%define entry sysexit_entry
		%assign type JUMP
	%elif number == VMI_CALL_GetCycleFrequency
		%define entry get_cycle_frequency
	%elif number == VMI_CALL_GetCycleCounter
		%define entry get_cycle_counter
	%elif number == VMI_CALL_GetWallclockTime && clock_answer == number
		%define entry wallclock_that_stands
	%elif number == VMI_CALL_WallclockUpdated && clock_answer == number
		%define entry updated_for_ever
	%elif number == VMI_CALL_Reboot
		%define entry reboot
	%elif number == VMI_CALL_Shutdown
		%define entry shutdown
	%elif number == flow && flow
		%define entry reboot
	%else
		%define entry 0
		%assign type VMI_RELOCATION_NONE
	%endif
%endmacro
%macro type_cell 0
	cell
	db type
%endmacro
%macro entry_cell 0
	cell
	dw entry
%endmacro

types:
	answers type_cell
entries:
	answers entry_cell
	times IMAGE_SIZE - ($ - header) db 0
