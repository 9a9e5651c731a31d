// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Probe: every step of the window that holds 55AA becomes a candidate.
 *
 * No image hides a step behind it, not even a good one: a length is a claim,
 * and skipping by it would let one ROM make its neighbours disappear. If 55AA
 * stands by chance inside another image, that candidate is listed too, and the
 * same checks decide about it as about any other.
 */
#include "internal.h"

bool vmi_refuse(struct vmi_candidate *candidate, enum vmi_reason reason, const char *field,
		uint32_t offset, uint64_t found, uint64_t expected)
{
	candidate->usable = false;
	candidate->reason = reason;
	candidate->field = field;
	candidate->where = candidate->base + offset;
	candidate->found = found;
	candidate->expected = expected;
	return false;
}

void vmi_probe(struct vmi_load *load)
{
	const struct vmi_platform *platform = load->platform;

	/* One step, one candidate at most: the array holds every step of a good window. */
	for (uint32_t offset = 0; offset < load->window.size; offset += VROM_WINDOW_STEP) {
		struct vmi_candidate *candidate = &load->candidates[load->candidate_count];
		vmi_phys_t base = load->window.base + offset;
		uint16_t signature = 0;
		bool readable = platform->read(platform->context, base, &signature,
					       sizeof(signature));

		if (readable && signature != VROM_SIGNATURE)
			continue;
		*candidate = (struct vmi_candidate){ .base = base };
		load->candidate_count++;
		if (readable)
			candidate->usable = vmi_validate(load, candidate);
		else
			vmi_refuse(candidate, VMI_E_READ, VMI_FIELD(vrom_header, rom_signature, 0),
				   0, sizeof(signature));
	}
}
