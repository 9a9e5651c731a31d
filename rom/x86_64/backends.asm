; SPDX-License-Identifier: GPL-2.0-only
; Which hypervisor interfaces are used, in 64-bit mode. spec/vmi64.abi has the contract.
%include "x86_64.inc"

section .text
bits 64

; 94 SetBackends: u32 SetBackends(u32 allowed)
; in     RDI VMI_BACKEND bits, any value
; out    RAX those that are used: none
; clobbers flags
begin vmi64_set_backends
	xor eax, eax
	ret
end vmi64_set_backends
