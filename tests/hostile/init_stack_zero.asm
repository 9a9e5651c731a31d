; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: faults with ESP = 0: no exception has a stack.
%include "hostile.inc"
	xor esp, esp
	ud2
