/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a guest needs long mode: a multiboot kernel's ELF header says i386 either way. */
#ifndef RUN_GUEST_WIDTH_H
#define RUN_GUEST_WIDTH_H

/* The ELF note of guest-shim/x86_64/note.asm: owner, type; its content is the width. */
#define GUEST_NOTE_OWNER "pvrom"
#define GUEST_NOTE_WIDTH 1u

/*
 * The width in bits, 32 or 64, that the notes of the 32-bit ELF file `path` name. 32 for any
 * other file, for a note with another width, and for a file whose headers lead outside of it:
 * nothing of it is believed, and QEMU says what it thinks of such a kernel.
 */
unsigned run_guest_width(const char *path);

#endif
