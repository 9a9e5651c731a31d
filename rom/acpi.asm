; SPDX-License-Identifier: GPL-2.0-only
; POST's look at the firmware's ACPI tables: which port powers the machine off.
; The tables are the firmware's, so nothing in them is believed: each has its
; length bounded and its sum checked before a field is read.
%include "post.inc"

BDA_EBDA	equ 0x40E		; segment of the extended BIOS data area
EBDA_SEARCH	equ 0x400		; how much of it may hold the RSDP
BIOS_BASE	equ 0xE0000
BIOS_END	equ 0x100000

RSDP_LENGTH	equ 20
RSDP_RSDT	equ 16
TABLE_LENGTH	equ 4			; of every ACPI table
TABLE_HEADER	equ 36
TABLE_MAX	equ 0x100000		; no table that is looked at is larger
LOWEST_TABLE	equ 0x400		; the interrupt vectors are none
HIGHEST_TABLE	equ -TABLE_MAX & 0xFFFFFFFF	; nor is anything that would wrap
FADT_DSDT	equ 40
FADT_PM1A_CNT	equ 64
FADT_CENTURY	equ 108
FADT_NEEDED	equ 109			; bytes of it that are read
MADT_ENTRIES	equ 44			; each: type, length, ...
MADT_APIC	equ 0
MADT_APIC_FLAGS	equ 4
MADT_X2APIC	equ 9
MADT_X2APIC_FLAGS equ 8
MADT_ENABLED	equ 1
AML_PACKAGE	equ 0x12
AML_BYTE	equ 0x0A
SLP_TYPE_SHIFT	equ 10
SLP_ENABLE	equ 1 << 13

; Finds the ACPI port and value that power the machine off, the RTC's century, and how many
; processors there are.
; in     FS flat, DS = CS, SS:BP -> post_frame
; out    noted power_port and power_value (0 if none), processors (0 if not known), .century
; clobbers EAX, EBX, ECX, EDX, ESI, EDI, flags
global acpi_power_off
acpi_power_off:
	call find_rsdt
	jc .done
	push ebx
	push ecx
	mov edx, 'APIC'
	mov esi, MADT_ENTRIES
	call find_table
	jc .no_madt
	call count_processors
	mov [noted(processors)], al
.no_madt:
	pop ecx
	pop ebx
	mov edx, 'FACP'
	mov esi, FADT_NEEDED
	call find_table
	jc .done
	mov al, [fs:ebx + FADT_CENTURY]
	test al, al
	jz .power
	mov [bp + post_frame.century], al
.power:
	call read_power_off
	jc .done
	mov [noted(power_port)], ax
	mov [noted(power_value)], dx
.done:
	ret

; Sums ECX bytes (not 0) at FS:EBX.
; out    ZF set if the sum is 0
; clobbers EAX, ESI
sum_is_zero:
	push ecx
	mov esi, ebx
	xor al, al
.next:
	add al, [fs:esi]
	inc esi
	dec ecx
	jnz .next
	pop ecx
	test al, al
	ret

; Checks the table at EBX: signature EDX, sane length, sum 0.
; out    CF clear: ECX = length; CF set: not such a table
; clobbers EAX, ESI
check_table:
	cmp ebx, LOWEST_TABLE
	jb .no
	cmp ebx, HIGHEST_TABLE
	jae .no
	cmp [fs:ebx], edx
	jne .no
	mov ecx, [fs:ebx + TABLE_LENGTH]
	cmp ecx, TABLE_HEADER
	jb .no
	cmp ecx, TABLE_MAX
	ja .no
	call sum_is_zero
	jnz .no
	clc
	ret
.no:
	stc
	ret

; Looks for the RSDP in the EBDA, then in the BIOS area.
; out    CF clear: EBX -> RSDT, ECX = its length
; clobbers EAX, EDX, ESI, EDI
find_rsdt:
	movzx ebx, word [fs:BDA_EBDA]
	shl ebx, 4
	lea edi, [ebx + EBDA_SEARCH]
	call .search
	jnc .found
	mov ebx, BIOS_BASE
	mov edi, BIOS_END
	call .search
	jc .none
.found:
	mov ebx, [fs:ebx + RSDP_RSDT]
	mov edx, 'RSDT'
	jmp check_table
.none:
	ret

.search:				; EBX to EDI, in steps of 16
	cmp dword [fs:ebx], 'RSD '
	jne .next
	cmp dword [fs:ebx + 4], 'PTR '
	jne .next
	mov ecx, RSDP_LENGTH
	call sum_is_zero
	jnz .next
	clc
	ret
.next:
	add ebx, 16
	cmp ebx, edi
	jb .search
	stc
	ret

; in     EBX -> RSDT, ECX = its length, EDX signature, ESI bytes of it that are read
; out    CF clear: EBX -> the first such table, ECX = its length
; clobbers EAX, ESI, EDI
find_table:
	mov [bp + post_frame.needed], esi
	lea edi, [ebx + ecx]		; end of the RSDT
	add ebx, TABLE_HEADER
.next:
	lea eax, [ebx + 4]
	cmp eax, edi
	ja .none
	push ebx
	mov ebx, [fs:ebx]
	call check_table
	jc .other
	cmp ecx, [bp + post_frame.needed]
	jb .other
	pop eax
	clc
	ret
.other:
	pop ebx
	add ebx, 4
	jmp .next
.none:
	stc
	ret

; in     EBX -> MADT, ECX = its length
; out    AL = processors that are enabled, 255 for more than 254
; clobbers ECX, EDX, ESI, EDI
count_processors:
	xor al, al
	mov esi, MADT_ENTRIES
.next:
	movzx edi, byte [fs:ebx + esi + 1]
	lea edx, [esi + edi]
	cmp edx, ecx			; the entry's end
	ja .done
	mov edx, MADT_APIC_FLAGS
	cmp byte [fs:ebx + esi], MADT_APIC
	je .processor
	mov dl, MADT_X2APIC_FLAGS
	cmp byte [fs:ebx + esi], MADT_X2APIC
	jne .other
.processor:
	cmp edx, edi			; the flags lie in the entry
	jae .done
	add edx, esi
	test byte [fs:ebx + edx], MADT_ENABLED
	jz .other
	inc al
	jz .many
.other:
	cmp edi, 2
	jb .done			; it would stand there for ever
	add esi, edi
	lea edx, [esi + 2]
	cmp edx, ecx
	jbe .next
.done:
	ret
.many:
	dec al
	ret

; in     EBX -> FADT
; out    CF clear: AX = port, DX = value
; clobbers ECX, ESI, EDI
read_power_off:
	mov edi, [fs:ebx + FADT_PM1A_CNT]
	lea eax, [edi - 1]
	cmp eax, 0xFFFF - 1		; 0 and what is no port
	jae .none
	mov ebx, [fs:ebx + FADT_DSDT]
	mov edx, 'DSDT'
	call check_table
	jc .none
	add ecx, ebx			; end of the DSDT
	sub ecx, 12			; longest form of what follows the name
	add ebx, TABLE_HEADER
.search:
	cmp ebx, ecx
	jae .none
	cmp dword [fs:ebx], '_S5_'
	je .named
.next:
	inc ebx
	jmp .search
.named:					; a package: opcode, length, count, first element
	cmp byte [fs:ebx + 4], AML_PACKAGE
	jne .next
	movzx eax, byte [fs:ebx + 5]
	shr al, 6			; how many more bytes the length has
	mov edx, [fs:ebx + eax + 7]	; behind length and count
	cmp dl, AML_BYTE
	jne .constant
	shr edx, 8
	jmp short .type
.constant:				; Zero and One are opcodes of their own
	cmp dl, 1
	ja .next
.type:
	movzx edx, dl
	cmp dl, 7
	ja .next
	shl edx, SLP_TYPE_SHIFT
	or dx, SLP_ENABLE
	mov eax, edi
	clc
	ret
.none:
	stc
	ret
