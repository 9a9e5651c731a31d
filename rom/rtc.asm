; SPDX-License-Identifier: GPL-2.0-only
; POST's look at the real-time clock: nanoseconds since 1970, UTC.
%include "post.inc"

RTC_INDEX	equ 0x70
RTC_DATA	equ 0x71
RTC_SECONDS	equ 0
RTC_MINUTES	equ 2
RTC_HOURS	equ 4
RTC_DAY		equ 7
RTC_MONTH	equ 8
RTC_YEAR	equ 9
RTC_STATUS_A	equ 10
RTC_STATUS_B	equ 11
RTC_UPDATING	equ 0x80		; of status A
RTC_BINARY	equ 4			; of status B
RTC_24_HOURS	equ 2
RTC_PM		equ 0x80		; of the hours, on a 12-hour clock
TRIES		equ 1 << 20		; an update takes 2 ms; a clock that never rests is left

SECONDS_A_DAY	equ 86400
NANOSECONDS	equ 1000000000
LEAPS_TO_1969	equ 477

struc clock
.seconds:	resb 1
.minutes:	resb 1
.hours:		resb 1
.day:		resb 1
.month:		resb 1
.year:		resb 1
.century:	resb 1
.status:	resb 1
endstruc

; Reads the clock and notes it with the TSC of that moment.
; in     DS = CS, SS:BP -> post_frame with .century; tsc_hz is noted
; out    noted wallclock_ns, wallclock_tsc; both 0 if the clock shows no date
; clobbers EAX, EBX, ECX, EDX, ESI, EDI, flags
global read_clock
read_clock:
	sub sp, clock_size * 2
	mov di, sp
	call read_settled
	jc .done
	rdtsc
	push edx
	push eax
	call clean_up
	call to_seconds
	pop ebx
	pop esi
	jc .done
	mov [noted(wallclock_tsc)], ebx
	mov [noted(wallclock_tsc) + 4], esi
	mov ecx, edx
	mov ebx, NANOSECONDS
	mul ebx
	imul ecx, ebx
	add edx, ecx
	mov [noted(wallclock_ns)], eax
	mov [noted(wallclock_ns) + 4], edx
.done:
	add sp, clock_size * 2
	ret

; Reads until no update was under way and two readings agree.
; in     SS:DI -> two clocks
; out    CF clear: the first one is filled
; clobbers EAX, BX, ECX, SI
read_settled:
	mov ecx, TRIES
.again:
	dec ecx
	stc
	jz .done
	mov al, RTC_STATUS_A
	call .register
	test al, RTC_UPDATING
	jnz .again
	call .read_all
	mov eax, [ss:di]
	cmp eax, [ss:di + clock_size]
	mov eax, [ss:di + 4]
	mov ebx, [ss:di + clock_size + 4]
	pushf
	push dword [ss:di]
	pop dword [ss:di + clock_size]
	mov [ss:di + clock_size + 4], eax
	popf
	jne .again
	cmp eax, ebx
	jne .again
	clc
.done:
	ret
.read_all:
	xor bx, bx
.next:
	mov al, [registers + bx]
	cmp bl, clock.century
	jne .plain
	mov al, [bp + post_frame.century]
.plain:
	call .register
	mov [ss:di + bx], al
	inc bx
	cmp bl, clock_size
	jb .next
	ret
.register:				; AL = register AL
	out RTC_INDEX, al
	in al, RTC_DATA
	ret
registers:
	db RTC_SECONDS, RTC_MINUTES, RTC_HOURS, RTC_DAY, RTC_MONTH, RTC_YEAR, 0, RTC_STATUS_B

; Makes BCD binary and 12 hours 24.
; in     SS:DI -> clock
; clobbers AX, BX, CX
clean_up:
	mov ch, [ss:di + clock.hours]
	and byte [ss:di + clock.hours], ~RTC_PM & 0xFF
	test byte [ss:di + clock.status], RTC_BINARY
	jnz .binary
	xor bx, bx
.digit:
	mov al, [ss:di + bx]
	mov ah, al
	shr ah, 4
	and al, 15
	aad
	mov [ss:di + bx], al
	inc bx
	cmp bl, clock.status
	jb .digit
.binary:
	test byte [ss:di + clock.status], RTC_24_HOURS
	jnz .done
	mov al, [ss:di + clock.hours]
	cmp al, 12			; 12 AM is 0, 12 PM is 12
	jne .pm
	xor al, al
.pm:
	test ch, RTC_PM
	jz .store
	add al, 12
.store:
	mov [ss:di + clock.hours], al
.done:
	ret

; in     SS:DI -> clock, clean
; out    CF clear: EDX:EAX seconds since 1970; CF set: not a date since then
; clobbers EBX, ECX, ESI
to_seconds:
	movzx eax, byte [ss:di + clock.century]
	imul eax, eax, 100
	movzx ebx, byte [ss:di + clock.year]
	cmp bl, 99
	ja .no
	add ebx, eax			; the year
	cmp ebx, 1970
	jb .no
	cmp ebx, 2500
	ja .no
	movzx esi, byte [ss:di + clock.month]
	dec esi
	cmp esi, 11
	ja .no
	movzx ecx, byte [ss:di + clock.day]
	dec ecx
	cmp ecx, 30
	ja .no
	cmp byte [ss:di + clock.hours], 23
	ja .no
	cmp byte [ss:di + clock.minutes], 59
	ja .no
	cmp byte [ss:di + clock.seconds], 59
	ja .no
	shl si, 1
	movzx eax, word [days_before + si]
	add ecx, eax
	cmp si, 2 * 2			; from March on, a leap day of this year counts
	cmc
	mov eax, ebx
	adc eax, -1			; the last year whose leap day has passed
	call leap_years
	sub eax, LEAPS_TO_1969
	add ecx, eax
	sub ebx, 1970
	imul ebx, ebx, 365
	add ecx, ebx			; days
	movzx eax, byte [ss:di + clock.hours]
	imul eax, eax, 60
	movzx ebx, byte [ss:di + clock.minutes]
	add eax, ebx
	imul eax, eax, 60
	movzx ebx, byte [ss:di + clock.seconds]
	add ebx, eax
	mov eax, SECONDS_A_DAY
	mul ecx
	add eax, ebx
	adc edx, 0
	clc
	ret
.no:
	stc
	ret

; EAX = leap years from 1 to EAX
; clobbers EDX, ESI
leap_years:
	push ebx
	push ecx
	mov esi, eax
	mov ecx, 100
	xor edx, edx
	div ecx
	mov ebx, eax			; centuries are none
	shr eax, 2			; but every fourth is
	sub eax, ebx
	shr esi, 2
	add eax, esi
	pop ecx
	pop ebx
	ret

days_before:
	dw 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
