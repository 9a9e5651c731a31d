/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the 64-bit ABIs of two ROMs by their tables. */
#include "abidiff/rom.h"
#include "romfile/romfile.h"
#include "vmi64_abi.h"

#include <string.h>

#define WIDTH 64
#define ANSWER 0x0F /* of vrom_capability.detail */

/* The 64-bit ABI of a ROM. */
struct table {
	const struct rom *rom;
	size_t at; /* of its vrom_abi; of the first directory, if there is none */
	unsigned int major, minor; /* 0.0: there is none */
	const uint8_t *capabilities;
	size_t size, count;
};

static struct table find_table(const struct rom *rom)
{
	struct romfile image = { .path = rom->file.path, .bytes = (uint8_t *)rom->image->bytes,
				 .size = rom->image->length };
	struct table t = { .rom = rom, .at = VROM_DIRECTORY };
	size_t count;
	const struct vrom_abi *abis = romfile_abis(&image, &count);

	for (size_t i = 0; i < count; i++) {
		uint8_t *capabilities;
		const struct vrom_directory *d =
			romfile_directory_at(&image, abis[i].directory_offs, &capabilities);

		if (abis[i].width != WIDTH || abis[i].major != VMI64_MAJOR || !d || !capabilities)
			continue;
		t.at = (size_t)((const uint8_t *)&abis[i] - image.bytes);
		t.major = abis[i].major;
		t.minor = abis[i].minor;
		t.capabilities = capabilities;
		t.size = d->capability_size;
		t.count = d->capability_count;
		break;
	}
	return t;
}

static unsigned int answer(const struct table *t, size_t number)
{
	struct vrom_capability c = { 0 };

	if (number < t->count)
		memcpy(&c, t->capabilities + number * t->size, sizeof(c));
	return c.kinds & 1u << (c.detail & ANSWER) ? c.detail & ANSWER : VMI_RELOCATION_NONE;
}

static struct side answer_side(const struct table *t, size_t number)
{
	unsigned int type = answer(t, number);
	size_t at = number < t->count ? (size_t)(t->capabilities - t->rom->image->bytes) + number * t->size :
					t->at;

	return rom_side(t->rom, at, type < VMI_RELOCATIONS ? vmi_relocation_names[type] :
							     differ_format("unknown type 0x%x", type));
}

static void compare_call(struct differences *list, const struct table *was, const struct table *is,
			 size_t number)
{
	const struct vmi_call_info *call = &vmi64_calls[number];
	unsigned int type = answer(is, number);
	const char *subject = differ_format("%u.%u, call %zu %s: answer", is->major, is->minor, number,
					    call->name);
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
	const struct table was = find_table(old), is = find_table(new);
	struct side a = rom_side(old, was.at, was.major ? differ_format("%u.%u", was.major, was.minor) :
							  "none");
	struct side b = rom_side(new, is.at, is.major ? differ_format("%u.%u", is.major, is.minor) : "none");

	if (was.major && (!is.major || is.minor < was.minor))
		differ_breaks(list, RULE_ROM_VERSION, "64-bit ABI: version", a, b,
			      "keep the ABI that the directory leads to, and no older minor");
	else
		differ_words(list, was.major ? RULE_MINOR : RULE_NEW, "64-bit ABI: version", a, b);
	for (size_t n = 0; was.major && is.major && n < VMI64_CALLS; n++)
		compare_call(list, &was, &is, n);
}
