// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of capabilities: what a ROM of 3.1 says of a call before it is asked. */
#include "internal.h"

static uint32_t entry_offset(const struct vmi_candidate *candidate, int call)
{
	return candidate->directory.capabilities + (uint32_t)call * candidate->directory.size;
}

bool vmi_read_capabilities(struct vmi_load *load, struct vmi_candidate *candidate)
{
	const struct vmi_platform *platform = load->platform;
	const struct vmi_directory *d = &candidate->directory;
	uint32_t count = (uint32_t)vmi_load_abi(load)->call_count;
	uint32_t known = d->count < count ? d->count : count;
	bool packed = d->size == sizeof(load->capabilities[0]);

	for (uint32_t call = 0; call < count; call++)
		load->capabilities[call].kinds = load->capabilities[call].detail = 0;
	for (uint32_t call = 0; call < known; call += packed ? known : 1) {
		uint32_t offset = entry_offset(candidate, (int)call);
		uint32_t size = (packed ? known : 1) * sizeof(load->capabilities[0]);

		if (!platform->read(platform->context, candidate->base + offset,
				    &load->capabilities[call], size))
			return vmi_refuse(candidate, VMI_E_READ,
					  VMI_FIELD(vrom_capability, entry_offs, offset), 0, size);
	}
	return true;
}

void vmi_capability_answer(const struct vmi_load *load, const struct vmi_candidate *candidate,
			   int call, struct vmi_registers *answer)
{
	const struct vrom_capability *c = &load->capabilities[call];
	uint32_t type = c->detail & VROM_CAPABILITY_ANSWER;

	if (!(c->kinds & 1u << type))
		type = VMI_RELOCATION_NONE;
	*answer = (struct vmi_registers){ .edx = type };
	if (type != VMI_RELOCATION_NONE && type != VMI_RELOCATION_NOP)
		answer->eax = (uintptr_t)vmi_image_virt(load, candidate) + c->entry_offs;
}

bool vmi_capability_agrees(const struct vmi_load *load, struct vmi_candidate *candidate, int call,
			   const struct vmi_registers *said, const struct vmi_registers *answer)
{
	uint32_t offset;

	if (answer->edx == said->edx && (answer->eax == said->eax || !said->eax))
		return true;
	if (answer->edx == said->edx && vmi_backend_answers(load, call))
		return true;
	if (answer->edx == VMI_RELOCATION_NONE &&
	    (load->capabilities[call].kinds & VMI_CAPABILITY_CONDITIONAL))
		return true;
	offset = entry_offset(candidate, call);
	if (answer->edx != said->edx)
		return vmi_refuse(candidate, VMI_E_CAPABILITY,
				  VMI_FIELD(vrom_capability, detail, offset), answer->edx, said->edx);
	return vmi_refuse(candidate, VMI_E_CAPABILITY,
			  VMI_FIELD(vrom_capability, entry_offs, offset),
			  answer->eax - (uintptr_t)vmi_image_virt(load, candidate),
			  load->capabilities[call].entry_offs);
}

/* Which record of the directory's groups lists each call, from 1 on; 0: none does. */
static bool read_groups(const struct vmi_load *load, struct vmi_candidate *candidate,
			uint8_t listed[UINT8_MAX + 1])
{
	const struct vmi_platform *platform = load->platform;
	const struct vmi_directory *d = &candidate->directory;
	uint8_t byte, record = 0, left = 0;

	for (uint32_t i = 0; i < d->groups_size; i++) {
		if (!platform->read(platform->context, candidate->base + d->groups + i, &byte, 1))
			return vmi_refuse(candidate, VMI_E_READ, "vrom_directory.groups_offs",
					  d->groups + i, 0, 1);
		if (!left) {
			left = byte;
			record++;
		} else {
			listed[byte] = record;
			left--;
		}
	}
	return true;
}

bool vmi_groups_agree(const struct vmi_load *load, struct vmi_candidate *candidate)
{
	const struct vmi_abi *abi = vmi_load_abi(load);
	uint8_t listed[UINT8_MAX + 1] = { 0 }, minor = vmi_common_minor(load, candidate);

	if (!read_groups(load, candidate, listed))
		return false;
	for (int a = 0; a < abi->call_count; a++)
		for (int b = 0; b <= a; b++) {
			uint8_t group = abi->calls[a].group;
			bool bound = abi->groups[group].atomic && abi->calls[b].group == group;

			if (!vmi_call_exists(abi, a) ||
			    !vmi_call_since(abi, a, candidate->major, minor) ||
			    !vmi_call_exists(abi, b) ||
			    !vmi_call_since(abi, b, candidate->major, minor))
				continue;
			/* Of one call with itself: whether it is in a group at all. */
			if (bound != (listed[a] && listed[a] == listed[b]))
				return vmi_refuse(candidate, VMI_E_CAPABILITY,
						  "vrom_directory.groups_offs",
						  candidate->directory.groups, (uint64_t)a,
						  (uint64_t)b);
		}
	return true;
}
