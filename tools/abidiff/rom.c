/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens a ROM and says what it answers. */
#include "abidiff/rom.h"

#include <string.h>

/* Result: 0, or 2 after a line on stderr. */
static int look(struct rom *rom)
{
	const char *path = rom->file.path;
	romfile_chain(&rom->images, rom->file.bytes, rom->file.size);
	for (size_t i = 0; i < rom->images.count && !rom->image; i++)
		if (rom->images.image[i].vmi)
			rom->image = &rom->images.image[i];
	if (!rom->image || rom->image->length < sizeof(rom->header)) {
		fprintf(stderr, "pvrom: error: %s: offset 0x%02x: found no VMI ROM, expected one, a "
			"folder with vmi.abi, image.abi and reasons.abi, or a version as 3.0\n", path,
			(unsigned)offsetof(struct vrom_header, vrom_signature));
		return 2;
	}
	memcpy(&rom->header, rom->image->bytes, sizeof(rom->header));
	if (inspect_look(rom->image, true, &rom->seen)) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	if (rom->seen.asked)
		return 0;
	if (*rom->seen.trouble)
		fprintf(stderr, "pvrom: error: %s: %s\n", path, rom->seen.trouble);
	else
		fprintf(stderr, "pvrom: error: %s: offset 0x%02x: found an image of 0x%zx bytes by its "
			"length byte, expected 0x%zx to 0x%zx, all of them in the file: nothing in it "
			"can be asked\n", path, (unsigned)offsetof(struct vrom_header, rom_length),
			rom->image->stated, sizeof(rom->header), rom->image->room);
	return 2;
}

int rom_open(struct rom *rom, const char *path)
{
	struct romfile_error error;
	memset(rom, 0, sizeof(*rom));
	if (romfile_read_max(&rom->file, path, ROMFILE_DUMP_MAX, &error)) {
		fprintf(stderr, "pvrom: error: %s\n", error.text);
		return 2;
	}
	return look(rom);
}

void rom_close(struct rom *rom)
{
	romfile_free(&rom->file);
}

static const struct ask_one *find_answer(const struct rom *rom, uint32_t number)
{
	for (size_t i = 0; i < ASK_NUMBERS; i++)
		if (rom->seen.ask.number[i] == number)
			return &rom->seen.ask.answer[i][0][0];
	return NULL;
}

struct rom_answer rom_answer(const struct rom *rom, uint32_t number)
{
	const struct ask_one *one = find_answer(rom, number);
	uint32_t first = VROM_SLOT_TABLE + rom->header.jump_slots * VROM_SLOT_SIZE;
	struct rom_answer a = { .asked = one, .provided = true, .text = "not asked" };
	if (!one)
		return (struct rom_answer){ .text = "not asked" };
	uint32_t offset = one->eax - rom->seen.ask.base[0];
	bool entry = one->edx == VMI_RELOCATION_CALL_REL || one->edx == VMI_RELOCATION_JUMP_REL;
	a.type = one->edx;
	a.offset = offset;
	if (one->lost & EMU_LOST_RETURN)
		a.text = differ_format("did not return: %s", emu_end_names[one->end]);
	else if (one->lost)
		a.text = "lost what a call must keep";
	else if (one->edx >= VMI_RELOCATIONS)
		a.text = differ_format("unknown type 0x%x", one->edx);
	else if (entry && (offset < first || offset >= rom->image->length))
		a.text = differ_format("%s outside the image", vmi_relocation_names[one->edx]);
	else
		a.good = true;
	if (a.good) {
		a.provided = one->edx != VMI_RELOCATION_NONE;
		a.text = vmi_relocation_names[one->edx];
	}
	return a;
}

const char *rom_init(const struct rom *rom, bool *ok)
{
	const struct ask_one *one = &rom->seen.ask.init[0];
	*ok = !one->lost && one->eax == VMI_INIT_OK;
	if (one->lost & EMU_LOST_RETURN)
		return differ_format("did not return: %s", emu_end_names[one->end]);
	return one->lost ? "lost what a call must keep" : differ_format("%u", one->eax);
}

const char *rom_licence(const struct rom *rom)
{
	long length = romfile_string(rom->image, rom->header.license_offs);
	char *text;
	if (!rom->header.license_offs || length < 0)
		return "";
	text = keep((const char *)rom->image->bytes + rom->header.license_offs);
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return text;
}

struct side rom_side(const struct rom *rom, size_t offset, const char *text)
{
	return (struct side){ .text = text, .file = rom->file.path,
			      .at = rom->image->offset + offset, .rom = true };
}

struct side rom_call_side(const struct rom *rom, uint32_t number, const char *text)
{
	bool slot = number < MAX_CALLS && number + VROM_SLOT_CALL0 < rom->header.jump_slots;
	return rom_side(rom, VROM_SLOT_TABLE +
			(slot ? number + VROM_SLOT_CALL0 : VROM_SLOT_GET_RELOC) * VROM_SLOT_SIZE, text);
}
