// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every slot of this kernel became over the ROM, one line each (docs/redesigns.md):
 *
 *   became SLOT bound|native|adapter|no-such-call CALL|- lines=N [# WORDS]
 *   became-sum DESIGN bound=N native=N adapter=N no-such-call=N lines=N
 *
 * bound: the ROM's entry stands in the slot, or bytes of its. adapter: a wrapper of this kernel's
 * does, `lines` long, which calls the ROM. native: the processor's own instruction.
 * no-such-call: the version in use has no call for it.
 */
#include "binding.h"
#include "console.h"
#include "design.h"
#include "glue.h"
#include "load.h"
#include "memory.h"
#include "test.h"

/* What glue a slot has if it is called (CALL_REL), or ever. */
#define NO_GLUE(id, ...) [SLOT_##id] = 0,
#define SOME_GLUE(id, ...) [SLOT_##id] = GLUE_##id,
static const uint8_t glue[SLOT_COUNT] = { PV_SLOTS(SOME_GLUE, NO_GLUE, SOME_GLUE, NO_GLUE) };

enum became { BOUND, NATIVE, ADAPTER, NO_SUCH_CALL, KINDS };
static const char *const names[KINDS] = { "bound", "native", "adapter", "no-such-call" };
static unsigned counts[KINDS], lines;

static void say(const char *slot, enum became kind, const char *call, unsigned glue_lines,
		const char *why)
{
	counts[kind]++;
	lines += glue_lines;
	printf("became %s %s %s lines=%u%s%s\n", slot, names[kind], call ? call : "-", glue_lines,
	       why ? " # " : "", why ? why : "");
}

/* The ROM serves the row: through a wrapper, if that stands in the slot. */
static void say_served(size_t row)
{
	const struct vmi_slot *slot = &binding_slots[row];
	bool wrapped = binding_wrapper(row) && binding_pointer(row) == binding_wrapper(row);

	say(slot->name, wrapped ? ADAPTER : BOUND, vmi_calls[slot->call].name,
	    wrapped ? glue[row] : 0, NULL);
}

static void say_row(size_t row)
{
	const struct vmi_slot *slot = &binding_slots[row];
	const struct vmi_binding *binding = &load_result()->bindings[row];
	const char *call = slot->call < 0 ? NULL : vmi_calls[slot->call].name;
	const char *no_user = design_no_user(slot->name);

	if (no_user)
		say(slot->name, NATIVE, NULL, 0, no_user);
	else if (binding->kind != VMI_BIND_NATIVE)
		say_served(row);
	else if (binding->reason == VMI_E_NO_CALL)
		say(slot->name, NO_SUCH_CALL, call, 0, NULL);
	else
		say(slot->name, NATIVE, call, 0, vmi_reason_name(binding->reason));
}

/* Whether the ROM serves a call, by any row that asks for it. */
static bool served(const char *call)
{
	for (size_t row = 0; row < SLOT_COUNT; row++)
		if (binding_slots[row].call >= 0 && equal(vmi_calls[binding_slots[row].call].name, call) &&
		    load_result()->bindings[row].kind != VMI_BIND_NATIVE)
			return true;
	return false;
}

TEST(say_all, "design.slots")
{
	unsigned all = 0, extra = 0;

	for (size_t row = 0; row < SLOT_COUNT; row++)
		say_row(row);
	for (const struct design_slot *s = design_slots; s->slot; s++, extra++)
		if (!s->call)
			say(s->slot, NO_SUCH_CALL, NULL, 0, s->why);
		else if (served(s->call))
			say(s->slot, ADAPTER, s->call, s->lines, s->why);
		else
			say(s->slot, NATIVE, s->call, 0, s->why);
	printf("became-sum %s", design_name);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		printf(" %s=%u", names[kind], counts[kind]);
		all += counts[kind];
	}
	printf(" lines=%u\n", lines);
	CHECK_EQ("slots that became something", all, SLOT_COUNT + extra);
}
