// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Near trampolines, for 64-bit sites whose target is out of reach of a 32-bit displacement: a
 * jump through the quadword behind it, in the area that the guest keeps beside its text. What is
 * there stays: no site that leads to one can be left with another target.
 */
#include "patch_internal.h"

/* jmp [rip+2]; ud2; then the target. */
static const uint8_t jump[] = { 0xFF, 0x25, 0x02, 0x00, 0x00, 0x00, 0x0F, 0x0B };
#define TARGET_AT ((uint32_t)sizeof(jump))
_Static_assert(sizeof(jump) + sizeof(uint64_t) == VMI_TRAMPOLINE_SIZE, "vmi_patch.h");

static vmi_virt_t place(const struct vmi_patch *patch, uint32_t index)
{
	return patch->trampolines + (vmi_virt_t)index * VMI_TRAMPOLINE_SIZE;
}

/* Result: whether there is one, and its target. */
static bool read_one(const struct vmi_patch *patch, uint32_t index, vmi_virt_t *target)
{
	const struct vmi_text *text = patch->text;
	uint8_t bytes[VMI_TRAMPOLINE_SIZE];

	if (!text->read(text->context, place(patch, index), bytes, sizeof(bytes)) ||
	    !vmi_same(bytes, jump, sizeof(jump)))
		return false;
	*target = 0;
	for (uint32_t i = 0; i < sizeof(*target); i++)
		*target |= (vmi_virt_t)bytes[TARGET_AT + i] << (8 * i);
	return true;
}

static bool write_one(const struct vmi_patch *patch, uint32_t index, vmi_virt_t target)
{
	const struct vmi_text *text = patch->text;
	uint8_t bytes[VMI_TRAMPOLINE_SIZE];
	vmi_virt_t found;

	for (uint32_t i = 0; i < sizeof(jump); i++)
		bytes[i] = jump[i];
	for (uint32_t i = 0; i < sizeof(target); i++)
		bytes[TARGET_AT + i] = (uint8_t)(target >> (8 * i));
	return text->write(text->context, place(patch, index), bytes, sizeof(bytes)) &&
	       read_one(patch, index, &found) && found == target;
}

vmi_virt_t vmi_trampoline(const struct vmi_patch *patch, vmi_virt_t from, vmi_virt_t target)
{
	uint32_t room = patch->long_mode ? patch->trampoline_bytes / VMI_TRAMPOLINE_SIZE : 0;
	vmi_virt_t found;
	uint32_t i;

	for (i = 0; i < room && read_one(patch, i, &found); i++)
		if (found == target)
			break;
	if (i == room || vmi_branch_reach(from, place(patch, i), true) != place(patch, i))
		return 0;
	/* Either this one is the target's, or it is the first free one. */
	if (read_one(patch, i, &found) || write_one(patch, i, target))
		return place(patch, i);
	return 0;
}
