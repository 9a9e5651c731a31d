// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A copy of the ROM in use, elsewhere in the guest's address space. The guest copies and
 * maps; here is what it must know for that, and the window through which a second
 * vmi_load() checks the copy and binds to it.
 */
#include "internal.h"

#define ADDRESS_END 0x100000000ull

bool vmi_state_memory(const struct vmi_load *load, const struct vmi_candidate *rom,
		      vmi_phys_t *state, uint32_t *size)
{
	const struct vmi_platform *platform = load->platform;
	struct vrom_directory d;
	struct vrom_config config = { 0 }; /* what a shorter one has of it */

	/* The directory and the image were checked, but whoever could write there still can. */
	if (!rom->directory.used ||
	    !platform->read(platform->context, rom->base + rom->directory.at, &d, sizeof(d)) ||
	    d.config_offs > rom->length - VROM_CONFIG_LENGTH_MIN ||
	    !platform->read(platform->context, rom->base + d.config_offs, &config,
			    VROM_CONFIG_LENGTH_MIN))
		return false;
	*state = config.state;
	*size = d.state_size;
	return config.state && d.state_size && d.state_size <= ADDRESS_END - config.state;
}

bool vmi_copy_plan(const struct vmi_load *load, struct vmi_copy_plan *plan)
{
	const struct vmi_candidate *rom;
	vmi_phys_t state;
	uint32_t size;

	*plan = (struct vmi_copy_plan){ .length = 0 };
	if (load->chosen < 0)
		return false;
	rom = &load->candidates[load->chosen];
	plan->image = rom->base;
	plan->length = rom->length;
	plan->long_mode = load->long_mode;
	if ((rom->abi || load->minor >= VROM_DIRECTORY_MINOR) &&
	    vmi_state_memory(load, rom, &state, &size)) {
		plan->state = state;
		plan->state_size = size;
	}
	return true;
}

bool vmi_copy_window(const struct vmi_copy_plan *plan, vmi_virt_t virt, struct vmi_window *window)
{
	uint32_t size = (plan->length + VROM_WINDOW_STEP - 1) & ~(VROM_WINDOW_STEP - 1u);

	*window = (struct vmi_window){ .base = plan->image, .size = size, .virt = virt };
	return virt % PAGE_BYTES == 0 && (plan->long_mode || virt <= ADDRESS_END - size) &&
	       (virt - plan->image) % VROM_LINEAR_STEP != 0;
}
