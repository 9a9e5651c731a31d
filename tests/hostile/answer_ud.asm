; SPDX-License-Identifier: GPL-2.0-only
; GetRelocationInfo: #UD.
%include "hostile.inc"
	ud2
