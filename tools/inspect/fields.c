/* SPDX-License-Identifier: GPL-2.0-only */
/* The structures of an image, field by field, as spec/image.abi names them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/internal.h"
#include "romfile/romfile.h"

#define PNP_HEADERS 16 /* a longer chain is a loop */
#define DEVICES 256    /* longest device list that is looked at */

const char *inspect_constant(const char *prefix, uint64_t value)
{
	for (const struct vmi_constants_info *set = vmi_constants; set->prefix; set++) {
		if (strcmp(set->prefix, prefix))
			continue;
		for (size_t i = 0; i < set->count; i++)
			if (set->values[i].value == value)
				return set->values[i].name;
	}
	return NULL;
}

/* What a value means beyond its field's summary. */
enum decode { STRING, BLOCKS, NAME, LAST, CLASS, PNP_CLASS, JUMP16, JUMP32, EISA };

static const struct {
	const char *structure, *field;
	enum decode how;
	const char *prefix; /* NAME */
} decodes[] = {
	{ "vrom_any", "rom_length", BLOCKS, NULL },
	{ "vrom_any", "rom_entry", JUMP16, NULL },
	{ "vrom_header", "rom_length", BLOCKS, NULL },
	{ "vrom_header", "rom_entry", JUMP16, NULL },
	{ "vrom_header", "license_offs", STRING, NULL },
	{ "vrom_header", "vmi_init", JUMP32, NULL },
	{ "vrom_header", "get_reloc", JUMP32, NULL },
	{ "vrom_efi", "length", BLOCKS, NULL },
	{ "vrom_efi", "subsystem", NAME, "VROM_EFI_SUBSYSTEM" },
	{ "vrom_efi", "machine", NAME, "VROM_EFI_MACHINE" },
	{ "vrom_efi", "compression", NAME, "VROM_EFI_COMPRESSION" },
	{ "vrom_pcir", "class", CLASS, NULL },
	{ "vrom_pcir", "image_length", BLOCKS, NULL },
	{ "vrom_pcir", "code_type", NAME, "VROM_PCIR_CODE" },
	{ "vrom_pcir", "indicator", LAST, NULL },
	{ "vrom_pnp", "device_id", EISA, NULL },
	{ "vrom_pnp", "manufacturer_offs", STRING, NULL },
	{ "vrom_pnp", "product_offs", STRING, NULL },
	{ "vrom_pnp", "class", PNP_CLASS, NULL },
	{ "vrom_directory", "version_offs", STRING, NULL },
	{ "vrom_config", "image_blocks", BLOCKS, NULL },
	{ "vrom_config", "resident_blocks", BLOCKS, NULL },
	{ "vrom_config", "profile_offs", STRING, NULL },
	{ "vrom_config", "release_offs", STRING, NULL },
	{ "vrom_config", "tsc_source", NAME, "VROM_SOURCE" },
};

static void note_string(cJSON *field, const struct romfile_image *image, size_t offset)
{
	long length = romfile_string(image, offset);
	char text[128] = "";

	if (!offset)
		return;
	if (length < 0) {
		inspect_text(field, "note", "leads to no string inside the image");
		return;
	}
	for (long i = 0; i < length && i < (long)sizeof(text) - 1; i++) {
		uint8_t c = image->bytes[offset + (size_t)i];

		text[i] = c >= ' ' && c <= '~' ? (char)c : '?';
	}
	inspect_text(field, "note", "\"%s\"", text);
}

/* A compressed EISA identifier: three letters of 5 bits, big-endian, and four digits. */
static void note_eisa(cJSON *field, const uint8_t *id)
{
	unsigned int letters = (unsigned int)id[0] << 8 | id[1];

	if (letters)
		inspect_text(field, "note", "%c%c%c%02X%02X", '@' + (letters >> 10 & 31),
			     '@' + (letters >> 5 & 31), '@' + (letters & 31), id[2], id[3]);
}

static void note(cJSON *field, const struct romfile_image *image, const char *structure,
		 const struct vmi_field_info *info, size_t at, uint64_t value)
{
	uint32_t target;
	const char *name;
	size_t i = 0;

	while (i < sizeof(decodes) / sizeof(decodes[0]) &&
	       (strcmp(decodes[i].structure, structure) || strcmp(decodes[i].field, info->name)))
		i++;
	if (i == sizeof(decodes) / sizeof(decodes[0]))
		return;
	switch (decodes[i].how) {
	case STRING: note_string(field, image, (size_t)value); break;
	case BLOCKS:
		inspect_text(field, "note", "%u bytes", (unsigned int)value * VROM_BLOCK);
		break;
	case NAME:
		name = inspect_constant(decodes[i].prefix, value);
		inspect_text(field, "note", "%s", name ? name : "unknown");
		break;
	case LAST:
		inspect_text(field, "note", value & VROM_PCIR_LAST_IMAGE ? "the last image" :
									   "another image follows");
		break;
	case CLASS:
		inspect_text(field, "note", "0x%02x%02x%02x", image->bytes[at + 2],
			     image->bytes[at + 1], image->bytes[at]);
		break;
	case PNP_CLASS: /* the other way round than in PCIR */
		inspect_text(field, "note", "0x%02x%02x%02x", image->bytes[at], image->bytes[at + 1],
			     image->bytes[at + 2]);
		break;
	case EISA: note_eisa(field, image->bytes + at); break;
	case JUMP16:
	case JUMP32:
		if (romfile_jump(image, at, decodes[i].how == JUMP16 ? 16 : 32, &target))
			inspect_text(field, "note", "jmp 0x%04x", target);
		break;
	}
}

/* Numbers as numbers, as far as JSON has them: 64 bits as text; arrays as their bytes. */
static void add_field(cJSON *fields, const struct romfile_image *image, const char *structure,
		      const struct vmi_field_info *info, size_t start)
{
	cJSON *field = cJSON_CreateObject();
	size_t at = start + info->offset;
	uint64_t value = 0;

	if (at + info->size > image->room || !cJSON_AddItemToArray(fields, field)) {
		cJSON_Delete(field);
		return;
	}
	cJSON_AddNumberToObject(field, "offset", (double)at);
	cJSON_AddStringToObject(field, "name", info->name);
	cJSON_AddNumberToObject(field, "size", info->size);
	for (size_t i = 0; i < info->size && i < sizeof(value); i++)
		value |= (uint64_t)image->bytes[at + i] << 8 * i;
	if (!info->count && info->size <= 4) {
		cJSON_AddNumberToObject(field, "value", (double)value);
	} else if (!info->count && info->size == sizeof(value)) {
		inspect_text(field, "value", "0x%016llx", (unsigned long long)value);
	} else {
		char *hex = malloc(2u * info->size + 1);

		for (size_t i = 0; hex && i < info->size; i++)
			sprintf(hex + 2 * i, "%02x", image->bytes[at + i]);
		if (hex)
			cJSON_AddStringToObject(field, "bytes", hex);
		free(hex);
	}
	note(field, image, structure, info, at, value);
	cJSON_AddStringToObject(field, "meaning", info->summary);
}

static cJSON *add_structure(cJSON *list, const struct romfile_image *image, const char *name,
			    size_t start)
{
	const struct vmi_struct_info *info = vmi_structs;
	cJSON *structure = cJSON_CreateObject(), *fields;

	while (info->name && strcmp(info->name, name))
		info++;
	if (!info->name || !structure || !cJSON_AddItemToArray(list, structure)) {
		cJSON_Delete(structure);
		return NULL;
	}
	cJSON_AddStringToObject(structure, "name", name);
	cJSON_AddNumberToObject(structure, "offset", (double)start);
	cJSON_AddStringToObject(structure, "meaning", info->summary);
	fields = cJSON_AddArrayToObject(structure, "fields");
	for (size_t i = 0; fields && i < info->field_count; i++)
		add_field(fields, image, name, &info->fields[i], start);
	if (start + info->size > image->room)
		inspect_text(structure, "trouble", "the file ends inside this structure");
	return structure;
}

/* PCI Firmware 3.0: the devices that the image serves, ended by 0. */
static void device_list(cJSON *structure, const struct romfile_image *image)
{
	struct vrom_pcir pcir = romfile_image_pcir(image);
	size_t at = image->pcir.at + pcir.vpd;
	cJSON *devices;

	if (pcir.revision < VROM_PCIR_REVISION_MORE || !pcir.vpd ||
	    !(devices = cJSON_AddArrayToObject(structure, "devices")))
		return;
	for (unsigned int i = 0; i < DEVICES; i++, at += 2) {
		if (at + 2 > image->length) {
			inspect_text(structure, "trouble", "the device list leaves the image");
			return;
		}
		unsigned int device = image->bytes[at] | (unsigned int)image->bytes[at + 1] << 8;
		if (!device)
			return;
		cJSON_AddItemToArray(devices, cJSON_CreateNumber(device));
	}
	inspect_text(structure, "trouble", "the device list has more than %d devices; the rest is "
		     "not shown", DEVICES);
}

static void pnp_headers(cJSON *list, const struct romfile_image *image)
{
	struct romfile_part part = image->pnp;

	for (unsigned int i = 0; part.bytes; i++) {
		struct vrom_pnp pnp;
		cJSON *structure = add_structure(list, image, "vrom_pnp", part.at);

		memcpy(&pnp, part.bytes, sizeof(pnp));
		part = romfile_pnp_at(image, pnp.next);
		if (!part.bytes && part.pointer)
			inspect_text(structure, "trouble", "next: 0x%04x %s", part.pointer,
				     part.fault);
		if (part.bytes && i == PNP_HEADERS - 1) {
			inspect_text(structure, "trouble", "next: a chain of more than %d headers; "
				     "the rest is not shown", PNP_HEADERS);
			return;
		}
	}
}

static void trouble(cJSON *to, const char *what, const struct romfile_part *part)
{
	if (part->pointer && part->fault)
		inspect_text(to, what, "0x%04x %s", part->pointer, part->fault);
}

static void config_block(cJSON *list, const struct romfile_image *image)
{
	struct romfile rom = { .path = (char *)"", .bytes = (uint8_t *)image->bytes,
			       .size = image->room };
	struct romfile_error error;
	const struct vrom_config *config = romfile_config(&rom, &error);

	if (config)
		add_structure(list, image, "vrom_config",
			      (size_t)((const uint8_t *)config - image->bytes));
}

#define ABIS_MAX 8 /* more are not shown */

static void directory_at(cJSON *list, const struct romfile_image *image, const struct romfile *rom,
			 size_t at)
{
	uint8_t *capabilities;
	cJSON *structure;

	if (!romfile_directory_at(rom, at, &capabilities))
		return;
	structure = add_structure(list, image, "vrom_directory", at);
	if (!capabilities)
		inspect_text(structure, "trouble", "its lengths, offsets or tables are wrong");
}

/* That of the header's ABI, then further ABIs with theirs. */
static void directories(cJSON *list, const struct romfile_image *image)
{
	struct romfile rom = { .path = (char *)"", .bytes = (uint8_t *)image->bytes,
			       .size = image->room };
	size_t count;
	const struct vrom_abi *abis = romfile_abis(&rom, &count);

	directory_at(list, image, &rom, VROM_DIRECTORY);
	for (size_t i = 0; i < count && i < ABIS_MAX; i++) {
		add_structure(list, image, "vrom_abi",
			      (size_t)((const uint8_t *)&abis[i] - image->bytes));
		directory_at(list, image, &rom, abis[i].directory_offs);
	}
}

void inspect_structures(cJSON *to, const struct romfile_image *image)
{
	cJSON *list = cJSON_AddArrayToObject(to, "structures");

	add_structure(list, image, image->efi ? "vrom_efi" : image->vmi ? "vrom_header" : "vrom_any",
		      0);
	if (image->pcir.bytes) {
		cJSON *pcir = add_structure(list, image, "vrom_pcir", image->pcir.at);

		if (image->pcir_more)
			add_structure(list, image, "vrom_pcir_more",
				      image->pcir.at + sizeof(struct vrom_pcir));
		device_list(pcir, image);
	}
	trouble(to, "no_pcir", &image->pcir);
	pnp_headers(list, image);
	trouble(to, "no_pnp", &image->pnp);
	if (image->vmi) {
		directories(list, image);
		config_block(list, image);
	}
}
