; SPDX-License-Identifier: GPL-2.0-only
; Native twins of the power calls, for which spec/ has no text: what a kernel without
; ACPI can do. Assembled for either width.
%if __?BITS?__ == 64
%define STACK rsp
%else
%define STACK esp
%endif
section .text

; void native_reboot(u32 how): an empty IDT, so that the next exception resets the machine
global native_reboot:function (native_reboot.end - native_reboot)
native_reboot:
	cli
	push 0
	push 0
	lidt [STACK]
	ud2
.end:

; void native_shutdown(void): nothing here knows the power port; stands still for ever
global native_shutdown:function (native_shutdown.end - native_shutdown)
native_shutdown:
	cli
.stop:	hlt
	jmp .stop
.end:
section .note.GNU-stack noalloc noexec nowrite progbits
