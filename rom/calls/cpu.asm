; SPDX-License-Identifier: GPL-2.0-only
; Group cpu: control and debug registers, CPUID, counters. spec/vmi.abi has the
; contract of each; segments are flat.
%include "rom.inc"

section .text
bits 32

; 0 CPUID: void CPUID(u32 leaf, u32 subleaf)
; in     EAX leaf, ECX subleaf
; out    EAX, EBX, ECX, EDX
; clobbers flags
begin vmi_cpuid
	cpuid
	ret
end vmi_cpuid

; 1 WRMSR: void WRMSR(u64 value, u32 reg)
; in     ECX register, EDX:EAX value
; clobbers EAX, ECX, EDX, flags
begin vmi_wrmsr
	wrmsr
	ret
end vmi_wrmsr

; 2 RDMSR: u64 RDMSR(u32 reg)
; in     ECX register
; out    EDX:EAX
; clobbers ECX, flags
begin vmi_rdmsr
	rdmsr
	ret
end vmi_rdmsr

; 15 SetCR0: void SetCR0(u32 value)
; in     EAX value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_cr0
	mov cr0, eax
	ret
end vmi_set_cr0

; 16 SetCR2: void SetCR2(u32 value)
; in     EAX value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_cr2
	mov cr2, eax
	ret
end vmi_set_cr2

%ifndef HV				; else in rom/hv/mmu.asm
; 17 SetCR3: void SetCR3(u32 value)
; in     EAX value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_cr3
	mov cr3, eax
	ret
end vmi_set_cr3
%endif

; 18 SetCR4: void SetCR4(u32 value)
; in     EAX value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_cr4
	mov cr4, eax
	ret
end vmi_set_cr4

; 19 GetCR0: u32 GetCR0(void)
; in     nothing
; out    EAX
; clobbers ECX, EDX, flags
begin vmi_get_cr0
	mov eax, cr0
	ret
end vmi_get_cr0

; 20 GetCR2: u32 GetCR2(void)
; in     nothing
; out    EAX
; clobbers ECX, EDX, flags
begin vmi_get_cr2
	mov eax, cr2
	ret
end vmi_get_cr2

%ifndef HV
; 21 GetCR3: u32 GetCR3(void)
; in     nothing
; out    EAX
; clobbers ECX, EDX, flags
begin vmi_get_cr3
	mov eax, cr3
	ret
end vmi_get_cr3
%endif

; 22 GetCR4: u32 GetCR4(void)
; in     nothing
; out    EAX
; clobbers ECX, EDX, flags
begin vmi_get_cr4
	mov eax, cr4
	ret
end vmi_get_cr4

; 23 WBINVD: void WBINVD(void)
; in     nothing
; clobbers EAX, ECX, EDX, flags
begin vmi_wbinvd
	wbinvd
	ret
end vmi_wbinvd

; 24 SetDR: void SetDR(u32 number, u32 value)
; in     EAX number: 0 to 3, 6 or 7; any other does nothing (4 and 5 would be
;        aliases or faults, depending on CR4.DE)
;        EDX value
; clobbers EAX, ECX, EDX, flags
begin vmi_set_dr
	sub eax, 1
	jb .dr0
	je .dr1
	sub eax, 2
	jb .dr2
	je .dr3
	sub eax, 3
	je .dr6
	sub eax, 1
	je .dr7
	ret
.dr0:	mov dr0, edx
	ret
.dr1:	mov dr1, edx
	ret
.dr2:	mov dr2, edx
	ret
.dr3:	mov dr3, edx
	ret
.dr6:	mov dr6, edx
	ret
.dr7:	mov dr7, edx
	ret
end vmi_set_dr

; 25 GetDR: u32 GetDR(u32 number)
; in     EAX number: 0 to 3, 6 or 7; any other reads 0
; out    EAX
; clobbers ECX, EDX, flags
begin vmi_get_dr
	sub eax, 1
	jb .dr0
	je .dr1
	sub eax, 2
	jb .dr2
	je .dr3
	sub eax, 3
	je .dr6
	sub eax, 1
	je .dr7
	xor eax, eax
	ret
.dr0:	mov eax, dr0
	ret
.dr1:	mov eax, dr1
	ret
.dr2:	mov eax, dr2
	ret
.dr3:	mov eax, dr3
	ret
.dr6:	mov eax, dr6
	ret
.dr7:	mov eax, dr7
	ret
end vmi_get_dr

; 26 RDPMC: u64 RDPMC(u32 counter)
; in     ECX counter
; out    EDX:EAX
; clobbers ECX, flags
begin vmi_rdpmc
	rdpmc
	ret
end vmi_rdpmc

; 27 RDTSC: u64 RDTSC(void)
; in     nothing
; out    EDX:EAX
; clobbers ECX, flags
begin vmi_rdtsc
	rdtsc
	ret
end vmi_rdtsc

; 28 CLTS: void CLTS(void)
; in     nothing
; clobbers EAX, ECX, EDX, flags
begin vmi_clts
	clts
	ret
end vmi_clts

; 61 SetIOPLMask: void SetIOPLMask(u32 mask)
; in     EAX IOPL in bits 12 and 13; other bits are ignored
; clobbers EAX, ECX, EDX, flags
EFLAGS_IOPL equ 0x3000
begin vmi_set_iopl_mask
	and eax, EFLAGS_IOPL
	pushfd
	pop edx
	and edx, ~EFLAGS_IOPL
	or edx, eax
	push edx
	popfd
	ret
end vmi_set_iopl_mask

; 65 IODelay: void IODelay(void)
; in     nothing
; clobbers EAX, ECX, EDX, flags
; A write to the port for POST codes: nothing listens, but it takes a microsecond.
begin vmi_io_delay
	out 0x80, al
	ret
end vmi_io_delay
