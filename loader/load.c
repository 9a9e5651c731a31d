// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The whole way: probe (with validate), negotiate, init, ask, bind, install. */
#include "internal.h"

#define ADDRESS_END 0x100000000ull /* the answers of a 32-bit ROM have 32 bits */
#define CANONICAL_BITS 56 /* below the sign, with five levels of tables */

/* Notes a number of the window that is not what it should be. */
static bool agree(struct vmi_load *load, uint64_t found, uint64_t expected)
{
	if (found == expected)
		return true;
	load->reason_found = found;
	load->reason_expected = expected;
	return false;
}

/* The nearest address to `virt` where the guest can map `size` bytes. */
static vmi_virt_t mappable(const struct vmi_load *load, vmi_virt_t virt, uint32_t size)
{
	const vmi_virt_t lower_end = (vmi_virt_t)1 << CANONICAL_BITS;
	const vmi_virt_t upper = ~(lower_end - 1);

	if (!load->long_mode)
		return virt < ADDRESS_END - size ? virt : ADDRESS_END - size;
	if (virt >= upper)
		return virt < -(vmi_virt_t)size ? virt : -(vmi_virt_t)size;
	return virt < lower_end - size ? virt : lower_end - size;
}

static bool good_window(struct vmi_load *load)
{
	const struct vmi_window *window = &load->window;
	uint32_t size = vmi_clamp(window->size - window->size % VROM_WINDOW_STEP, VROM_WINDOW_STEP,
				  VMI_MAX_CANDIDATES * VROM_WINDOW_STEP);
	uint64_t highest = ADDRESS_END - size;
	vmi_phys_t base = window->base - window->base % VROM_WINDOW_STEP;

	return agree(load, window->size, size) &&
	       agree(load, window->base, base < highest ? base : highest) &&
	       agree(load, window->virt, mappable(load, window->virt, size));
}

/* Finds a ROM that works. Result: VMI_OK, or why there is none. */
static enum vmi_reason find_rom(struct vmi_load *load)
{
	const struct vmi_candidate *declined = NULL;
	int best;

	vmi_probe(load);
	vmi_apply_overrides(load);
	while ((best = vmi_best(load)) >= 0) {
		struct vmi_candidate *candidate = &load->candidates[best];

		if (vmi_init_rom(load, candidate) && vmi_bind(load, candidate)) {
			vmi_choose(load, best);
			return VMI_OK;
		}
		if (!declined)
			declined = candidate;
	}
	if (!declined)
		return load->candidate_count ? VMI_E_NO_CANDIDATE : VMI_E_NO_ROM;
	load->reason_found = declined->found;
	load->reason_expected = declined->expected;
	return declined->reason;
}

enum vmi_reason vmi_load(struct vmi_load *load)
{
	const struct vmi_platform *platform = load->platform;

	load->candidate_count = 0;
	load->chosen = -1;
	load->minor = 0;
	load->update_flags = 0;
	load->reason_found = load->reason_expected = 0;
	if (!good_window(load))
		load->reason = VMI_E_WINDOW;
	else if (vmi_bad_row(load) < load->slot_count)
		load->reason = VMI_E_TABLE;
	else if (load->overrides.off)
		load->reason = VMI_E_OFF;
	else
		load->reason = find_rom(load);
	if (load->chosen < 0)
		vmi_bind_native(load);
	for (size_t row = 0; row < load->slot_count; row++)
		platform->install(platform->context, row, &load->slots[row],
				  &load->bindings[row]);
	return load->reason;
}
