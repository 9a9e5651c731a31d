// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings are what the loader says they are: each slot holds the ROM's entry, its
 * wrapper or its native twin, a bound entry lies inside the image in use, and every
 * call that a slot leads to is covered by a test of its effect.
 */
#include "binding.h"
#include "load.h"
#include "test.h"

/* What must stand in the slot. */
static uintptr_t expected_pointer(size_t row, const struct vmi_binding *b, uintptr_t entry)
{
	bool called = b->kind == VMI_BIND_ROM && b->type == VMI_RELOCATION_CALL_REL;

	if (binding_wrapper(row) && (!binding_is_flow(row) || called))
		return binding_wrapper(row);
	return entry;
}

TEST(pointers, "binding.pointers")
{
	const struct vmi_load *load = load_result();

	for (size_t row = 0; row < SLOT_COUNT; row++) {
		const struct vmi_binding *b = &load->bindings[row];
		uintptr_t entry = slot_entry[row];
		const char *name = binding_slots[row].name;

		if (b->kind == VMI_BIND_ROM)
			CHECK(entry == b->address, "%s leads to 0x%08lx, bound to 0x%08llx", name,
			      (unsigned long)entry, (unsigned long long)b->address);
		if (b->kind == VMI_BIND_NATIVE)
			CHECK(entry == binding_slots[row].native, "%s is not on its twin", name);
		CHECK(binding_pointer(row) == expected_pointer(row, b, entry),
		      "%s holds 0x%08lx", name, (unsigned long)binding_pointer(row));
	}
}

TEST(in_image, "binding.in-image")
{
	const struct vmi_load *load = load_result();
	vmi_virt_t start, end;

	if (load->chosen < 0)
		SKIP("no ROM is in use");
	const struct vmi_candidate *rom = &load->candidates[load->chosen];

	start = load->window.virt + (rom->base - load->window.base);
	end = start + rom->length;
	CHECK(rom->length != 0, "the image is empty");
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		const struct vmi_binding *b = &load->bindings[row];

		if (b->kind == VMI_BIND_ROM)
			CHECK(b->address >= start && b->address < end, "%s: 0x%08llx is outside",
			      binding_slots[row].name, (unsigned long long)b->address);
	}
}

TEST(covered, "binding.covered")
{
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		int call = binding_slots[row].call;

		if (call != VMI_SLOT_NO_CALL)
			CHECK(test_covers(call), "no test covers call %d of %s", call,
			      binding_slots[row].name);
	}
}
