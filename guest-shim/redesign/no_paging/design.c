// SPDX-License-Identifier: GPL-2.0-only
/* No guest page tables: CR0.PG is never set, and no MMU call has a user. */
#include "design.h"
#include "memory.h"

const char design_name[] = "no-paging";
const struct design_slot design_slots[] = { { NULL, NULL, 0, NULL } };

const char *design_no_user(const char *slot)
{
	static const char *const mmu[] = {
		"pv_mmu_ops.", "pv_pae_ops.", "vmi_ops.set_pxe", "vmi_ops.update_pxe",
		"vmi_ops.set_linear_mapping", "vmi_ops.set_mapping", "vmi_ops.machine_to_physical",
		"vmi_ops.physical_to_machine",
	};

	for (size_t i = 0; i < sizeof(mmu) / sizeof(mmu[0]); i++)
		if (starts_with(slot, mmu[i]))
			return "there are no page tables";
	return NULL;
}
