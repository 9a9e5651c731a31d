/* SPDX-License-Identifier: GPL-2.0-only */
#include "fault.h"

#include <stdio.h>
#include <string.h>

#include "romfile/romfile.h"
#include "symbols/symbols.h"

void fault_line(struct fault *f, const char *line)
{
	char release[32], profile[32];
	unsigned base, length, offset, caller;
	if (sscanf(line, "  rom %31s profile=%31s base=0x%x length=%u offset=0x%x", release, profile,
		   &base, &length, &offset) == 5 &&
	    !f->seen) {
		f->seen = true;
		memcpy(f->release, release, sizeof(release));
		memcpy(f->profile, profile, sizeof(profile));
		f->offset = offset;
	} else if (f->seen && !f->caller && sscanf(line, "  caller=0x%x", &caller) == 1) {
		f->caller = caller;
	}
}

/* Is the string at `offset` in the image `name`? */
static bool says(const struct romfile *rom, unsigned offset, const char *name)
{
	size_t size = strlen(name) + 1;
	return offset < rom->size && size <= rom->size - offset &&
	       !memcmp(rom->bytes + offset, name, size);
}

/* Is `path` the ROM of that release and profile? */
static bool is_rom(const char *path, const struct fault *f)
{
	struct romfile rom;
	struct romfile_error error;
	if (romfile_read(&rom, path, &error))
		return false;
	const struct vrom_config *config = romfile_config(&rom, &error);
	bool is = config && says(&rom, config->release_offs, f->release) &&
		  says(&rom, config->profile_offs, f->profile);
	romfile_free(&rom);
	return is;
}

/* `what` and the source line of `address` in the ELF file. */
static void add_line(struct words *lines, const char *what, const char *elf, uint64_t address)
{
	struct symbols *symbols = symbols_open(elf);
	uint64_t offset = 0;
	int number = 0;
	if (!symbols) {
		words_addf(lines, "%s 0x%llx: no source line: cannot read %s; build it, or put it "
			   "there", what, (unsigned long long)address, elf);
		return;
	}
	const char *name = symbols_name(symbols, address, &offset);
	const char *file = symbols_line(symbols, address, &number);
	if (file)
		words_addf(lines, "%s %s:%d (%s+%llu)", what, file, number, name ? name : "?",
			   (unsigned long long)offset);
	else
		words_addf(lines, "%s 0x%llx: %s knows no source line of it", what,
			   (unsigned long long)address, elf);
	symbols_close(symbols);
}

void fault_explain(const struct fault *f, const struct run_spec *spec, struct words *lines)
{
	const struct words *const lists[] = { &spec->roms, &spec->pci };
	const char *found = NULL;
	if (!f->seen)
		return;
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count && !found; i++)
			if (is_rom(lists[l]->list[i], f))
				found = lists[l]->list[i];
	if (found) {
		struct text elf = { 0 };
		const char *dot = strrchr(found, '.');
		size_t stem = dot && !strchr(dot, '/') ? (size_t)(dot - found) : strlen(found);
		text_addf(&elf, "%.*s.elf", (int)stem, found);
		add_line(lines, "the fault in the ROM is at", text_string(&elf), f->offset);
		text_free(&elf);
	} else {
		words_addf(lines, "the fault in the ROM is at offset 0x%x: no source line, since no "
			   "ROM file of this run says that it is release %s, profile %s", f->offset,
			   f->release, f->profile);
	}
	if (f->caller) /* the call stands before the return address */
		add_line(lines, "the guest's call is at", spec->kernel, f->caller - 1u);
}
