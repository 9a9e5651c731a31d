/* SPDX-License-Identifier: GPL-2.0-only */
#include "emu/slots.h"

#include "vmi_abi.h"

#define ABOVE 8 /* words above the return address that a call without arguments must leave */
#define PATTERN 0x5AFE0000u

uint32_t emu_slot_clobbers(unsigned int width)
{
	uint32_t standard = VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX;

	return width != 64 ? standard :
			     standard | VMI_REG_ESI | VMI_REG_EDI | VMI_REG_R8 | VMI_REG_R9 |
				     VMI_REG_R10 | VMI_REG_R11;
}

static bool above_kept(struct emu *emu, uint64_t esp)
{
	uint32_t above = (uint32_t)esp + emu_width(emu) / 8;

	for (uint32_t i = 0; i < ABOVE; i++)
		if (emu_peek32(emu_ram(emu), above + 4 * i) != PATTERN + i)
			return false;
	return true;
}

void emu_call_slot(struct emu *emu, uint64_t entry, uint32_t input, unsigned int turn,
		   uint32_t limit, struct emu_slot_call *call)
{
	struct emu_start *start = &call->start;
	unsigned int width = emu_width(emu), gprs = emu_gprs(width);

	emu_start_plain(width, start);
	for (unsigned int i = 0; i < gprs; i++)
		if (i != EMU_ESP)
			start->gpr[i] = (width == 64 ? 0x5EED0BADC0DE0001u : 1) *
					(0xC0DE0001u * (i + 1 + turn * gprs));
	start->gpr[EMU_ESP] -= turn * 0x154;
	if (width == 64) /* its upper half is anything */
		start->gpr[EMU_EDI] = (uint64_t)turn << 63 | (uint64_t)turn << 32 | input;
	else
		start->gpr[EMU_EAX] = input;
	start->eip = entry;
	emu_ram_template(width, emu_ram(emu));
	emu_poke(emu_ram(emu), width, start->gpr[EMU_ESP], EMU_SLOT_RETURN);
	for (uint32_t i = 0; i < ABOVE; i++)
		emu_poke32(emu_ram(emu), (uint32_t)start->gpr[EMU_ESP] + width / 8 + 4 * i,
			   PATTERN + i);
	emu_run(emu, start, limit, &call->result);
	call->above_kept = above_kept(emu, start->gpr[EMU_ESP]);
}

/* As the guest does it (guest-shim/foreign.c): what may change is what the ABI says of C calls. */
unsigned int emu_lost(const struct emu_slot_call *call)
{
	const struct emu_setup *s = &call->start.setup;
	const uint64_t *v = call->result.state.value;
	unsigned int width = call->result.state.width, lost = 0;
	uint32_t may_change = emu_slot_clobbers(width);

	if (call->result.end != EMU_LANDED || v[EMU_EIP] != EMU_SLOT_RETURN)
		return EMU_LOST_RETURN;
	if (v[EMU_ESP] != call->start.gpr[EMU_ESP] + width / 8)
		lost |= EMU_LOST_STACK;
	for (unsigned int i = 0; i < emu_gprs(width); i++)
		if (i != EMU_ESP && !(may_change & 1u << i) && v[i] != call->start.gpr[i])
			lost |= EMU_LOST_REGISTERS;
	if ((v[EMU_EFLAGS] ^ call->start.eflags) & (EMU_FLAG_IF | EMU_FLAG_DF))
		lost |= EMU_LOST_FLAGS;
	if (v[EMU_DS] != s->ds || v[EMU_ES] != s->es || v[EMU_FS] != s->fs || v[EMU_GS] != s->gs)
		lost |= EMU_LOST_SEGMENTS;
	if (v[EMU_GDTR_BASE] != s->gdtr.base || v[EMU_GDTR_LIMIT] != s->gdtr.limit ||
	    v[EMU_IDTR_BASE] != s->idtr.base || v[EMU_IDTR_LIMIT] != s->idtr.limit ||
	    v[EMU_CR0] != s->cr0 || v[EMU_CR3] != s->cr3 || v[EMU_CR4] != s->cr4)
		lost |= EMU_LOST_SYSTEM;
	if (!call->above_kept)
		lost |= EMU_LOST_ABOVE;
	return lost;
}
