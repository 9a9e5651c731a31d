// SPDX-License-Identifier: GPL-2.0-only
/* Questions to the ROM: a C call whose 64-bit result is taken for a structure. */
#include "rom.h"

typedef uint64_t get_reloc_fn(uint32_t call);

static union answer {
	uint64_t value;
	struct vmi_relocation_info info;
} first[256];
static bool asked[256];
uint32_t rom_questions, rom_contradictions;

struct vmi_relocation_info rom_ask(uint32_t call)
{
	union answer answer = { .value = ((get_reloc_fn *)(uint32_t)rom->get_reloc)(call) };

	__sync_fetch_and_add(&rom_questions, 1);
	if (call < 256) {
		if (asked[call] && first[call].value != answer.value)
			__sync_fetch_and_add(&rom_contradictions, 1);
		first[call] = answer;
		asked[call] = true;
	}
	return answer.info;
}

void *rom_function(uint32_t call)
{
	struct vmi_relocation_info answer = rom_ask(call);

	return answer.type == VMI_RELOCATION_CALL_REL ? (void *)answer.eip : NULL;
}
