; SPDX-License-Identifier: GPL-2.0-only
; What POST says on the firmware's debug port: one line.
%include "post.inc"

extern rom_header, rom_config, rom_release, vmi_profile_name

; The line's start, before anything was changed: who is where.
; in     DS = CS
; clobbers AX, CX, SI, flags
global greet
greet:
	mov si, text_greeting
	call print
	mov si, rom_release
	call print
	mov si, text_abi
	call print
	mov si, vmi_profile_name
	call print
	mov si, text_at
	call print
	mov ax, cs
	call print_hex16
	mov al, '0'			; segment * 16
	jmp print_char

; The line's end: what was found and done.
; in     CF as note_and_shrink left it, DS = CS, SS:BP -> post_frame
; clobbers EAX, EBX, ECX, EDX, SI, flags
global report
report:
	mov si, text_read_only
	jc .sizes_said
	mov si, text_comma
	call print
	movzx eax, byte [rom_header + vrom_header.rom_length]
	shl eax, 9
	call print_decimal
	mov si, text_of
	call print
	movzx eax, byte [rom_config + vrom_config.image_blocks]
	shl eax, 9
	call print_decimal
	mov si, text_stay
.sizes_said:
	call print

	mov si, text_no_power
	mov bx, [noted(power_port)]
	test bx, bx
	jz .power_said
	mov si, text_power
	call print
	mov ax, bx
	call print_hex16
	xor si, si
.power_said:
	call print_if

	mov si, text_no_tsc
	movzx bx, byte [noted(tsc_source)]
	test bx, bx
	jz .end
	mov si, text_tsc
	call print
	mov eax, [noted(tsc_hz)]
	mov edx, [noted(tsc_hz) + 4]
	mov ecx, 1000
	div ecx				; fits: kHz of at most 20 GHz
	call print_decimal
	mov si, text_khz
	call print
	shl bx, 1
	mov si, [sources + bx]
	call print
	mov si, text_apic
	call print
	mov eax, [noted(apic_hz)]
	xor edx, edx
	mov ecx, 1000
	div ecx
	call print_decimal
	mov si, text_khz_end
	call print
	mov si, text_no_state
	mov ax, [noted(state) + 1]	; a paragraph: the lowest digit is 0
	test ax, ax
	jz .end
	mov si, text_state
	call print
	mov eax, [noted(state)]
	shr eax, 4
	call print_hex16
	mov al, '0'
	call print_char
	xor si, si
.end:
	call print_if
	mov si, text_kvm
	mov bl, VMI_BACKEND_KVM
	mov al, [bp + post_frame.backends + 1]
	call report_backend
	mov si, text_hyperv
	mov bl, VMI_BACKEND_HYPERV
	mov al, [bp + post_frame.backends + 2]
	call report_backend
	mov al, 10
	jmp print_char

; What became of one interface.
; in     SI its name, BL its bit, AL VMI_BACKEND_WHY number
; clobbers EAX, CX, EDX, SI, flags
report_backend:
	test [bp + post_frame.backends], bl
	jnz .serves
	cmp al, VMI_BACKEND_WHY_ABSENT
	jbe .said			; nobody looked, or it is not there
	movzx edx, al
	push edx
	call print
	mov si, text_refused
	call print
	pop eax
	call print_decimal
	mov si, text_refused_end
	jmp short .end
.serves:
	call print
	mov si, text_serves
.end:
	call print
.said:
	ret

; Prints EAX in decimal.
; clobbers EAX, CX, EDX, flags
print_decimal:
	push ebx
	mov ebx, 10
	xor cx, cx
.digit:
	xor edx, edx
	div ebx
	push dx
	inc cx
	test eax, eax
	jnz .digit
.next:
	pop ax
	add al, '0'
	call print_char
	loop .next
	pop ebx
	ret

; Prints AX as four hex digits.
; clobbers AX, CX, flags
print_hex16:
	mov cx, 4
.digit:
	rol ax, 4
	push ax
	and al, 15
	cmp al, 10
	sbb al, 0x69			; 0-9 and a-f without a table
	das
	or al, 0x20
	call print_char
	pop ax
	loop .digit
	ret

; Prints the NUL-terminated string at SI; print_if: unless SI is 0.
; clobbers AL, SI, flags
print_if:
	test si, si
	jz print.done
print:
	lodsb
	test al, al
	jz .done
	call print_char
	jmp print
.done:
	ret

; Prints AL on the firmware's debug port, if there is one.
; clobbers flags
print_char:
	push dx
	push ax
	mov dx, VROM_DEBUG_PORT
	in al, dx
	cmp al, VROM_DEBUG_PRESENT
	pop ax
	jne .none
	out dx, al
.none:
	pop dx
	ret

text_greeting:
	db 'pvrom ', 0
text_abi:
	db ': VMI ', '0' + VROM_API_MAJOR, '.', '0' + VROM_API_MINOR, ', profile ', 0
text_at:
	db ', at 0x000', 0
text_comma:
	db ', ', 0
text_of:
	db ' of ', 0
text_stay:
	db ' bytes stay resident, ', 0
text_read_only:
	db ', read-only: nothing noted, the whole image stays, ', 0
text_power:
	db 'power off at port 0x', 0
text_no_power:
	db 'no ACPI power port', 0
text_no_tsc:
	db ', no time: no usable TSC', 0
text_tsc:
	db ', TSC ', 0
text_khz:
	db ' kHz (', 0
text_apic:
	db '), APIC timer ', 0
text_khz_end:
	db ' kHz', 0
text_no_state:
	db ', no time: no PMM memory', 0
text_state:
	db ', state at 0x000', 0
text_kvm:
	db ', KVM', 0
text_hyperv:
	db ', Hyper-V', 0
text_serves:
	db ' serves calls', 0
text_refused:
	db ' refused (VMI_BACKEND_WHY ', 0
text_refused_end:
	db ')', 0
sources:
	dw 0, source_pit, source_leaf15, source_leaf16, source_hypervisor, source_backdoor
source_pit:
	db 'PIT', 0
source_leaf15:
	db 'CPUID 15', 0
source_leaf16:
	db 'CPUID 16', 0
source_hypervisor:
	db 'CPUID 40000010', 0
source_backdoor:
	db 'backdoor', 0
