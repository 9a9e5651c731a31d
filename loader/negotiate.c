// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Negotiate: the highest major wins, then the highest minor that both sides know, then
 * the lowest address. The rules are the table of docs/negotiation.md.
 */
#include "internal.h"

const struct vmi_version_range *vmi_range_of(const struct vmi_load *load, uint8_t major)
{
	if (load->range.major == major)
		return &load->range;
	for (size_t i = 0; i < load->more_range_count; i++)
		if (load->more_ranges[i].major == major)
			return &load->more_ranges[i];
	return NULL;
}

static uint32_t version(uint8_t major, uint8_t minor)
{
	return (uint32_t)major << 8 | minor;
}

/* The highest minor that guest, ROM and command line allow. */
static uint8_t highest_minor(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	const struct vmi_version *max = &load->overrides.max;
	uint8_t known = vmi_range_of(load, candidate->major)->minor_max;

	if (max->given && max->major == candidate->major && max->minor < known)
		known = max->minor;
	return candidate->minor < known ? candidate->minor : known;
}

bool vmi_may_have_directory(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	return candidate->major == VROM_API_MAJOR && vmi_range_of(load, candidate->major) &&
	       highest_minor(load, candidate) >= VROM_DIRECTORY_MINOR;
}

uint8_t vmi_common_minor(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	uint8_t minor = highest_minor(load, candidate);

	/* Without its directory, a ROM of 3.1 or later is one of 3.0. */
	return vmi_may_have_directory(load, candidate) && !candidate->directory.used ?
		       VROM_DIRECTORY_MINOR - 1 : minor;
}

/* Refuses a candidate for its version, or the minor of it. */
static void refuse_version(struct vmi_candidate *candidate, enum vmi_reason reason, bool minor,
			   uint32_t found, uint32_t expected)
{
	if (candidate->abi && minor)
		vmi_refuse(candidate, reason, VMI_FIELD(vrom_abi, minor, candidate->abi), found,
			   expected);
	else if (candidate->abi)
		vmi_refuse(candidate, reason, VMI_FIELD(vrom_abi, major, candidate->abi), found,
			   expected);
	else if (minor)
		vmi_refuse(candidate, reason, VMI_FIELD(vrom_header, api_version_min, 0), found,
			   expected);
	else
		vmi_refuse(candidate, reason, VMI_FIELD(vrom_header, api_version_maj, 0), found,
			   expected);
}

/* The version in which a candidate would be used. */
static uint32_t common_version(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	return version(candidate->major, vmi_common_minor(load, candidate));
}

/* The end of the command line's versions that `used` lies beyond, or `used`. */
static uint32_t allowed_version(const struct vmi_overrides *o, uint32_t used)
{
	uint32_t low = o->min.given ? version(o->min.major, o->min.minor) : 0;
	uint32_t high = o->max.given ? version(o->max.major, o->max.minor) : UINT32_MAX;

	return vmi_clamp(used, low, high);
}

void vmi_apply_overrides(struct vmi_load *load)
{
	const struct vmi_overrides *o = &load->overrides;

	for (size_t i = 0; i < load->candidate_count; i++) {
		struct vmi_candidate *candidate = &load->candidates[i];
		uint32_t used, allowed, oldest;

		if (!candidate->usable)
			continue;
		used = common_version(load, candidate);
		allowed = allowed_version(o, used);
		/* The command line narrows the loader's range and never widens it. */
		oldest = version(candidate->major, vmi_range_of(load, candidate->major)->minor_min);
		if (allowed == used && used < oldest)
			allowed = oldest;
		if (used < oldest && candidate->directory.reason != VMI_OK)
			vmi_refuse(candidate, candidate->directory.reason,
				   candidate->directory.field,
				   (uint32_t)(candidate->directory.where - candidate->base),
				   candidate->directory.found, candidate->directory.expected);
		else if (allowed != used)
			refuse_version(candidate, VMI_E_OVERRIDE_VERSION, false, used, allowed);
		else if (o->any_rom && candidate->base != o->rom)
			vmi_refuse(candidate, VMI_E_OVERRIDE_ROM, NULL, 0, candidate->base, o->rom);
	}
}

int vmi_best(const struct vmi_load *load)
{
	int best = -1;

	/* By rising address, so that of equals the first one stays. */
	for (size_t i = 0; i < load->candidate_count; i++) {
		const struct vmi_candidate *candidate = &load->candidates[i];

		if (candidate->usable &&
		    (best < 0 || common_version(load, candidate) >
				 common_version(load, &load->candidates[best])))
			best = (int)i;
	}
	return best;
}

void vmi_choose(struct vmi_load *load, int chosen)
{
	const struct vmi_candidate *best = &load->candidates[chosen];

	load->chosen = chosen;
	load->minor = vmi_common_minor(load, best);
	for (size_t i = 0; i < load->candidate_count; i++) {
		struct vmi_candidate *other = &load->candidates[i];

		if (!other->usable || other == best)
			continue;
		if (other->major != best->major)
			refuse_version(other, VMI_E_NOT_BEST, false, other->major, best->major);
		else if (vmi_common_minor(load, other) < load->minor)
			refuse_version(other, VMI_E_NOT_BEST, true, other->minor, load->minor);
		else
			vmi_refuse(other, VMI_E_NOT_BEST, NULL, 0, other->base, best->base);
		other->usable = true;
	}
}
