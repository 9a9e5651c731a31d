// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Negotiate: the newest minor wins, then the lowest address. Majors are equal by then. */
#include "internal.h"

uint8_t vmi_common_minor(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	uint8_t known = load->range.minor_max;

	return candidate->minor < known ? candidate->minor : known;
}

int vmi_best(const struct vmi_load *load)
{
	int best = -1;

	/* By rising address, so that of equals the first one stays. */
	for (size_t i = 0; i < load->candidate_count; i++) {
		const struct vmi_candidate *candidate = &load->candidates[i];

		if (candidate->usable &&
		    (best < 0 || vmi_common_minor(load, candidate) >
				 vmi_common_minor(load, &load->candidates[best])))
			best = (int)i;
	}
	return best;
}

void vmi_choose(struct vmi_load *load, int chosen)
{
	const struct vmi_candidate *best = &load->candidates[chosen];
	uint8_t minor = vmi_common_minor(load, best);

	load->chosen = chosen;
	load->minor = minor;
	for (size_t i = 0; i < load->candidate_count; i++) {
		struct vmi_candidate *other = &load->candidates[i];

		if (!other->usable || other == best)
			continue;
		if (vmi_common_minor(load, other) < minor)
			vmi_refuse(other, VMI_E_NOT_BEST,
				   VMI_FIELD(vrom_header, api_version_min, 0), other->minor, minor);
		else
			vmi_refuse(other, VMI_E_NOT_BEST, NULL, 0, other->base, best->base);
		other->usable = true;
	}
}
