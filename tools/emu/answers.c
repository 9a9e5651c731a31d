/* SPDX-License-Identifier: GPL-2.0-only */
/* VMI_Init and GetRelocationInfo: what an image answers, and whether it may. */
#include <stdio.h>
#include <string.h>

#include "emu/lane_internal.h"
#include "emu/slots.h"
#include "romfile/romfile.h"

#define SLOT(number) (VROM_SLOT_TABLE + (number)*VROM_SLOT_SIZE)

/* Calls what lies at an offset as emu_call_slot() does, and judges what it did. */
static bool call_slot(struct emu *emu, uint64_t base, uint32_t offset, uint32_t input,
		      unsigned int turn, struct emu_result *result, struct lane_finding *finding)
{
	struct emu_slot_call call;
	const struct emu_start *start = &call.start;

	emu_call_slot(emu, base + offset, input, turn, LANE_LIMIT, &call);
	*result = call.result;

	const uint64_t *v = result->state.value;
	unsigned int width = emu_width(emu);
	if (result->end == EMU_BROKEN)
		return lane_find(finding, LANE_BROKEN, "Unicorn error %u",
				 (unsigned int)result->address);
	if (result->end == EMU_WROTE_IMAGE)
		return lane_find(finding, LANE_IMAGE, "asked %#x: a write to image offset %#x",
				 input, (uint32_t)(result->address - base));
	if (result->end == EMU_FAULTED)
		return lane_find(finding, LANE_FAULT,
				 "asked %#x: found vector %u at %s %#llx, expected a return", input,
				 result->vector, emu_field_name(width, EMU_EIP),
				 (unsigned long long)v[EMU_EIP]);
	if (result->end != EMU_LANDED || v[EMU_EIP] != EMU_SLOT_RETURN)
		return lane_find(finding, LANE_END,
				 "asked %#x: found %s at %s %#llx, expected a return", input,
				 emu_end_names[result->end], emu_field_name(width, EMU_EIP),
				 (unsigned long long)v[EMU_EIP]);
	if (v[EMU_ESP] != start->gpr[EMU_ESP] + width / 8)
		return lane_find(finding, LANE_ESP, "asked %#x: %s: found %#llx, expected %#llx",
				 input, emu_field_name(width, EMU_ESP),
				 (unsigned long long)v[EMU_ESP],
				 (unsigned long long)(start->gpr[EMU_ESP] + width / 8));
	for (unsigned int i = 0; i < emu_gprs(width); i++)
		if (i != EMU_ESP && !(emu_slot_clobbers(width) & 1u << i) && v[i] != start->gpr[i])
			return lane_find(finding, LANE_REGISTER,
					 "asked %#x: %s: found %#llx, expected %#llx", input,
					 emu_field_name(width, i), (unsigned long long)v[i],
					 (unsigned long long)start->gpr[i]);
	if (width != 64)
		return true;
	/* What 4.0 says of every call, and 3.0 does not. */
	if (emu_lost(&call) & EMU_LOST_FLAGS)
		return lane_find(finding, LANE_FLAGS,
				 "asked %#x: rflags: found %#llx, expected IF and DF of %#llx", input,
				 (unsigned long long)v[EMU_EFLAGS],
				 (unsigned long long)start->eflags);
	if (emu_lost(&call) & (EMU_LOST_ABOVE | EMU_LOST_SEGMENTS | EMU_LOST_SYSTEM))
		return lane_find(finding, LANE_STACK,
				 "asked %#x: the caller's stack, a segment or a system register was "
				 "changed", input);
	return !result->below ||
	       lane_find(finding, LANE_STACK, "asked %#x: bytes below rsp used at image offset %#x",
			 input, (uint32_t)(result->below_at - base));
}

/* Does 64-bit code at that offset begin as a guest with IBT wants it? */
static bool check_endbr(const struct lane_options *o, const char *what, uint64_t offset,
			struct lane_finding *finding)
{
	const uint32_t endbr64 = VROM_ENDBR64;

	if (o->width != 64 || (offset <= o->size - sizeof(endbr64) &&
			       !memcmp(o->image + offset, &endbr64, sizeof(endbr64))))
		return true;
	return lane_find(finding, LANE_ANSWER, "%s at image offset %#llx: expected ENDBR64 there", what,
			 (unsigned long long)offset);
}

bool lane_ask_init(struct emu *emu, uint64_t base, const struct lane_options *o, uint32_t *answer,
		   struct lane_finding *finding)
{
	uint32_t at = SLOT(VROM_SLOT_INIT);
	struct vrom_directory d;
	struct emu_result result;

	if (o->width == 64 && lane_directory(o->image, o->size, o->width, &d))
		at = d.init_offs;
	if (!check_endbr(o, "VMI_Init", at, finding) ||
	    !call_slot(emu, base, at, 0, 0, &result, finding))
		return false;
	*answer = (uint32_t)result.state.value[EMU_EAX];
	return result.state.value[EMU_EAX] == *answer ||
	       lane_find(finding, LANE_ANSWER, "rax: found %#llx, expected 32 bits",
			 (unsigned long long)result.state.value[EMU_EAX]);
}

struct answer {
	uint64_t address, kind; /* EAX, EDX */
};

static bool has_entry(const struct answer *a)
{
	return a->kind == VMI_RELOCATION_CALL_REL || a->kind == VMI_RELOCATION_JUMP_REL;
}

static bool check_answer(uint64_t base, const struct lane_options *o, uint32_t number,
			 const struct answer *a, struct lane_finding *finding)
{
	const struct lane_abi *abi = lane_abi(o->width);
	bool known = number < abi->calls && !abi->call[number].reserved;
	unsigned int allowed = known ? abi->call[number].answers : 1u << VMI_RELOCATION_NONE;
	const struct vrom_header *h = (const void *)o->image;
	uint32_t first = SLOT(h->jump_slots);
	char what[32];

	if (a->kind > UINT8_MAX)
		return lane_find(finding, LANE_ANSWER,
				 "number %#x: %s: found %#llx, expected 0 above dl", number,
				 emu_field_name(o->width, EMU_EDX), (unsigned long long)a->kind);
	if (a->kind >= VMI_RELOCATIONS || !(allowed >> a->kind & 1))
		return lane_find(finding, LANE_ANSWER,
				 "number %#x: type: found %u, expected one of mask %#x", number,
				 (unsigned int)a->kind, allowed);
	if (!has_entry(a))
		return true;
	if (a->address < base + first || a->address - base >= o->size)
		return lane_find(finding, LANE_ANSWER,
				 "number %#x: address: found %#llx, expected %#llx to %#llx", number,
				 (unsigned long long)a->address, (unsigned long long)(base + first),
				 (unsigned long long)(base + o->size - 1));
	snprintf(what, sizeof(what), "number %#x: entry", number);
	return check_endbr(o, what, a->address - base, finding);
}

/* What the slot's GetRelocationInfo knows is asked there first, then at the directory's. */
static bool ask_once(struct emu *emu, uint64_t base, const struct lane_options *o,
		     uint32_t number, unsigned int turn, struct answer *a,
		     struct lane_finding *finding)
{
	bool known = number < VROM_CALLS_BY_SLOT || number >= VMI_CALLS;
	uint32_t at = known && !turn ? SLOT(VROM_SLOT_GET_RELOC) : romfile_get_reloc(o->image, o->size);

	struct vrom_directory d;
	struct emu_result result;

	if (o->width == 64 && lane_directory(o->image, o->size, o->width, &d))
		at = d.get_reloc_offs;
	if (!check_endbr(o, "GetRelocationInfo", at, finding) ||
	    !call_slot(emu, base, at, number, turn, &result, finding))
		return false;
	*a = (struct answer){ result.state.value[EMU_EAX], result.state.value[EMU_EDX] };
	return true;
}

bool lane_ask(struct emu *emu, uint64_t base, const struct lane_options *o, uint32_t number,
	      struct lane_answer *answer, struct lane_finding *finding)
{
	struct answer first, again;

	if (!ask_once(emu, base, o, number, 0, &first, finding) ||
	    !check_answer(base, o, number, &first, finding) ||
	    !ask_once(emu, base, o, number, 1, &again, finding))
		return false;
	if (memcmp(&first, &again, sizeof(first)))
		return lane_find(finding, LANE_POSITION,
				 "number %#x: asked again: found %#llx type %u, expected %#llx type %u",
				 number, (unsigned long long)again.address, (uint8_t)again.kind,
				 (unsigned long long)first.address, (uint8_t)first.kind);
	*answer = (struct lane_answer){ (uint8_t)first.kind,
					has_entry(&first) ? (uint32_t)(first.address - base) : 0 };
	return true;
}
