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

/* Declines a ROM for VMI_Init, or for GetRelocationInfo. */
static bool refuse_entry(struct vmi_candidate *candidate, bool init, enum vmi_reason reason,
			 uint64_t found, uint64_t expected)
{
	uint32_t directory = candidate->directory.at;

	if (candidate->abi && init)
		return vmi_refuse(candidate, reason, VMI_FIELD(vrom_directory, init_offs, directory),
				  found, expected);
	if (candidate->abi)
		return vmi_refuse(candidate, reason,
				  VMI_FIELD(vrom_directory, get_reloc_offs, directory), found,
				  expected);
	if (init)
		return vmi_refuse(candidate, reason, VMI_FIELD(vrom_header, vmi_init, 0), found,
				  expected);
	return vmi_refuse(candidate, reason, VMI_FIELD(vrom_header, get_reloc, 0), found, expected);
}

bool vmi_init_rom(const struct vmi_load *load, struct vmi_candidate *candidate)
{
	const struct vmi_platform *platform = load->platform;
	struct vmi_registers registers = { 0, 0 };
	/* Jump slots are of the ABI of the header. */
	vmi_virt_t entry = candidate->abi ?
				   vmi_image_virt(load, candidate) + candidate->directory.init :
				   slot_virt(load, candidate, VROM_SLOT_INIT);
	enum vmi_call_status status = platform->init(platform->context, entry, &registers);

	if (status != VMI_CALL_RETURNED)
		return refuse_entry(candidate, true, lost(status, VMI_E_INIT_CALL), 0, 0);
	if (registers.eax != VMI_INIT_OK)
		return refuse_entry(candidate, true, VMI_E_INIT, registers.eax, VMI_INIT_OK);
	return true;
}

/* vmi_clamp() for addresses. */
static uintptr_t clamp(uintptr_t value, uintptr_t low, uintptr_t high)
{
	return value < low ? low : value > high ? high : value;
}

struct vmi_binding vmi_judge(const struct vmi_load *load, const struct vmi_candidate *candidate,
			     int call, const struct vmi_registers *answer)
{
	uint8_t type = (uint8_t)answer->edx, allowed = vmi_load_abi(load)->calls[call].answers;
	uintptr_t first = (uintptr_t)vmi_image_virt(load, candidate);
	uintptr_t last = first + candidate->length - 1, nearest;
	uint32_t found;

	if (answer->edx != type)
		return vmi_keep_twin(VMI_E_RELOC_RESERVED, answer->edx, type);
	if (type >= VMI_RELOCATIONS)
		return vmi_keep_twin(VMI_E_RELOC_TYPE, type, VMI_RELOCATIONS - 1);
	if (type == VMI_RELOCATION_NONE)
		return vmi_keep_twin(VMI_E_CALL_NONE, 0, 0);
	if (!(allowed & 1 << type))
		return vmi_keep_twin(VMI_E_RELOC_FORBIDDEN, 1u << type, allowed);
	if (type == VMI_RELOCATION_NOP)
		return (struct vmi_binding){ .kind = VMI_BIND_NOP, .type = VMI_RELOCATION_NOP };
	nearest = clamp(answer->eax, first, last);
	if (answer->eax != nearest)
		return vmi_keep_twin(VMI_E_RELOC_RANGE, answer->eax, nearest);
	nearest = clamp(answer->eax, first + vmi_table_end(candidate), last);
	if (answer->eax != nearest)
		return vmi_keep_twin(VMI_E_RELOC_HEADER, answer->eax, nearest);
	if (candidate->abi && !vmi_endbr64(load, candidate, (uint32_t)(answer->eax - first), &found))
		return vmi_keep_twin(VMI_E_RELOC_ENDBR, found, VROM_ENDBR64);
	return (struct vmi_binding){ .kind = VMI_BIND_ROM, .type = type, .address = answer->eax };
}

bool vmi_ask_entry(struct vmi_load *load, struct vmi_candidate *candidate, vmi_virt_t entry,
		   uint32_t argument, int call, struct vmi_registers *answer)
{
	const struct vmi_platform *platform = load->platform;
	enum vmi_call_status status = platform->get_reloc(platform->context, entry, argument, answer);

	return status == VMI_CALL_RETURNED ||
	       refuse_entry(candidate, false, lost(status, VMI_E_RELOC_CALL), (uint64_t)call,
			    (uint64_t)vmi_load_abi(load)->call_count);
}

bool vmi_ask_each(struct vmi_load *load, struct vmi_candidate *candidate, const uint8_t *calls,
		  uint32_t count, struct vmi_registers *answers, uint32_t *asked)
{
	const struct vmi_platform *platform = load->platform;
	vmi_virt_t entry = candidate->directory.used ?
				   vmi_image_virt(load, candidate) + candidate->directory.get_reloc :
				   slot_virt(load, candidate, VROM_SLOT_GET_RELOC);
	enum vmi_call_status status = VMI_CALL_RETURNED;

	*asked = 0;
	if (count > 1 && platform->get_relocs)
		status = platform->get_relocs(platform->context, entry, calls, count, answers, asked);
	else
		while (*asked < count) {
			status = platform->get_reloc(platform->context, entry, calls[*asked],
						     &answers[*asked]);
			if (status != VMI_CALL_RETURNED)
				break;
			++*asked;
		}
	load->questions += *asked + (status != VMI_CALL_RETURNED);
	return status == VMI_CALL_RETURNED ||
	       refuse_entry(candidate, false, lost(status, VMI_E_RELOC_CALL), calls[*asked],
			    (uint64_t)vmi_load_abi(load)->call_count);
}

bool vmi_ask(struct vmi_load *load, struct vmi_candidate *candidate, int call)
{
	const uint8_t number = (uint8_t)call;
	struct vmi_registers answers[2] = { { 0, 0 }, { 0, 0 } };
	uint32_t asked;

	if (load->answers[call].reason != VMI_E_NO_BINDING)
		return true;
	if (vmi_overridden(load, call)) {
		load->answers[call] = vmi_keep_twin(VMI_E_OVERRIDE, 0, 0);
		return true;
	}
	if (candidate->directory.used) {
		vmi_ask_later(load, candidate, call);
		return true;
	}
	for (int i = 0; i < 2; i++)
		if (!vmi_ask_each(load, candidate, &number, 1, &answers[i], &asked))
			return false;
	if (answers[0].eax != answers[1].eax || answers[0].edx != answers[1].edx)
		return refuse_entry(candidate, false, VMI_E_RELOC_CHANGED, (uint64_t)call,
				    (uint64_t)vmi_load_abi(load)->call_count);
	load->answers[call] = vmi_judge(load, candidate, call, &answers[0]);
	return true;
}
