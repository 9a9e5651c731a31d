// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Validate, continued: the directory that leads to what 3.1 added. A bad one is no reason
 * to refuse the ROM, since what is left is a ROM of 3.0; it is named, and not used.
 */
#include "image.h"

#define DIRECTORY(member) VMI_FIELD(vrom_directory, member, at)

/* Result: true, since the image itself stays good. */
static bool unused(struct image *image, enum vmi_reason reason, const char *field, uint32_t offset,
		   uint64_t found, uint64_t expected)
{
	image->candidate->directory = (struct vmi_directory){
		.reason = reason, .field = field, .where = image->candidate->base + offset,
		.found = found, .expected = expected,
	};
	return true;
}

/* The nearest offset to `offset` at which `size` bytes lie in the image behind its header. */
static uint32_t inside(const struct image *image, uint32_t offset, uint32_t size)
{
	uint32_t room = image->candidate->length - image->table_end;

	return size > room ? image->table_end - 1 :
			     vmi_clamp(offset, image->table_end, image->candidate->length - size);
}

/* What the directory leads to, with its size; a size of 0 leads nowhere. */
static bool in_range(struct image *image, const char *field, uint32_t where, uint32_t offset,
		     uint32_t size)
{
	uint32_t allowed = inside(image, offset, size);

	if (!size || offset == allowed)
		return true;
	unused(image, VMI_E_DIRECTORY_RANGE, field, where, offset, allowed);
	return false;
}

/* Result: false if one lies elsewhere, which is noted. */
static bool check_ranges(struct image *image, uint32_t at, const struct vrom_directory *d)
{
	return in_range(image, DIRECTORY(capabilities_offs), d->capabilities_offs,
			(uint32_t)d->capability_count * d->capability_size) &&
	       in_range(image, DIRECTORY(groups_offs), d->groups_offs, d->groups_size) &&
	       in_range(image, DIRECTORY(init_offs), d->init_offs, 1) &&
	       in_range(image, DIRECTORY(get_reloc_offs), d->get_reloc_offs, 1) &&
	       in_range(image, DIRECTORY(build_id_offs), d->build_id_offs, d->build_id_size) &&
	       in_range(image, DIRECTORY(version_offs), d->version_offs, 1) &&
	       in_range(image, DIRECTORY(config_offs), d->config_offs, VROM_CONFIG_LENGTH_MIN) &&
	       in_range(image, DIRECTORY(abis_offs), d->abis_offs,
			(uint32_t)d->abi_count * sizeof(struct vrom_abi));
}

bool vmi_read_directory(struct image *image, uint32_t at, struct vrom_directory *d)
{
	struct vmi_candidate *candidate = image->candidate;
	uint32_t end = at < VROM_SLOT_TABLE ? VROM_SLOT_TABLE : candidate->length, allowed;
	uint8_t sum, tables, groups;

	if (!vmi_image_read(image, "vrom_directory", at, d, sizeof(*d)))
		return false;
	if (d->signature != VROM_DIRECTORY_SIGNATURE)
		return unused(image, VMI_E_DIRECTORY_SIGNATURE, DIRECTORY(signature), d->signature,
			      VROM_DIRECTORY_SIGNATURE);
	allowed = vmi_clamp(d->length, sizeof(*d), end - at);
	if (d->length != allowed)
		return unused(image, VMI_E_DIRECTORY_LENGTH, DIRECTORY(length), d->length, allowed);
	if (!vmi_image_sum(image, "vrom_directory", at, d->length, &sum))
		return false;
	if (sum)
		return unused(image, VMI_E_DIRECTORY_CHECKSUM, DIRECTORY(checksum), sum, 0);
	if (!d->version)
		return unused(image, VMI_E_DIRECTORY_VERSION, DIRECTORY(version), 0,
			      VROM_DIRECTORY_VERSION);
	if (d->capability_size < sizeof(struct vrom_capability))
		return unused(image, VMI_E_DIRECTORY_LENGTH, DIRECTORY(capability_size),
			      d->capability_size, sizeof(struct vrom_capability));
	if (!check_ranges(image, at, d))
		return true;
	if (!vmi_image_sum(image, "vrom_capability", d->capabilities_offs,
			   (uint32_t)d->capability_count * d->capability_size, &tables) ||
	    !vmi_image_sum(image, "vrom_directory.groups_offs", d->groups_offs, d->groups_size,
			   &groups))
		return false;
	sum = (uint8_t)(tables + groups + d->tables_checksum);
	if (sum)
		return unused(image, VMI_E_DIRECTORY_CHECKSUM, DIRECTORY(tables_checksum), sum, 0);
	candidate->directory = (struct vmi_directory){
		.used = true, .capabilities = d->capabilities_offs, .count = d->capability_count,
		.size = d->capability_size, .groups = d->groups_offs, .groups_size = d->groups_size,
		.at = at, .init = d->init_offs, .get_reloc = d->get_reloc_offs,
	};
	return true;
}

bool vmi_check_directory(struct image *image)
{
	struct vrom_directory d;

	return !vmi_may_have_directory(image->load, image->candidate) ||
	       vmi_read_directory(image, VROM_DIRECTORY, &d);
}
