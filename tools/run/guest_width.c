// SPDX-License-Identifier: GPL-2.0-only
#include "guest_width.h"

#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WIDTH_DEFAULT 32u
#define HEADERS_MAX 64u
#define NOTES_MAX 4096u

static bool read_at(FILE *f, unsigned long at, void *to, size_t size)
{
	return !fseek(f, (long)at, SEEK_SET) && fread(to, size, 1, f) == 1;
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* The width that one of the notes names, or 0. */
static unsigned width_of(const unsigned char *notes, size_t size)
{
	size_t at = 0;
	while (size - at >= sizeof(Elf32_Nhdr)) {
		Elf32_Nhdr n;
		unsigned width;
		memcpy(&n, notes + at, sizeof(n));
		at += sizeof(n);
		if (n.n_namesz > size || n.n_descsz > size ||
		    padded(n.n_namesz) + padded(n.n_descsz) > size - at)
			return 0;
		const unsigned char *owner = notes + at, *content = owner + padded(n.n_namesz);
		at += padded(n.n_namesz) + padded(n.n_descsz);
		if (n.n_type != GUEST_NOTE_WIDTH || n.n_namesz != sizeof(GUEST_NOTE_OWNER) ||
		    memcmp(owner, GUEST_NOTE_OWNER, sizeof(GUEST_NOTE_OWNER)) ||
		    n.n_descsz != sizeof(width))
			continue;
		memcpy(&width, content, sizeof(width));
		if (width == 32 || width == 64)
			return width;
	}
	return 0;
}

static unsigned width_in(FILE *f)
{
	static unsigned char notes[NOTES_MAX];
	Elf32_Ehdr h;
	if (!read_at(f, 0, &h, sizeof(h)) || memcmp(h.e_ident, ELFMAG, SELFMAG) ||
	    h.e_ident[EI_CLASS] != ELFCLASS32 || h.e_phentsize != sizeof(Elf32_Phdr))
		return 0;
	for (unsigned i = 0; i < h.e_phnum && i < HEADERS_MAX; i++) {
		Elf32_Phdr p;
		if (!read_at(f, (unsigned long)h.e_phoff + i * sizeof(p), &p, sizeof(p)))
			return 0;
		if (p.p_type != PT_NOTE || p.p_filesz > sizeof(notes) ||
		    !read_at(f, p.p_offset, notes, p.p_filesz))
			continue;
		unsigned width = width_of(notes, p.p_filesz);
		if (width)
			return width;
	}
	return 0;
}

unsigned run_guest_width(const char *path)
{
	FILE *f = fopen(path, "rb");
	unsigned width = f ? width_in(f) : 0;
	if (f)
		fclose(f);
	return width ? width : WIDTH_DEFAULT;
}
