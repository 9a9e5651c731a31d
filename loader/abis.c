// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Validate, for a guest in long mode: the entries of the header are i386 code, so the ROM is
 * used by one of the further ABIs that its directory lists, with the directory of that. There
 * is nothing to fall back on: whatever is wrong on the way refuses the ROM.
 */
#include "image.h"

#define WIDTH 64

bool vmi_endbr64(const struct vmi_load *load, const struct vmi_candidate *candidate,
		 uint32_t offset, uint32_t *found)
{
	const struct vmi_platform *platform = load->platform;

	*found = 0;
	return offset <= candidate->length - sizeof(*found) &&
	       platform->read(platform->context, candidate->base + offset, found, sizeof(*found)) &&
	       *found == VROM_ENDBR64;
}

/* Refuses the ROM by what is wrong with a directory. Result: false. */
static bool refuse_directory(struct vmi_candidate *candidate)
{
	const struct vmi_directory *d = &candidate->directory;

	return vmi_refuse(candidate, d->reason, d->field, (uint32_t)(d->where - candidate->base),
			  d->found, d->expected);
}

/*
 * Looks through the list for the highest version whose major the guest supports; of equals, the
 * first. *at: its offset, *best: a copy. Result: false if there is none, which is noted.
 */
static bool find_abi(struct image *image, const struct vrom_directory *d, struct vrom_abi *best,
		     uint32_t *at)
{
	struct vmi_candidate *candidate = image->candidate;
	uint32_t unknown = 0;
	uint8_t unknown_major = 0;

	*at = 0;
	for (uint32_t i = 0; i < d->abi_count; i++) {
		uint32_t offset = d->abis_offs + i * (uint32_t)sizeof(*best);
		struct vrom_abi abi;

		if (!vmi_image_read(image, "vrom_abi", offset, &abi, sizeof(abi)))
			return false;
		if (abi.width != WIDTH)
			continue;
		if (!vmi_range_of(image->load, abi.major)) {
			unknown = offset;
			unknown_major = abi.major;
		} else if (!*at || abi.major > best->major ||
			   (abi.major == best->major && abi.minor > best->minor)) {
			*best = abi;
			*at = offset;
		}
	}
	if (*at)
		return true;
	return unknown ? vmi_refuse(candidate, VMI_E_API_MAJOR, VMI_FIELD(vrom_abi, major, unknown),
				    unknown_major, image->load->range.major) :
			 vmi_refuse_width(candidate);
}

/* Makes the candidate one of this ABI. Result: false if the guest needs a newer one. */
static bool take_version(struct image *image, const struct vrom_abi *abi, uint32_t at)
{
	struct vmi_candidate *candidate = image->candidate;
	const struct vmi_version_range *range = vmi_range_of(image->load, abi->major);

	candidate->abi = at;
	candidate->major = abi->major;
	candidate->minor = abi->minor;
	return (abi->minor >= range->minor_min && range->minor_min <= range->minor_max) ||
	       vmi_refuse(candidate, VMI_E_API_MINOR, VMI_FIELD(vrom_abi, minor, at), abi->minor,
			  range->minor_min);
}

static bool check_entries(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	const struct vmi_directory *d = &candidate->directory;
	uint32_t found;

	if (!vmi_endbr64(image->load, candidate, d->init, &found))
		return vmi_refuse(candidate, VMI_E_DIRECTORY_ENTRY,
				  VMI_FIELD(vrom_directory, init_offs, d->at), found, VROM_ENDBR64);
	if (!vmi_endbr64(image->load, candidate, d->get_reloc, &found))
		return vmi_refuse(candidate, VMI_E_DIRECTORY_ENTRY,
				  VMI_FIELD(vrom_directory, get_reloc_offs, d->at), found,
				  VROM_ENDBR64);
	return true;
}

bool vmi_check_abis(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	struct vrom_directory d;
	struct vrom_abi abi = { .width = 0 };
	uint32_t at, allowed;

	if (!vmi_read_directory(image, VROM_DIRECTORY, &d))
		return false;
	if (!candidate->directory.used)
		return refuse_directory(candidate);
	if (!find_abi(image, &d, &abi, &at) || !take_version(image, &abi, at))
		return false;
	allowed = vmi_clamp(abi.directory_offs, image->table_end, candidate->length - sizeof(d));
	if (abi.directory_offs != allowed)
		return vmi_refuse(candidate, VMI_E_DIRECTORY_RANGE,
				  VMI_FIELD(vrom_abi, directory_offs, at), abi.directory_offs, allowed);
	if (!vmi_read_directory(image, abi.directory_offs, &d))
		return false;
	if (!candidate->directory.used)
		return refuse_directory(candidate);
	if (d.abi_count)
		return vmi_refuse(candidate, VMI_E_DIRECTORY_NESTED,
				  VMI_FIELD(vrom_directory, abi_count, abi.directory_offs), d.abi_count,
				  0);
	return check_entries(image);
}
