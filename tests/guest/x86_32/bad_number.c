// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions and addresses that the ROM's table does not foresee: GetRelocationInfo for
 * numbers that are no calls, and the name of any address in the image, which is what the
 * dump of an exception prints.
 */
#include "binding.h"
#include "console.h"
#include "memory.h"
#include "probe.h"
#include "rom_place.h"
#include "test.h"
#include "trap.h"

static void run_probe(void *probe)
{
	probe_run(probe);
}

/* Numbers behind the table, and such as would wrap into it when scaled. */
TEST(numbers, "bad-input.numbers")
{
	static const uint32_t numbers[] = {
		VROM_CALLS_BY_SLOT, VROM_CALLS_BY_SLOT + 1, VMI_CALLS, 79, 80, 127, 128, 255, 256, 0x7fff, 0xffff, 0x10000,
		0x10021, 0x3fffffff, 0x40000021, 0x7fffffff, 0x80000000, 0x80000021, 0xc0000021, 0xfffffffe,
		0xffffffff,
	};
	uintptr_t start, end;

	if (!rom_image(&start, &end))
		SKIP("no ROM is in use");
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct trap_info trap;
		struct probe p;

		probe_init(&p, start + offsetof(struct vrom_header, get_reloc));
		p.in[EAX] = numbers[i];
		if (!CHECK(!trap_guard(run_probe, &p, &trap), "GetRelocationInfo(0x%x): trap %u",
			   numbers[i], trap.regs.vector))
			continue;
		CHECK(!p.out[EAX] && !p.out[EDX], "GetRelocationInfo(0x%x): found 0x%x type 0x%x, "
		      "expected NONE", numbers[i], p.out[EAX], p.out[EDX]);
		CHECK(!probe_lost(&p, VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX),
		      "GetRelocationInfo(0x%x) loses a register", numbers[i]);
	}
}

/* Reserved numbers are NONE, and every answer is the same for ever. */
TEST(again, "bad-input.same-answers")
{
	uintptr_t start, end;

	if (!rom_image(&start, &end))
		SKIP("no ROM is in use");
	for (uint32_t call = 0; call < VMI_CALLS; call++) {
		struct probe p[2];

		for (unsigned i = 0; i < 2; i++) {
			probe_init(&p[i], rom_get_reloc());
			p[i].in[EAX] = call;
			probe_run(&p[i]);
		}
		CHECK(p[0].out[EAX] == p[1].out[EAX] && p[0].out[EDX] == p[1].out[EDX],
		      "GetRelocationInfo(%u) changes its answer", call);
		CHECK(!vmi_calls[call].reserved || (!p[0].out[EAX] && !p[0].out[EDX]),
		      "GetRelocationInfo(%u): a reserved number is answered", call);
		CHECK(p[0].out[EDX] == VMI_RELOCATION_NONE || rom_contains(p[0].out[EAX]),
		      "GetRelocationInfo(%u): 0x%x is outside the image", call, p[0].out[EAX]);
	}
}

static void check_name(uintptr_t address, const char *name, unsigned offset)
{
	char found[ROM_PLACE_SIZE], expected[ROM_PLACE_SIZE];
	uintptr_t start = 0, end;

	rom_image(&start, &end);
	snprintf(expected, sizeof(expected), "%s+%u of the ROM at 0x%08lx", name, offset,
		 (unsigned long)start);
	rom_place(address, found);
	CHECK(equal(found, expected), "0x%08lx is called `%s`, expected `%s`",
	      (unsigned long)address, found, expected);
}

/* How a fault in the ROM is named: what the dump of an exception prints. */
TEST(names, "bad-input.fault-names")
{
	char place[ROM_PLACE_SIZE];
	uintptr_t start, end;

	if (!rom_image(&start, &end)) {
		CHECK(!*rom_place(VROM_WINDOW_BASE, place), "a name without a ROM: %s", place);
		return;
	}
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		if (!rom_contains(slot_entry[row]))
			continue;
		for (unsigned offset = 0; offset < 4; offset++)
			check_name(slot_entry[row] + offset, vmi_calls[binding_slots[row].call].name,
				   offset);
	}
	check_name(start, "header", 0);
	CHECK(!*rom_place(start - 1, place), "a name in front of the image: %s", place);
	CHECK(!*rom_place(end, place), "a name behind the image: %s", place);
	CHECK(*rom_place(end - 1, place), "no name at the end of the image");
}
