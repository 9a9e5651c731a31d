// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Ask, of a ROM with a directory: its table is believed while the rows are decided, then the
 * ROM is asked once for what would be bound by address. So all questions stand behind one
 * another, and a guest may guard them as one.
 */
#include "internal.h"

void vmi_ask_later(struct vmi_load *load, const struct vmi_candidate *candidate, int call)
{
	struct vmi_registers said;

	vmi_capability_answer(load, candidate, call, &said);
	if (said.eax || load->overrides.verify)
		load->pending[load->pending_count++] = (uint8_t)call;
	load->answers[call] = vmi_judge(load, candidate, call, &said);
}

bool vmi_ask_pending(struct vmi_load *load, struct vmi_candidate *candidate, bool *changed)
{
	struct vmi_registers answers[VMI_CALLS_MAX], said;
	uint32_t asked;
	bool good = vmi_ask_each(load, candidate, load->pending, load->pending_count, answers, &asked);

	*changed = false;
	for (uint32_t i = 0; good && i < asked; i++) {
		int call = load->pending[i];
		const struct vmi_binding *taken = &load->answers[call];

		if (taken->kind == VMI_BIND_ROM && answers[i].eax == taken->address &&
		    answers[i].edx == taken->type)
			continue;
		vmi_capability_answer(load, candidate, call, &said);
		good = vmi_capability_agrees(load, candidate, call, &said, &answers[i]);
		if (answers[i].edx != said.edx || answers[i].eax != said.eax) {
			load->answers[call] = vmi_judge(load, candidate, call, &answers[i]);
			*changed = true;
		}
	}
	load->pending_count = 0;
	return good;
}
