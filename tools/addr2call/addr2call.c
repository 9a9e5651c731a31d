/* SPDX-License-Identifier: GPL-2.0-only */
#include "addr2call/addr2call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr2call/internal.h"

struct addr2call {
	struct romfile rom;
	struct rom_elf *symbols; /* NULL: entries are used */
	struct entries entries;
	uint32_t length;
};

int addr2call_refuse(struct romfile_error *error, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return -1;
}

/* NAME.elf for NAME.rom, NAME.elf for NAME. Result: to be freed. */
static char *elf_path(const char *path)
{
	size_t size = strlen(path);
	char *elf = malloc(size + sizeof(".elf"));

	if (!elf)
		return NULL;
	if (size > 4 && !strcmp(path + size - 4, ".rom"))
		size -= 4;
	memcpy(elf, path, size);
	strcpy(elf + size, ".elf");
	return elf;
}

struct addr2call *addr2call_open(const char *path, struct romfile_error *note,
				 struct romfile_error *error)
{
	struct addr2call *a = calloc(1, sizeof(*a));
	struct vrom_header *header;
	char *elf = elf_path(path);

	*note->text = 0;
	if (!a || !elf) {
		addr2call_refuse(error, "%s: out of memory", path);
		goto bad;
	}
	if (romfile_read(&a->rom, path, error))
		goto bad;
	header = romfile_header(&a->rom, error);
	if (!header)
		goto bad;
	a->length = header->rom_length * (uint32_t)VROM_BLOCK;
	a->symbols = rom_elf_open(elf, &a->rom, note);
	if (!a->symbols && entries_ask(&a->entries, &a->rom, error))
		goto bad;
	free(elf);
	return a;
bad:
	free(elf);
	addr2call_close(a);
	return NULL;
}

void addr2call_close(struct addr2call *a)
{
	if (!a)
		return;
	rom_elf_close(a->symbols);
	romfile_free(&a->rom);
	free(a);
}

uint32_t addr2call_length(const struct addr2call *a)
{
	return a->length;
}

bool addr2call_offset(uint32_t address, uint32_t base, uint32_t length, uint32_t *offset)
{
	const uint32_t forms[] = { address, address - ADDR2CALL_LINEAR, address + ADDR2CALL_LINEAR };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		*offset = forms[i] - base;
		if (forms[i] >= base && *offset < length)
			return true;
	}
	return false;
}

/* The jump slot's call, for a person. */
static void describe_slot(uint32_t offset, char *text, size_t size)
{
	uint32_t slot = (offset - VROM_SLOT_TABLE) / VROM_SLOT_SIZE, n = slot - VROM_SLOT_CALL0,
		 in = (offset - VROM_SLOT_TABLE) % VROM_SLOT_SIZE;
	int have = snprintf(text, size, "jump slot %u+0x%x: ", slot, in);

	if ((size_t)have >= size)
		return;
	text += have;
	size -= (size_t)have;
	if (slot == VROM_SLOT_INIT || slot == VROM_SLOT_GET_RELOC)
		snprintf(text, size, "%s",
			 slot == VROM_SLOT_INIT ? "VMI_Init" : "GetRelocationInfo");
	else if (n < VMI_CALLS && !vmi_calls[n].reserved)
		snprintf(text, size, "call %u %s", n, vmi_calls[n].name);
	else
		snprintf(text, size, "call %u, which is reserved", n);
}

/* What a label of the build stands for, or NULL: a helper, a string, ... */
static const char *meaning(const char *label, char *text, size_t size)
{
	static const struct {
		const char *label, *meaning;
	} known[] = {
		{ "vmi_init", "VMI_Init" },
		{ "vmi_get_reloc", "GetRelocationInfo" },
		{ "rom_header", "header" },
		{ "rom_pcir", "PCIR structure" },
		{ "rom_pnp", "$PnP structure" },
		{ "rom_config", "config block" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(label, known[i].label))
			return known[i].meaning;
	for (unsigned int n = 0; n < VMI_CALLS; n++)
		if (!vmi_calls[n].reserved && !strncmp(label, "vmi_", 4) &&
		    !strcmp(label + 4, vmi_calls[n].entry)) {
			snprintf(text, size, "call %u %s", n, vmi_calls[n].name);
			return text;
		}
	return NULL;
}

/* The source line; for code that a macro makes, the line behind it in the file that uses it, too. */
static void add_line(struct rom_elf *s, uint32_t offset, char *text, size_t size)
{
	int line, have;
	const char *file = rom_elf_line(s, offset, &line), *dot = file ? strrchr(file, '.') : NULL;

	if (!file)
		return;
	have = snprintf(text, size, ", %s:%d", file, line);
	for (uint32_t next = 1; dot && !strcmp(dot, ".inc") && next < 16; next++) {
		file = rom_elf_line(s, offset + next, &line);
		dot = file ? strrchr(file, '.') : NULL;
		if (dot && strcmp(dot, ".inc") && (size_t)have < size)
			snprintf(text + have, size - (size_t)have, " before %s:%d", file, line);
	}
}

static void describe_label(const struct addr2call *a, uint32_t offset, char *text, size_t size)
{
	uint32_t start = 0;
	int have;
	char call[64];
	const char *label = rom_elf_label(a->symbols, offset, &start);
	const char *what = label ? meaning(label, call, sizeof(call)) : NULL;

	if (!label) {
		snprintf(text, size, "no label at or before it");
		return;
	}
	have = snprintf(text, size, "%s%s%s+0x%x", what ? what : "", what ? ", " : "", label,
			offset - start);
	if ((size_t)have < size && rom_elf_post(a->symbols, offset))
		have += snprintf(text + have, size - (size_t)have, ", POST, gone after it ran");
	if ((size_t)have < size)
		add_line(a->symbols, offset, text + have, size - (size_t)have);
}

/* The nearest entry below `offset`. */
static void describe_entry(const struct addr2call *a, uint32_t offset, char *text, size_t size)
{
	const struct entries *e = &a->entries;
	uint32_t best = 0;
	char name[64] = "";

	for (uint32_t n = 0; n < VMI_CALLS; n++)
		if (e->call[n] && e->call[n] <= offset && e->call[n] > best) {
			best = e->call[n];
			snprintf(name, sizeof(name), "call %u %s", n,
				 vmi_calls[n].name ? vmi_calls[n].name : "(reserved)");
		}
	for (uint32_t n = 0; n < 2; n++)
		if (e->slot[n] && e->slot[n] <= offset && e->slot[n] > best) {
			best = e->slot[n];
			snprintf(name, sizeof(name), "%s", n ? "GetRelocationInfo" : "VMI_Init");
		}
	if (best)
		snprintf(text, size, "%s, entry+0x%x or code behind it", name, offset - best);
	else
		snprintf(text, size, "before the first entry, image offset 0x%x", offset);
}

void addr2call_describe(const struct addr2call *a, uint32_t offset, char *text, size_t size)
{
	const struct vrom_header *h = (const void *)a->rom.bytes;
	uint32_t table_end = VROM_SLOT_TABLE + h->jump_slots * (uint32_t)VROM_SLOT_SIZE;

	if (offset >= VROM_SLOT_TABLE && offset < table_end)
		describe_slot(offset, text, size);
	else if (offset < VROM_SLOT_TABLE)
		snprintf(text, size, "header+0x%x", offset);
	else if (a->symbols)
		describe_label(a, offset, text, size);
	else
		describe_entry(a, offset, text, size);
}
