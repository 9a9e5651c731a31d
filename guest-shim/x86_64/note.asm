; SPDX-License-Identifier: GPL-2.0-only
; An ELF note by which `pvrom run` knows, in a file that says i386, which machine to start:
; owner "pvrom", type 1, and the width in bits (tools/run/guest_width.h).
section .note.pvrom progbits alloc noexec nowrite align=4
	dd .owner_end - .owner
	dd .width_end - .width
	dd 1
.owner:	db "pvrom", 0
.owner_end:
	align 4, db 0
.width:	dd 64
.width_end:
section .note.GNU-stack noalloc noexec nowrite progbits
