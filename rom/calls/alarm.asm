; SPDX-License-Identifier: GPL-2.0-only
; Group timer, the half that fires: alarms. A device, the PIT for the whole machine
; or a processor's APIC timer, serves the alarms of both counters: it counts for the
; earlier one; the other follows at the next SetAlarm, CancelAlarm or, for the APIC,
; end of interrupt. spec/vmi.abi has the contract of each; segments are flat.
%include "rom.inc"

extern rom_config, find_state, find_apic, apic_get, apic_put, scale

section .text
bits 32

COUNTERS	equ 2
ALARMS_SHIFT	equ 6			; vmi_alarms is 64 bytes
EFLAGS_IF_HIGH	equ 0x02
FAR_HIGH	equ 0x100000		; what is 2^52 ticks away or more counts as that
PERIOD_SLACK	equ 6			; a device period starts now: 1/64 of it late at most

APIC_ID		equ 0x020
APIC_ISR	equ 0x100		; in service
APIC_IRR	equ 0x200		; requested
APIC_LVTT	equ 0x320
APIC_INITIAL	equ 0x380
APIC_CURRENT	equ 0x390
APIC_DIVIDE	equ 0x3E0
LVTT_MODES	equ 0x60000
LVTT_PERIODIC	equ 0x20000
APIC_SHIFT_MAX	equ 7			; it divides by up to 128

PIT_DATA0	equ 0x40
PIT_COMMAND	equ 0x43
PIT_ONESHOT0	equ 0x30		; channel 0, both bytes, mode 0
PIT_PERIODIC0	equ 0x34		; mode 2
PIT_MODE1_0	equ 0x32
PIT_MODE5_0	equ 0x3A
PIT_MODE6_0	equ 0x3C		; stands for mode 2
PIT_STATUS0	equ 0xE2		; read back the status of channel 0
PIT_OUTPUT	equ 0x80		; of the status: it has counted down
PIT_NO_COUNT	equ 0x40		; it waits for a count
PIT_HIGH_MODES	equ 0x08		; modes 4 to 7
PIT_MAX		equ 0xFFFF

; 68 SetAlarm: void SetAlarm(u32 flags, u64 expiry, u64 period)
; in     EAX VMI_ALARM flags, the low byte a counter: 0 real, 1 available; nothing
;        happens with any other. ECX:EDX expiry, absolute. [ESP+8]:[ESP+4] period,
;        used with VMI_ALARM_PERIODIC; 0 = one-shot, less than PERIOD_MIN counts as that,
;        more than 2^52 as about that
; clobbers EAX, ECX, EDX, flags
; An alarm of the other counter that has fired meanwhile is done with first. The PIT
; repeats a periodic alarm by itself, since nothing tells the ROM of its interrupts: the
; first one comes up to a period late. Where it cannot (the first one is further away than
; a period, the period is beyond its range, or both counters are armed) the alarm fires
; once and goes on at the next of these calls.
; Never early, except that what lies beyond the device's range (PIT 55 ms, APIC 128
; times its 32 bits) fires at the end of that range. An LVTT alarm goes to the PIT
; where no APIC is found. Of LVTT only the mode bits change.
begin vmi_set_alarm
	push ebp
	push ebx
	push esi
	push edi
	push ecx
	push edx
	pushfd
	cli				; an end of interrupt uses the same alarms
	mov ebp, eax
	call find_alarms
	jc .done
	call settle_other
	mov eax, [esp + 4]
	mov edx, [esp + 8]
	mov [esi + ecx * 8 + vmi_alarms.expiry], eax
	mov [esi + ecx * 8 + vmi_alarms.expiry + 4], edx
	xor eax, eax
	xor edx, edx
	test ebp, VMI_ALARM_PERIODIC
	jz .period
	mov eax, [esp + 7 * 4 + 4]
	mov edx, [esp + 7 * 4 + 8]
	test edx, edx
	jnz .long
	test eax, eax
	jz .period
	cmp eax, VMI_STATE_PERIOD_MIN
	jae .period
	mov eax, VMI_STATE_PERIOD_MIN
	jmp short .period
.long:
	cmp edx, FAR_HIGH
	jb .period
	mov edx, FAR_HIGH		; an expiry so much later must not wrap
.period:
	mov [esi + ecx * 8 + vmi_alarms.period], eax
	mov [esi + ecx * 8 + vmi_alarms.period + 4], edx
	bts [esi + vmi_alarms.armed], ecx
	call program
.done:
	popfd
	pop edx
	pop ecx
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret
end vmi_set_alarm

; 69 CancelAlarm: bool CancelAlarm(u32 flags)
; in     EAX VMI_ALARM flags: counter and wiring
; out    EAX 1 if the alarm was armed and had not fired, else 0
; clobbers ECX, EDX, flags
begin vmi_cancel_alarm
	push ebp
	push ebx
	push esi
	push edi
	pushfd
	cli
	mov ebp, eax
	call find_alarms
	mov eax, 0
	jc .done
	call settle_other
	xor eax, eax
	movzx edx, byte [esi + vmi_alarms.armed]
	btr edx, ecx
	jnc .done
	mov [esi + vmi_alarms.armed], dl
	inc eax
	cmp [esi + vmi_alarms.programmed], cl
	jne .answer
	mov edx, [esi + ecx * 8 + vmi_alarms.period]
	or edx, [esi + ecx * 8 + vmi_alarms.period + 4]
	jnz .answer			; there is always a next one
	call has_fired
	xor eax, 1
.answer:
	push eax
	or al, [esi + vmi_alarms.armed]
	jz .idle			; its interrupt may still be on its way
	call program
.idle:
	pop eax
.done:
	popfd
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret
end vmi_cancel_alarm

; Before the alarm of counter ECX changes: has the other counter's fired meanwhile?
; in     ECX, ESI, EDI
; clobbers EAX, EDX
settle_other:
	xor ecx, 1			; the other counter
	bt [esi + vmi_alarms.armed], ecx
	jnc .done
	cmp [esi + vmi_alarms.programmed], cl
	jne .done
	push ebp
	push ecx
	cmp byte [esi + vmi_alarms.device_periodic], 0
	je .once
	rdtsc
	sub eax, [esi + ecx * 8 + vmi_alarms.expiry]
	sbb edx, [esi + ecx * 8 + vmi_alarms.expiry + 4]
	jb .settled
	jmp short .fired
.once:
	call has_fired
	test eax, eax
	jz .settled			; if it is due, it is programmed again
.fired:
	call next_expiry
.settled:
	pop ecx
	pop ebp
.done:
	xor ecx, 1
	ret

; The alarms that flags name.
; in     EBP VMI_ALARM flags
; out    CF clear: EBX -> vmi_state, ESI -> vmi_alarms, EDI = APIC or 0 for the PIT,
;        ECX = counter
; clobbers EAX, EDX
find_alarms:
	mov eax, ebp
	cmp al, COUNTERS
	cmc
	jc .done
	call find_state
	jc .done
	test ebp, VMI_ALARM_LVTT
	jz .pit
	call find_apic
	jc .pit
	call cpu_alarms
	jnc .counter
.pit:
	lea esi, [ebx + vmi_state.irq0]
	xor edi, edi
.counter:
	mov ecx, ebp
	and ecx, COUNTERS - 1
.done:
	ret

; in     EBX, EDI
; out    CF clear: ESI -> this processor's vmi_alarms
; clobbers EAX, ECX, EDX
global cpu_alarms
cpu_alarms:
	mov ecx, APIC_ID
	call apic_get
	cmp edi, APIC_BY_MSR		; there the id has all 32 bits
	je .id
	shr eax, 24
.id:
	cmp eax, VMI_STATE_CPUS
	jae .none
	shl eax, ALARMS_SHIFT		; CF is clear
	lea esi, [ebx + eax + vmi_state.cpus]
	ret
.none:
	stc
	ret

; Programs the device for the earliest armed alarm, or stops it.
; in     ESI -> vmi_alarms, EDI
; clobbers EAX, ECX, EDX
program:
	push ebx
	push ebp
	xor ecx, ecx
	mov byte [esi + vmi_alarms.device_periodic], 0
	mov al, [esi + vmi_alarms.armed]
	test al, al
	jz .stop
	cmp al, 2
	jb .chosen
	inc ecx
	cmp al, 2
	je .chosen
	mov eax, [esi + vmi_alarms.expiry]	; both: which is earlier?
	mov edx, [esi + vmi_alarms.expiry + 4]
	sub eax, [esi + vmi_alarms.expiry + 8]
	sbb edx, [esi + vmi_alarms.expiry + 12]
	sbb ecx, 0
.chosen:
	mov [esi + vmi_alarms.programmed], cl
	lea ebp, [esi + ecx * 8]
	rdtsc
	mov ebx, eax
	mov ecx, edx
	mov eax, [ebp + vmi_alarms.expiry]
	mov edx, [ebp + vmi_alarms.expiry + 4]
	sub eax, ebx
	sbb edx, ecx
	jnb .ahead
	xor eax, eax			; in the past: at once
	xor edx, edx
.ahead:
	call use_device_period
	cmp edx, FAR_HIGH
	jb .near
	mov edx, FAR_HIGH
.near:
	test edi, edi
	jz .pit
	call program_apic
	jmp short .done
.pit:
	call program_pit
	jmp short .done
.stop:
	test edi, edi
	jz .stop_pit
	mov ecx, APIC_INITIAL
	xor eax, eax
	call apic_put
	jmp short .done
.stop_pit:
	call stop_pit
.done:
	pop ebp
	pop ebx
	ret

; Makes the PIT raise nothing more. A real one needs only a mode without a count.
; An emulated one goes on with the old count, and its interrupt would come up to 55 ms
; later, when the guest may have given its line another use. Two kinds are known:
; QEMU's shows the mode that it was told, and looks at the mode when a count ends: that of
; mode 2 ends a tick late, and in mode 1 the output is low by then. KVM's shows 2 for
; mode 6, and is stopped by a count in mode 5; ticks that a slow guest has missed it raises
; later, even then.
; clobbers EAX
stop_pit:
	mov al, PIT_ONESHOT0
	call .command
	test al, PIT_NO_COUNT
	jnz .stopped
	mov al, PIT_MODE6_0
	call .command
	test al, PIT_HIGH_MODES
	jnz .keeps_mode
	mov al, PIT_ONESHOT0		; a new count, and it forgets the ticks that it still owes
	call .load
	mov al, PIT_MODE5_0
	jmp short .load
.keeps_mode:
	mov al, PIT_PERIODIC0
	call .load
	mov al, PIT_MODE1_0
	out PIT_COMMAND, al
.stopped:
	ret
.load:
	out PIT_COMMAND, al
	mov al, 0			; 65,536
	out PIT_DATA0, al
	out PIT_DATA0, al
	ret
.command:				; out AL = status
	out PIT_COMMAND, al
	mov al, PIT_STATUS0
	out PIT_COMMAND, al
	in al, PIT_DATA0
	ret

; May the device re-arm by itself? Only for a lone alarm whose first expiry is one
; period away: at most that, or it would be early, and, for the APIC, not much less.
; in     EDI, EBP -> its expiry and period within vmi_alarms, EDX:EAX distance
; out    EDX:EAX what to count: the period if the device repeats it
; clobbers EBX, ECX
use_device_period:
	mov ebx, [ebp + vmi_alarms.period]
	mov ecx, ebx
	or ecx, [ebp + vmi_alarms.period + 4]
	jz .no
	cmp byte [esi + vmi_alarms.armed], COUNTERS + 1
	je .no
	mov ecx, [ebp + vmi_alarms.period + 4]
	push edx
	push eax
	sub ebx, eax			; period - distance
	sbb ecx, edx
	jb .other
	test edi, edi
	jz .yes
	mov eax, [ebp + vmi_alarms.period]
	mov edx, [ebp + vmi_alarms.period + 4]
	shrd eax, edx, PERIOD_SLACK
	shr edx, PERIOD_SLACK
	cmp ecx, edx
	ja .other
	jb .yes
	cmp ebx, eax
	ja .other
.yes:
	add esp, 8
	mov eax, [ebp + vmi_alarms.period]
	mov edx, [ebp + vmi_alarms.period + 4]
	mov byte [esi + vmi_alarms.device_periodic], 1
	ret
.other:
	pop eax
	pop edx
.no:
	ret

; Makes the APIC timer count EDX:EAX ticks, rounded up.
; in     ESI, EDI
; clobbers EAX, EBX, ECX, EDX, EBP
program_apic:
	call .here
.here:
	pop ebx
	mov ecx, [cs:ebx + rom_config + vrom_config.apic_per_tick - .here]
	push edi
	mov edi, [cs:ebx + rom_config + vrom_config.apic_per_tick + 4 - .here]
	call scale
	pop edi
	add eax, 1
	adc edx, 0
	xor ebp, ebp			; log2 of the divider
.divide:
	test edx, edx
	jz .fits
	cmp ebp, APIC_SHIFT_MAX
	je .longest
	inc ebp
	add eax, 1
	adc edx, 0
	shrd eax, edx, 1
	shr edx, 1
	jmp short .divide
.longest:
	mov eax, 0xFFFFFFFF
.fits:
	push eax
	dec ebp				; the register counts 2, 4, ... 128, 1
	and ebp, 7
	mov ecx, ebp
	and ecx, 4
	add ebp, ecx			; bit 2 of the choice is bit 3 of the register
	mov ecx, APIC_DIVIDE
	call apic_get
	cmp eax, ebp
	jne .stop
	mov ecx, APIC_LVTT
	call apic_get
	test eax, LVTT_MODES
	jnz .stop
	cmp byte [esi + vmi_alarms.device_periodic], 0
	jne .stop
.count:
	pop eax
	mov ecx, APIC_INITIAL
	jmp apic_put
.stop:					; or the old count would go on in the new mode
	xor eax, eax
	mov ecx, APIC_INITIAL
	call apic_put
	mov eax, ebp
	mov ecx, APIC_DIVIDE
	call apic_put
	mov ecx, APIC_LVTT
	call apic_get
	and eax, ~LVTT_MODES
	cmp byte [esi + vmi_alarms.device_periodic], 0
	je .mode
	or eax, LVTT_PERIODIC
.mode:
	mov ecx, APIC_LVTT
	call apic_put
	jmp short .count

; Makes the PIT count EDX:EAX ticks, rounded up.
; in     ESI
; clobbers EAX, EBX, ECX, EDX
program_pit:
	push edi
	call .here
.here:
	pop ebx
	mov ecx, [cs:ebx + rom_config + vrom_config.pit_per_tick - .here]
	mov edi, [cs:ebx + rom_config + vrom_config.pit_per_tick + 4 - .here]
	call scale
	pop edi
	add eax, 2			; rounded up, and a count of 1 is none in mode 2
	adc edx, 0
	jnz .longest
	cmp eax, PIT_MAX
	jbe .fits
.longest:
	mov byte [esi + vmi_alarms.device_periodic], 0
	mov eax, PIT_MAX
.fits:
	mov ecx, eax
	mov al, PIT_ONESHOT0
	cmp byte [esi + vmi_alarms.device_periodic], 0
	je .mode
	mov al, PIT_PERIODIC0
	dec ecx				; mode 2 reloads without the extra count
.mode:
	out PIT_COMMAND, al
	mov al, cl
	out PIT_DATA0, al
	mov al, ch
	out PIT_DATA0, al
	ret

; Has the device not yet fired?
; in     EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
device_is_counting:
	test edi, edi
	jz .pit
	mov ecx, APIC_CURRENT
	call apic_get
	neg eax
	sbb eax, eax
	neg eax
	ret
.pit:
	mov al, PIT_STATUS0
	out PIT_COMMAND, al
	in al, PIT_DATA0
	test al, PIT_OUTPUT
	setz al
	movzx eax, al
	ret

; Has the programmed alarm, which comes once, fired? For the APIC its interrupt must be
; requested or in service: an emulated timer may be behind its own count, and what has
; been served is no longer armed, since the end of its interrupt told. Stopped before that
; look, it cannot raise the interrupt after it.
; in     ESI, EDI
; out    EAX 1 or 0
; clobbers ECX, EDX
has_fired:
	call device_is_counting
	xor eax, 1
	jz .done
	test edi, edi
	jz .done
	push ebx
	mov ecx, APIC_INITIAL
	xor eax, eax
	call apic_put
	mov ecx, APIC_LVTT
	call apic_get
	movzx ebx, al			; the vector: 32 to a register, 16 bytes apart
	mov ecx, ebx
	shr ecx, 5
	shl ecx, 4
	add ecx, APIC_ISR
	push ecx
	call apic_get
	pop ecx
	push eax
	add ecx, APIC_IRR - APIC_ISR
	call apic_get
	pop ecx
	or ecx, eax
	xor eax, eax
	bt ecx, ebx
	setc al
	pop ebx
.done:
	ret

; A write to LVTT keeps the periodic bit while the device repeats an alarm: a client
; arms first and writes a bare vector after.
; in     EAX value, EBX, EDI
; out    EAX value to write
; clobbers ECX, EDX, ESI
global alarm_kept_periodic
alarm_kept_periodic:
	push eax
	call cpu_alarms
	pop eax
	jc .done
	cmp byte [esi + vmi_alarms.device_periodic], 0
	je .done
	or eax, LVTT_PERIODIC
.done:
	ret

; LVTT was written. An alarm that was due, but whose interrupt an emulated timer had not
; raised yet, or that fired while it was masked, has lost it: it fires now.
; in     EBX, EDI, interrupts off
; clobbers EAX, ECX, EDX, ESI
global alarm_rewired
alarm_rewired:
	call cpu_alarms
	jc .done
	cmp byte [esi + vmi_alarms.armed], 0
	je .done
	cmp byte [esi + vmi_alarms.device_periodic], 0
	jne .done
	call device_is_counting
	test eax, eax
	jnz .done
	call has_fired
	test eax, eax
	jz program
.done:
	ret

; Before an end of interrupt is told: is this processor's alarm one that has fired?
; in     EBX, EDI, interrupts off
; out    EAX not 0 if so; then ESI is for alarm_next
; clobbers ECX, EDX
global alarm_ends
alarm_ends:
	call cpu_alarms
	mov eax, 0
	jc .done
	cmp [esi + vmi_alarms.armed], al
	je .done
	cmp [esi + vmi_alarms.device_periodic], al
	jne .done
	jmp has_fired
.done:
	ret

; After it: the next alarm is armed, if there is one.
; in     ESI, EDI, interrupts off
; clobbers EAX, ECX, EDX, EBP
global alarm_next
alarm_next:
	call next_expiry
	cmp byte [esi + vmi_alarms.armed], 0
	jne program
	ret

; The programmed alarm has fired: it is done, or moves on by its period.
; in     ESI -> vmi_alarms
; clobbers EAX, ECX, EDX, EBP
next_expiry:
	movzx ecx, byte [esi + vmi_alarms.programmed]
	lea ebp, [esi + ecx * 8]
	mov eax, [ebp + vmi_alarms.period]
	mov edx, [ebp + vmi_alarms.period + 4]
	or edx, eax
	jz .one_shot
	mov edx, [ebp + vmi_alarms.period + 4]
	add [ebp + vmi_alarms.expiry], eax
	adc [ebp + vmi_alarms.expiry + 4], edx
	rdtsc				; if that has passed too, the missed ones are skipped
	cmp eax, [ebp + vmi_alarms.expiry]
	mov ecx, edx
	sbb ecx, [ebp + vmi_alarms.expiry + 4]
	jb .done
	add eax, [ebp + vmi_alarms.period]
	adc edx, [ebp + vmi_alarms.period + 4]
	mov [ebp + vmi_alarms.expiry], eax
	mov [ebp + vmi_alarms.expiry + 4], edx
	ret
.one_shot:
	movzx eax, byte [esi + vmi_alarms.armed]
	btr eax, ecx
	mov [esi + vmi_alarms.armed], al
.done:
	ret
