/* SPDX-License-Identifier: GPL-2.0-only */
/* The .elf of a ROM: that it is this ROM's, its labels by libelf, its lines by tools/symbols. */
#include "addr2call/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/symbols.h"

#define ALIKE_MAX 8 /* bytes in which ROM and .elf may differ: signing sets two checksums */

struct rom_elf {
	int fd;
	Elf *elf;
	struct symbols *lines; /* NULL: none */
	Elf_Data *table;
	size_t count, names; /* symbols; the section of their names */
	uint32_t post;  /* where .post begins, or UINT32_MAX */
};

static int find_sections(struct rom_elf *s, const struct romfile *rom, const char *path,
			 struct romfile_error *error)
{
	size_t strings, differ = 0, compared = 0;
	GElf_Shdr header;

	s->post = UINT32_MAX;
	if (elf_getshdrstrndx(s->elf, &strings))
		return addr2call_refuse(error, "%s: no section names: %s", path, elf_errmsg(-1));
	for (Elf_Scn *section = NULL; (section = elf_nextscn(s->elf, section));) {
		if (!gelf_getshdr(section, &header))
			continue;
		const char *name = elf_strptr(s->elf, strings, header.sh_name);
		Elf_Data *data = elf_getdata(section, NULL);
		if (header.sh_type == SHT_SYMTAB && header.sh_entsize && data) {
			s->table = data;
			s->names = header.sh_link;
			s->count = data->d_size / header.sh_entsize;
		}
		bool resident = name && !strcmp(name, ".resident"),
		     post = name && !strcmp(name, ".post");
		if (!(resident || post) || !data || !data->d_buf)
			continue;
		if (post)
			s->post = (uint32_t)header.sh_addr;
		for (size_t i = 0; i < data->d_size && header.sh_addr + i < rom->size; i++, compared++)
			differ += rom->bytes[header.sh_addr + i] != ((uint8_t *)data->d_buf)[i];
	}
	if (!compared || !s->count)
		return addr2call_refuse(error, "%s: found no %s, expected the .elf of a ROM's build",
					path, compared ? "symbols" : "section .resident");
	if (differ > ALIKE_MAX)
		return addr2call_refuse(error,
					"%s: found %zu bytes that are not those of %s, expected at most "
					"%d: another ROM's, or an older build's",
					path, differ, rom->path, ALIKE_MAX);
	return 0;
}

struct rom_elf *rom_elf_open(const char *path, const struct romfile *rom,
			     struct romfile_error *error)
{
	struct rom_elf *s = calloc(1, sizeof(*s));
	struct stat st;

	if (!s) {
		addr2call_refuse(error, "%s: out of memory", path);
		return NULL;
	}
	/* Non-blocking: a pipe of that name must not hang us. */
	s->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0 || fstat(s->fd, &st)) {
		addr2call_refuse(error, "%s: cannot open: %s", path, strerror(errno));
		goto bad;
	}
	elf_version(EV_CURRENT);
	if (S_ISREG(st.st_mode))
		s->elf = elf_begin(s->fd, ELF_C_READ, NULL);
	if (!s->elf || elf_kind(s->elf) != ELF_K_ELF) {
		addr2call_refuse(error, "%s: no ELF file", path);
		goto bad;
	}
	if (find_sections(s, rom, path, error))
		goto bad;
	s->lines = symbols_open(path);
	return s;
bad:
	rom_elf_close(s);
	return NULL;
}

void rom_elf_close(struct rom_elf *s)
{
	if (!s)
		return;
	symbols_close(s->lines);
	if (s->elf)
		elf_end(s->elf);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

const char *rom_elf_label(const struct rom_elf *s, uint32_t offset, uint32_t *start)
{
	const char *best = NULL;
	bool global = false;

	for (size_t i = 0; i < s->count; i++) {
		GElf_Sym symbol;
		if (!gelf_getsym(s->table, (int)i, &symbol) || symbol.st_value > offset ||
		    symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS ||
		    GELF_ST_TYPE(symbol.st_info) == STT_SECTION ||
		    GELF_ST_TYPE(symbol.st_info) == STT_FILE)
			continue;
		const char *name = elf_strptr(s->elf, s->names, symbol.st_name);
		if (!name || !*name || strchr(name, '.') || (best && symbol.st_value < *start))
			continue;
		/* Of two names for one place, the one that other files know says more. */
		bool known = GELF_ST_BIND(symbol.st_info) == STB_GLOBAL;
		if (best && symbol.st_value == *start && (global || !known))
			continue;
		global = known;
		best = name;
		*start = (uint32_t)symbol.st_value;
	}
	return best;
}

bool rom_elf_post(const struct rom_elf *s, uint32_t offset)
{
	return offset >= s->post;
}

const char *rom_elf_line(struct rom_elf *s, uint32_t offset, int *line)
{
	return s->lines ? symbols_line(s->lines, offset, line) : NULL;
}
