/* SPDX-License-Identifier: GPL-2.0-only */
/* VMI_Init and GetRelocationInfo: what an image answers, and whether it may. */
#include <string.h>

#include "emu/lane_internal.h"
#include "emu/slots.h"
#include "romfile/romfile.h"

#define SLOT(number) (VROM_SLOT_TABLE + (number)*VROM_SLOT_SIZE)
#define STANDARD (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX)

/* Calls what lies at an offset as emu_call_slot() does, and judges what it did. */
static bool call_slot(struct emu *emu, uint32_t base, uint32_t offset, uint32_t input,
		      unsigned int turn, struct emu_result *result, struct lane_finding *finding)
{
	struct emu_slot_call call;
	const struct emu_start *start = &call.start;

	emu_call_slot(emu, base + offset, input, turn, LANE_LIMIT, &call);
	*result = call.result;

	const uint64_t *v = result->state.value;
	if (result->end == EMU_BROKEN)
		return lane_find(finding, LANE_BROKEN, "Unicorn error %u", result->address);
	if (result->end == EMU_WROTE_IMAGE)
		return lane_find(finding, LANE_IMAGE, "asked %#x: a write to image offset %#x",
				 input, result->address - base);
	if (result->end == EMU_FAULTED)
		return lane_find(finding, LANE_FAULT,
				 "asked %#x: found vector %u at eip %#x, expected a return", input,
				 result->vector, (uint32_t)v[EMU_EIP]);
	if (result->end != EMU_LANDED || v[EMU_EIP] != EMU_SLOT_RETURN)
		return lane_find(finding, LANE_END,
				 "asked %#x: found %s at eip %#x, expected a return", input,
				 emu_end_names[result->end], (uint32_t)v[EMU_EIP]);
	if (v[EMU_ESP] != start->gpr[EMU_ESP] + 4)
		return lane_find(finding, LANE_ESP, "asked %#x: esp: found %#x, expected %#x",
				 input, (uint32_t)v[EMU_ESP], start->gpr[EMU_ESP] + 4);
	for (unsigned int i = 0; i < EMU_GPRS; i++)
		if (i != EMU_ESP && !(STANDARD & 1u << i) && v[i] != start->gpr[i])
			return lane_find(finding, LANE_REGISTER,
					 "asked %#x: %s: found %#x, expected %#x", input,
					 emu_field_names[i], (uint32_t)v[i], start->gpr[i]);
	return true;
}

bool lane_ask_init(struct emu *emu, uint32_t base, uint32_t *answer, struct lane_finding *finding)
{
	struct emu_result result;

	if (!call_slot(emu, base, SLOT(VROM_SLOT_INIT), 0, 0, &result, finding))
		return false;
	*answer = (uint32_t)result.state.value[EMU_EAX];
	return true;
}

static bool check_answer(uint32_t base, const struct lane_options *o, uint32_t number,
			 const struct vmi_relocation_info *info, struct lane_finding *finding)
{
	bool known = number < VMI_CALLS && !vmi_calls[number].reserved;
	unsigned int allowed = known ? vmi_calls[number].answers : 1u << VMI_RELOCATION_NONE;
	const struct vrom_header *h = (const void *)o->image;
	uint32_t first = SLOT(h->jump_slots);

	if (info->reserved[0] | info->reserved[1] | info->reserved[2])
		return lane_find(finding, LANE_ANSWER,
				 "number %#x: edx: found %#x, expected 0 above dl", number,
				 (uint32_t)info->type | (uint32_t)info->reserved[0] << 8 |
					 (uint32_t)info->reserved[1] << 16 |
					 (uint32_t)info->reserved[2] << 24);
	if (info->type >= VMI_RELOCATIONS || !(allowed >> info->type & 1))
		return lane_find(finding, LANE_ANSWER,
				 "number %#x: type: found %u, expected one of mask %#x", number,
				 info->type, allowed);
	if (info->type != VMI_RELOCATION_CALL_REL && info->type != VMI_RELOCATION_JUMP_REL)
		return true;
	if (info->eip < base + first || info->eip - base >= o->size)
		return lane_find(finding, LANE_ANSWER,
				 "number %#x: address: found %#x, expected %#x to %#x", number,
				 info->eip, base + first, (uint32_t)(base + o->size - 1));
	return true;
}

/* What the slot's GetRelocationInfo knows is asked there first, then at the directory's. */
static bool ask_once(struct emu *emu, uint32_t base, const struct lane_options *o,
		     uint32_t number, unsigned int turn, struct vmi_relocation_info *info,
		     struct lane_finding *finding)
{
	bool known = number < VROM_CALLS_BY_SLOT || number >= VMI_CALLS;
	uint32_t at = known && !turn ? SLOT(VROM_SLOT_GET_RELOC) : romfile_get_reloc(o->image, o->size);

	struct emu_result result;

	if (!call_slot(emu, base, at, number, turn, &result, finding))
		return false;
	uint32_t words[2] = { (uint32_t)result.state.value[EMU_EAX],
			      (uint32_t)result.state.value[EMU_EDX] };
	memcpy(info, words, sizeof(*info));
	return true;
}

bool lane_ask(struct emu *emu, uint32_t base, const struct lane_options *o, uint32_t number,
	      struct lane_answer *answer, struct lane_finding *finding)
{
	struct vmi_relocation_info first, again;

	if (!ask_once(emu, base, o, number, 0, &first, finding) ||
	    !check_answer(base, o, number, &first, finding) ||
	    !ask_once(emu, base, o, number, 1, &again, finding))
		return false;
	if (memcmp(&first, &again, sizeof(first)))
		return lane_find(finding, LANE_POSITION,
				 "number %#x: asked again: found %#x type %u, expected %#x type %u",
				 number, again.eip, again.type, first.eip, first.type);
	bool entry = first.type == VMI_RELOCATION_CALL_REL || first.type == VMI_RELOCATION_JUMP_REL;
	*answer = (struct lane_answer){ first.type, entry ? first.eip - base : 0 };
	return true;
}
