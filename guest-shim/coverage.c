// SPDX-License-Identifier: GPL-2.0-only
/* Which calls the tests reached in the ROM. */
#include "coverage.h"
#include "binding.h"
#include "console.h"
#include "probe.h"
#include "rom_place.h"

static bool on;
static bool reached[VMI_CALLS_MAX]; /* calls without a slot */

/* Asks the ROM itself: the loader asks only for what has a slot. */
void coverage_start(void)
{
	uintptr_t start, end;

	on = true;
	if (!rom_image(&start, &end))
		return;
	printf("answered");
	for (int call = 0; call < GUEST_ABI->call_count; call++) {
		struct probe p;

		probe_init(&p, rom_get_reloc());
		p.in[ARG0] = (uint32_t)call;
		probe_run(&p);
		if (p.out[EDX] != VMI_RELOCATION_NONE)
			printf(" %d", call);
	}
	printf("\n");
}

void coverage_reached(int call)
{
	reached[call] = true;
}

/* Whether a slot leads into the ROM for `call` now, or a test went there without one. */
static bool in_rom(int call)
{
	if (reached[call])
		return true;
	for (size_t row = 0; row < SLOT_COUNT; row++)
		if (binding_slots[row].call == call && rom_contains(slot_entry[row]))
			return true;
	return false;
}

void coverage_test(const struct test *test)
{
	bool any = false;

	for (const int16_t *call = test->calls; on && *call >= 0; call++) {
		if (!in_rom(*call))
			continue;
		if (!any)
			printf("covers %s", test->name);
		any = true;
		printf(" %d", *call);
	}
	if (any)
		printf("\n");
}
