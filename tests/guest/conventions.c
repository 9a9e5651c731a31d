// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every entry that can be called and comes back keeps what its clobber list in spec/
 * does not name: callee-saved registers, the stack pointer, the caller's arguments'
 * surroundings, segments and the direction flag.
 */
#include "binding.h"
#include "cpu.h"
#include "harmless.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

static void run_probe(void *probe)
{
	probe_run(probe);
}

static void check_row(size_t row)
{
	const struct vmi_slot *slot = &binding_slots[row];
	const struct vmi_call_info *call = &GUEST_ABI->calls[slot->call];
	struct probe p;
	struct trap_info trap;

	probe_init(&p, slot_entry[row]);
	for (unsigned i = 0; i < 4; i++)
		p.args[i] = 0;
	if (!harmless_arguments(slot->call, &p))
		return;
	bool trapped = trap_guard(run_probe, &p, &trap);

	if (!CHECK(!trapped, "%s: trap %u at 0x%08lx", slot->name, trap.regs.vector, (unsigned long)trap.regs.ip))
		return;
	const char *lost = probe_lost(&p, CALL_MAY_CHANGE(call));

	CHECK(!lost, "%s does not keep %s", slot->name, lost ? lost : "");
}

TEST(entries, "convention.entries")
{
	for (size_t row = 0; row < SLOT_COUNT; row++)
		if (binding_slots[row].call != VMI_SLOT_NO_CALL)
			check_row(row);
	raw_cli();
	load_tell(); /* Leave is among them */
}

/* Calls whose group does not promise flat segments at entry must not use DS or ES. */
TEST(segments, "convention.segments")
{
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		const struct vmi_slot *slot = &binding_slots[row];
		struct trap_info trap;
		struct probe p;

		if (slot->call == VMI_SLOT_NO_CALL || !GUEST_ABI->groups[GUEST_ABI->calls[slot->call].group].segments_any)
			continue;
		probe_init(&p, slot_entry[row]);
		if (!harmless_arguments(slot->call, &p))
			continue;
		p.segment = SEL_POISON;
		bool trapped = trap_guard(run_probe, &p, &trap);

		if (CHECK(!trapped, "%s uses DS or ES: trap %u at 0x%08lx", slot->name,
			  trap.regs.vector, (unsigned long)trap.regs.ip))
			CHECK(!probe_lost(&p, CALL_MAY_CHANGE(&GUEST_ABI->calls[slot->call])), "%s loses a register", slot->name);
	}
	raw_cli();
}
