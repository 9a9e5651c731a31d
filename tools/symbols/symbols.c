/* SPDX-License-Identifier: GPL-2.0-only */
#include "symbols.h"

#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module;
};

/* Only the file itself is looked at, never a folder of debug files. */
static int no_debug_file(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
			 const char *path, const char *link, GElf_Word sum, char **found)
{
	(void)module, (void)user, (void)name, (void)base, (void)path, (void)link, (void)sum;
	*found = NULL;
	return -1;
}

struct symbols *symbols_open(const char *path)
{
	static const Dwfl_Callbacks callbacks = {
		.section_address = dwfl_offline_section_address,
		.find_debuginfo = no_debug_file,
	};
	struct symbols *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->dwfl = dwfl_begin(&callbacks);
	if (s->dwfl) {
		dwfl_report_begin(s->dwfl);
		s->module = dwfl_report_elf(s->dwfl, path, path, -1, 0, true);
		dwfl_report_end(s->dwfl, NULL, NULL);
	}
	if (s->module)
		return s;
	symbols_close(s);
	return NULL;
}

void symbols_close(struct symbols *s)
{
	if (s && s->dwfl)
		dwfl_end(s->dwfl);
	free(s);
}

const char *symbols_name(struct symbols *s, uint64_t address, uint64_t *offset)
{
	GElf_Sym symbol;
	return dwfl_module_addrinfo(s->module, address, offset, &symbol, NULL, NULL, NULL);
}

const char *symbols_line(struct symbols *s, uint64_t address, int *line)
{
	Dwfl_Line *found = dwfl_module_getsrc(s->module, address);
	const char *file = found ? dwfl_lineinfo(found, NULL, line, NULL, NULL, NULL) : NULL;
	/* NASM notes the source's own folder, then `/` and the path as it was given. */
	for (const char *more = file; more && (more = strstr(more, "//")); file = more)
		more += 2;
	return file;
}
