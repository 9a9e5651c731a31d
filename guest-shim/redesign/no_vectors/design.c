// SPDX-License-Identifier: GPL-2.0-only
/*
 * No interrupt vectors: one common entry, by which nothing comes but the fact. The IDT is 256
 * times the same gate and is never edited.
 */
#include "apic.h"
#include "design.h"
#include "event.h"
#include "glue.h"
#include "memory.h"
#include "pv_ops.h"

const char design_name[] = "no-vectors";
const struct design_slot design_slots[] = {
	{ "pv_event_ops.apic", "APICRead", GLUE_event_apic, "which interrupt waits or is served" },
	{ "pv_event_ops.pic", NULL, 0, "port I/O to the 8259" },
	{ "pv_event_ops.entry", NULL, 0, "the one entry is 256 gates of an IDT" },
	{ NULL, NULL, 0, NULL },
};

const char *design_no_user(const char *slot)
{
	return equal(slot, "pv_cpu_ops.write_idt_entry") ? "no gate is ever edited" :
	       equal(slot, "pv_apic_ops.startup_ipi_hook") ||
	       equal(slot, "pv_mmu_ops.flush_tlb_others") ? "there is one processor" : NULL;
}

int glue_event_apic(uint32_t base)
{
	for (int word = 7; word >= 0 && apic_present(); word--) {
		uint32_t bits = pv_apic_ops.apic_read(base + 16 * (uint32_t)word);

		if (bits)
			return 32 * word + 31 - __builtin_clz(bits);
	}
	return -1;
}
