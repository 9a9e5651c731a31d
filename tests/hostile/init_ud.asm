; SPDX-License-Identifier: GPL-2.0-only
; VMI_Init: #UD.
%include "hostile.inc"
	ud2
