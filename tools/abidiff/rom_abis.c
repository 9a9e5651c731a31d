/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the 64-bit ABIs of two ROMs by their tables. */
#include "abidiff/rom.h"
#include "romfile/romfile.h"
#include "vmi64_abi.h"

#define WIDTH 64

/* The 64-bit ABI of a ROM; no table.directory: there is none. */
struct wide {
	const struct rom *rom;
	struct romfile_table table;
	size_t at; /* of its vrom_abi; of the first directory, if there is none */
};

static struct wide find_wide(const struct rom *rom)
{
	struct romfile image = { .path = rom->file.path, .bytes = (uint8_t *)rom->image->bytes,
				 .size = rom->image->length };
	struct wide w = { .rom = rom, .at = VROM_DIRECTORY };

	if (romfile_find_abi(&image, WIDTH, VMI64_MAJOR, &w.table) && w.table.directory)
		w.at = (size_t)((const uint8_t *)w.table.abi - image.bytes);
	return w;
}

static unsigned int answer(const struct wide *w, size_t number)
{
	const struct vrom_capability c = romfile_capability(&w->table, number);

	return romfile_answer(&c);
}

static struct side version_side(const struct wide *w)
{
	return rom_side(w->rom, w->at, w->table.directory ? differ_format("%u.%u", w->table.abi->major,
									  w->table.abi->minor) : "none");
}

static struct side answer_side(const struct wide *w, size_t number)
{
	const struct vrom_directory *d = w->table.directory;
	unsigned int type = answer(w, number);
	size_t at = number < d->capability_count ? d->capabilities_offs + number * d->capability_size : w->at;

	return rom_side(w->rom, at, type < VMI_RELOCATIONS ? vmi_relocation_names[type] :
							     differ_format("unknown type 0x%x", type));
}

static void compare_call(struct differences *list, const struct wide *was, const struct wide *is,
			 size_t number)
{
	const struct vmi_call_info *call = &vmi64_calls[number];
	unsigned int type = answer(is, number);
	const char *subject = differ_format("%u.%u, call %zu %s: answer", is->table.abi->major,
					    is->table.abi->minor, number, call->name);
	struct side a = answer_side(was, number), b = answer_side(is, number);

	if (answer(was, number) == type)
		return;
	if (type != VMI_RELOCATION_NONE && (call->reserved || !(call->answers & 1u << type)))
		differ_breaks(list, RULE_ROM_ANSWER, subject, a, b, "answer as spec/vmi64.abi says");
	else if (type == VMI_RELOCATION_NONE && (number == VMI_CALL_IRET || number == VMI_CALL_SYSEXIT))
		differ_breaks(list, RULE_ROM_CALL, subject, a, b,
			      "provide it: guests return by it from the moment that they begin");
	else
		differ_harmless(list, RULE_ROM_CALL, subject, a, b);
}

void rom_compare_abis(const struct rom *old, const struct rom *new, struct differences *list)
{
	const struct wide was = find_wide(old), is = find_wide(new);
	struct side a = version_side(&was), b = version_side(&is);

	if (was.table.directory && (!is.table.directory || is.table.abi->minor < was.table.abi->minor))
		differ_breaks(list, RULE_ROM_VERSION, "64-bit ABI: version", a, b,
			      "keep the ABI that the directory leads to, and no older minor");
	else
		differ_words(list, was.table.directory ? RULE_MINOR : RULE_NEW, "64-bit ABI: version", a, b);
	for (size_t n = 0; was.table.directory && is.table.directory && n < VMI64_CALLS; n++)
		compare_call(list, &was, &is, n);
}
