// SPDX-License-Identifier: GPL-2.0-only
#include "load.h"
#include "console.h"
#include "memory.h"

enum { LINE_AT = LOAD_INFO_AT + 0x100, INFO_MEMORY = 1, INFO_LINE = 4, INFO_MODULES = 8, ELF_LOAD = 1 };

struct elf {
	uint8_t ident[16];
	uint32_t type_machine, version, entry, phoff, shoff, flags;
	uint16_t ehsize, phentsize, phnum;
};
struct elf_segment {
	uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

bool load_there(uint32_t magic, const struct boot_info *info)
{
	return magic == BOOT_MAGIC && info->flags & INFO_MODULES && info->module_count;
}

const char *load_line(const struct boot_info *info)
{
	return info->flags & INFO_LINE ? (const char *)info->line : "";
}

void load_info(const char *line, uint32_t lower, uint32_t ram_end)
{
	*(struct boot_info *)LOAD_INFO_AT = (struct boot_info){
		.flags = INFO_MEMORY | INFO_LINE, .lower = lower, .line = LINE_AT,
		.upper = (ram_end >> 10) - 1024,
	};
	snprintf((char *)LINE_AT, LOAD_LINE_MAX, "%s", line);
}

const char *load_elf(const struct boot_info *info, uint32_t ram_end, uint32_t *entry, uint32_t *value)
{
	const uint32_t *module = (const void *)info->modules;
	const struct elf *elf = (const void *)module[0];
	const uint32_t size = module[1] - module[0];
	const struct elf_segment *s;

	*value = size;
	if (size < sizeof(*elf) || memcmp(elf->ident, "\177ELF\1\1", 6) || elf->phentsize != sizeof(*s) ||
	    elf->phoff > size || elf->phnum > (size - elf->phoff) / sizeof(*s))
		return "the module is no 32-bit ELF file; bytes";
	s = (const void *)(module[0] + elf->phoff);
	for (unsigned i = 0; i < elf->phnum; i++, s++) {
		if (s->type != ELF_LOAD)
			continue;
		*value = s->paddr;
		if (s->offset > size || s->filesz > size - s->offset || s->filesz > s->memsz ||
		    s->paddr < 0x100000 || s->paddr > ram_end || s->memsz > ram_end - s->paddr)
			return "a segment of the guest does not fit";
		memcpy((void *)s->paddr, (const void *)(module[0] + s->offset), s->filesz);
		memset((void *)(s->paddr + s->filesz), 0, s->memsz - s->filesz);
	}
	*entry = elf->entry;
	return NULL;
}
