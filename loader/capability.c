// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of capabilities: what a ROM of 3.1 says of a call before it is asked. */
#include "internal.h"

#define ANSWER_MASK 0x0Fu /* of vrom_capability.detail */

static uint32_t entry_offset(const struct vmi_candidate *candidate, int call)
{
	return candidate->directory.capabilities + (uint32_t)call * candidate->directory.size;
}

bool vmi_capability(const struct vmi_load *load, struct vmi_candidate *candidate, int call,
		    struct vrom_capability *capability)
{
	const struct vmi_platform *platform = load->platform;
	uint32_t offset = entry_offset(candidate, call);

	*capability = (struct vrom_capability){ .kinds = 0 };
	if (call >= candidate->directory.count)
		return true;
	return platform->read(platform->context, candidate->base + offset, capability,
			      sizeof(*capability)) ||
	       vmi_refuse(candidate, VMI_E_READ, VMI_FIELD(vrom_capability, entry_offs, offset), 0,
			  sizeof(*capability));
}

/* The type and address that GetRelocationInfo must give. */
static void predicted(const struct vmi_load *load, const struct vmi_candidate *candidate,
		      const struct vrom_capability *c, uint32_t *type, vmi_virt_t *address)
{
	*type = c->kinds & 1u << (c->detail & ANSWER_MASK) ? c->detail & ANSWER_MASK : 0;
	*address = *type == VMI_RELOCATION_CALL_REL || *type == VMI_RELOCATION_JUMP_REL ?
			   vmi_image_virt(load, candidate) + c->entry_offs : 0;
}

bool vmi_capability_agrees(const struct vmi_load *load, struct vmi_candidate *candidate, int call,
			   const struct vmi_binding *answer)
{
	uint32_t offset = entry_offset(candidate, call), type;
	vmi_virt_t address;
	struct vrom_capability c;

	if (!vmi_capability(load, candidate, call, &c))
		return false;
	predicted(load, candidate, &c, &type, &address);
	if (answer->reason == VMI_E_CALL_NONE && (c.kinds & VMI_CAPABILITY_CONDITIONAL))
		return true;
	if (answer->type != type)
		return vmi_refuse(candidate, VMI_E_CAPABILITY,
				  VMI_FIELD(vrom_capability, detail, offset), answer->type, type);
	if (answer->address != address)
		return vmi_refuse(candidate, VMI_E_CAPABILITY,
				  VMI_FIELD(vrom_capability, entry_offs, offset), answer->address,
				  address);
	return true;
}
