// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Validate: nothing in an image is believed, and nothing of it is called, before
 * all of this has passed. Each check that needs another one comes after it: the
 * first reason is the one reported.
 */
#include "image.h"

bool vmi_check_length(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	const struct vmi_window *window = &image->load->window;
	uint32_t room = window->size - (uint32_t)(candidate->base - window->base);
	uint32_t length = candidate->length;
	uint32_t two_slots = VROM_SLOT_TABLE + (VROM_SLOT_GET_RELOC + 1) * VROM_SLOT_SIZE;
	uint32_t needed = image->table_end < two_slots ? two_slots : image->table_end;

	if (!length)
		return vmi_refuse(candidate, VMI_E_LENGTH_ZERO,
				  VMI_FIELD(vrom_header, rom_length, 0), 0, needed);
	if (length < needed)
		return vmi_refuse(candidate, VMI_E_LENGTH_SHORT,
				  VMI_FIELD(vrom_header, rom_length, 0), length, needed);
	if (length > room)
		return vmi_refuse(candidate, VMI_E_LENGTH_WINDOW,
				  VMI_FIELD(vrom_header, rom_length, 0), length, room);
	return true;
}

bool vmi_check_sum(struct image *image)
{
	uint8_t sum;

	if (!vmi_image_sum(image, "vrom_header", 0, image->candidate->length, &sum))
		return false;
	return !sum || vmi_refuse(image->candidate, VMI_E_CHECKSUM,
				  "image.sum", 0, sum, 0);
}

bool vmi_refuse_width(struct vmi_candidate *candidate)
{
	return vmi_refuse(candidate, VMI_E_API_WIDTH, VMI_FIELD(vrom_header, api_version_maj, 0), 32,
			  64);
}

bool vmi_check_version(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	const struct vmi_version_range *range = vmi_range_of(image->load, candidate->major);

	/* What the header says is of i386 code; a directory may lead to more. */
	if (image->load->long_mode)
		return vmi_has_directory(candidate) || vmi_refuse_width(candidate);
	if (!range)
		return vmi_refuse(candidate, VMI_E_API_MAJOR,
				  VMI_FIELD(vrom_header, api_version_maj, 0), candidate->major,
				  image->load->range.major);
	/* An empty range fits no ROM. */
	if (candidate->minor < range->minor_min || range->minor_max < range->minor_min)
		return vmi_refuse(candidate, VMI_E_API_MINOR,
				  VMI_FIELD(vrom_header, api_version_min, 0), candidate->minor,
				  range->minor_min);
	return true;
}

/*
 * The jump in a slot that the loader calls leads into the image behind the entry
 * table. Code that is no plain jump is the ROM's own affair and stays unread.
 */
static bool check_slot(struct image *image, const char *field, uint32_t offset,
		       const uint8_t slot[VROM_SLOT_SIZE])
{
	uint32_t target, allowed;

	/* Offsets wrap at 4 GiB, as EIP does. */
	if (slot[0] == 0xE9)
		target = offset + 5 + (slot[1] | slot[2] << 8 | slot[3] << 16 |
				       (uint32_t)slot[4] << 24);
	else if (slot[0] == 0xEB)
		target = offset + 2 + (uint32_t)(int8_t)slot[1];
	else
		return true;
	allowed = vmi_clamp(target, image->table_end, image->candidate->length - 1);
	return target == allowed ||
	       vmi_refuse(image->candidate, VMI_E_SLOT_TARGET, field, offset, target, allowed);
}

bool vmi_check_entry_table(struct image *image)
{
	const struct vrom_header *header = &image->header;

	if (header->jump_slots <= VROM_SLOT_GET_RELOC)
		return vmi_refuse(image->candidate, VMI_E_JUMP_SLOTS,
				  VMI_FIELD(vrom_header, jump_slots, 0), header->jump_slots,
				  VROM_SLOT_GET_RELOC + 1);
	return check_slot(image, VMI_FIELD(vrom_header, vmi_init, 0), header->vmi_init) &&
	       check_slot(image, VMI_FIELD(vrom_header, get_reloc, 0), header->get_reloc);
}

bool vmi_check_virtual_top(struct image *image)
{
	/* A page border in the topmost quarter of the 32-bit address space. */
	uint32_t found = image->header.virtual_top;
	uint32_t allowed = vmi_clamp(found & ~(PAGE_BYTES - 1), VROM_VIRTUAL_TOP_MIN, UINT32_MAX);

	return !found || found == allowed ||
	       vmi_refuse(image->candidate, VMI_E_VIRTUAL_TOP,
			  VMI_FIELD(vrom_header, virtual_top, 0), found, allowed);
}

bool vmi_open_image(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	const struct vrom_header *header = &image->header;

	/* A step of the window has room for every header. */
	if (!vmi_image_read(image, "vrom_header", 0, &image->header, sizeof(image->header)))
		return false;
	candidate->length = header->rom_length * VROM_BLOCK;
	if (header->vrom_signature != VROM_VMI_SIGNATURE)
		return vmi_refuse(candidate, VMI_E_NOT_VMI,
				  VMI_FIELD(vrom_header, vrom_signature, 0), header->vrom_signature,
				  VROM_VMI_SIGNATURE);
	candidate->vmi = true;
	candidate->major = header->api_version_maj;
	candidate->minor = header->api_version_min;
	candidate->jump_slots = header->jump_slots;
	image->table_end = vmi_table_end(candidate);
	if (candidate->major == VROM_OTHER_LINEAGE_MAJOR)
		return vmi_refuse(candidate, VMI_E_API_LINEAGE,
				  VMI_FIELD(vrom_header, api_version_maj, 0), candidate->major,
				  image->load->range.major);
	return true;
}

bool vmi_validate(const struct vmi_load *load, struct vmi_candidate *candidate)
{
	struct image image = { .load = load, .candidate = candidate };

	return vmi_open_image(&image) && vmi_check_length(&image) && vmi_check_sum(&image) &&
	       vmi_check_version(&image) && vmi_check_entry_table(&image) &&
	       vmi_check_license(&image) && vmi_check_pcir(&image) && vmi_check_pnp(&image) &&
	       vmi_check_virtual_top(&image) &&
	       (load->long_mode ? vmi_check_abis(&image) : vmi_check_directory(&image));
}
