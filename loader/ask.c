// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Init and ask: the two calls into the ROM. Each call number is asked for twice in
 * a row and never again, so that two rows with the same call cannot get different
 * answers, and no answer is used before it has been judged. A ROM with a directory has
 * said there what it will answer, so it is asked at most once, and must agree.
 */
#include "internal.h"

/* The jump slot that the loader calls. */
static vmi_virt_t slot_virt(const struct vmi_load *load, const struct vmi_candidate *candidate,
			    uint32_t slot)
{
	return vmi_image_virt(load, candidate) + VROM_SLOT_TABLE + slot * VROM_SLOT_SIZE;
}

/* Why a ROM is declined whose call ended so: `faulted`, or what it lost. */
static enum vmi_reason lost(enum vmi_call_status status, enum vmi_reason faulted)
{
	switch (status) {
	case VMI_CALL_LOST_STACK: return VMI_E_LOST_STACK;
	case VMI_CALL_LOST_REGISTERS: return VMI_E_LOST_REGISTERS;
	case VMI_CALL_LOST_FLAGS: return VMI_E_LOST_FLAGS;
	case VMI_CALL_LOST_SEGMENTS: return VMI_E_LOST_SEGMENTS;
	case VMI_CALL_LOST_SYSTEM: return VMI_E_LOST_SYSTEM;
	case VMI_CALL_EXPIRED: return VMI_E_CALL_TIME;
	default: return faulted;
	}
}

bool vmi_init_rom(const struct vmi_load *load, struct vmi_candidate *candidate)
{
	const struct vmi_platform *platform = load->platform;
	struct vmi_registers registers = { 0, 0 };
	enum vmi_call_status status = platform->init(
		platform->context, slot_virt(load, candidate, VROM_SLOT_INIT), &registers);

	if (status != VMI_CALL_RETURNED)
		return vmi_refuse(candidate, lost(status, VMI_E_INIT_CALL),
				  VMI_FIELD(vrom_header, vmi_init, 0), 0, 0);
	if (registers.eax != VMI_INIT_OK)
		return vmi_refuse(candidate, VMI_E_INIT, VMI_FIELD(vrom_header, vmi_init, 0),
				  registers.eax, VMI_INIT_OK);
	return true;
}

bool vmi_call_exists(int call)
{
	return call >= 0 && call < VMI_CALLS && !vmi_calls[call].reserved;
}

bool vmi_call_since(int call, uint8_t major, uint8_t minor)
{
	const struct vmi_call_info *info = &vmi_calls[call];

	return info->since_major < major ||
	       (info->since_major == major && info->since_minor <= minor);
}

static struct vmi_binding native(enum vmi_reason reason, uint64_t found, uint64_t expected)
{
	return (struct vmi_binding){ .kind = VMI_BIND_NATIVE, .reason = reason,
				     .found = found, .expected = expected };
}

/* What an answer means for a slot. */
static struct vmi_binding judge(const struct vmi_load *load,
				const struct vmi_candidate *candidate, int call,
				const struct vmi_registers *answer)
{
	uint8_t type = (uint8_t)answer->edx, allowed = vmi_calls[call].answers;
	uint32_t first = (uint32_t)vmi_image_virt(load, candidate);
	uint32_t last = first + candidate->length - 1, nearest;

	if (answer->edx != type)
		return native(VMI_E_RELOC_RESERVED, answer->edx, type);
	if (type >= VMI_RELOCATIONS)
		return native(VMI_E_RELOC_TYPE, type, VMI_RELOCATIONS - 1);
	if (type == VMI_RELOCATION_NONE)
		return native(VMI_E_CALL_NONE, 0, 0);
	if (!(allowed & 1 << type))
		return native(VMI_E_RELOC_FORBIDDEN, 1u << type, allowed);
	if (type == VMI_RELOCATION_NOP)
		return (struct vmi_binding){ .kind = VMI_BIND_NOP, .type = VMI_RELOCATION_NOP };
	nearest = vmi_clamp(answer->eax, first, last);
	if (answer->eax != nearest)
		return native(VMI_E_RELOC_RANGE, answer->eax, nearest);
	nearest = vmi_clamp(answer->eax, first + vmi_table_end(candidate), last);
	if (answer->eax != nearest)
		return native(VMI_E_RELOC_HEADER, answer->eax, nearest);
	return (struct vmi_binding){ .kind = VMI_BIND_ROM, .type = type, .address = answer->eax };
}

/* Asks once. Result: false if the ROM is declined. */
static bool ask_once(struct vmi_load *load, struct vmi_candidate *candidate, int call,
		     struct vmi_registers *answer)
{
	const struct vmi_platform *platform = load->platform;
	enum vmi_call_status status = platform->get_reloc(
		platform->context, slot_virt(load, candidate, VROM_SLOT_GET_RELOC),
		(uint32_t)call, answer);

	load->questions++;
	return status == VMI_CALL_RETURNED ||
	       vmi_refuse(candidate, lost(status, VMI_E_RELOC_CALL),
			  VMI_FIELD(vrom_header, get_reloc, 0), (uint64_t)call, VMI_CALLS);
}

/*
 * A call that is bound by address is asked for, and what the table says has to be the answer;
 * of another one the table is enough, but for vmi=verify.
 */
static bool ask_by_table(struct vmi_load *load, struct vmi_candidate *candidate, int call)
{
	struct vmi_registers said, answer;

	vmi_capability_answer(load, candidate, call, &said);
	answer = said;
	if ((said.eax || load->overrides.verify) &&
	    (!ask_once(load, candidate, call, &answer) ||
	     !vmi_capability_agrees(load, candidate, call, &said, &answer)))
		return false;
	load->answers[call] = judge(load, candidate, call, &answer);
	return true;
}

bool vmi_ask(struct vmi_load *load, struct vmi_candidate *candidate, int call)
{
	struct vmi_registers answer = { 0, 0 }, again = { 0, 0 };

	if (load->answers[call].reason != VMI_E_NO_BINDING)
		return true;
	if (vmi_overridden(load, call)) {
		load->answers[call] = native(VMI_E_OVERRIDE, 0, 0);
		return true;
	}
	if (candidate->directory.used)
		return ask_by_table(load, candidate, call);
	if (!ask_once(load, candidate, call, &answer) || !ask_once(load, candidate, call, &again))
		return false;
	if (answer.eax != again.eax || answer.edx != again.edx)
		return vmi_refuse(candidate, VMI_E_RELOC_CHANGED,
				  VMI_FIELD(vrom_header, get_reloc, 0), (uint64_t)call, VMI_CALLS);
	load->answers[call] = judge(load, candidate, call, &answer);
	return true;
}
