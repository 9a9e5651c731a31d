/* SPDX-License-Identifier: GPL-2.0-only */
/* Did an entry leave memory as it must? */
#include <string.h>

#include "emu/lane_internal.h"

#define PTE_PRESENT 1u

#define STACK_ENOUGH 256u /* bytes below rsp at entry that 4.0 says suffice */

static bool in_stack(uint64_t address)
{
	return address >= EMU_STACK && address < EMU_STACK_END;
}

/* The first address in [from, to) where two RAM images differ; `to` if none. */
static uint64_t differs(const uint8_t *a, const uint8_t *b, uint64_t from, uint64_t to)
{
	if (!memcmp(a + (from - EMU_RAM), b + (from - EMU_RAM), to - from))
		return to;
	while (a[from - EMU_RAM] == b[from - EMU_RAM])
		from++;
	return from;
}

/* The stack that is not the callee's: arguments, canaries, the caller's frame. */
static bool stack(const struct lane_case *c, const uint8_t *ram, struct lane_finding *finding)
{
	uint64_t at = differs(ram, c->ram, c->dead, EMU_STACK_END);

	if (at == EMU_STACK_END)
		return true;
	return lane_find(finding, LANE_STACK, "[%s at entry + %u]: found %#x, expected %#x",
			 emu_field_name(c->abi->width, EMU_ESP),
			 (uint32_t)(at - c->start.gpr[EMU_ESP]), ram[at - EMU_RAM], c->ram[at - EMU_RAM]);
}

static bool elsewhere(const uint8_t *rom_ram, const uint8_t *native_ram,
		      struct lane_finding *finding)
{
	static const struct {
		uint32_t from, to;
	} parts[] = {
		{ EMU_RAM, EMU_BLOCK },
		{ EMU_SETUP, EMU_STACK },
		{ EMU_STACK_END, EMU_RAM + EMU_RAM_SIZE },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t at = differs(rom_ram, native_ram, parts[i].from, parts[i].to);

		if (at != parts[i].to)
			return lane_find(finding, LANE_MEMORY,
					 "memory at %#x: found %#x, expected %#x", (uint32_t)at,
					 rom_ram[at - EMU_RAM], native_ram[at - EMU_RAM]);
	}
	return true;
}

static bool overlap(const struct emu_write *a, const struct emu_write *b)
{
	return a->address < b->address + b->size && b->address < a->address + a->size;
}

/* Writes that cancel each other out are still writes: another CPU sees them. */
static bool stray_writes(const struct lane_case *c, const struct emu_result *rom,
			 const struct emu_result *native, struct lane_finding *finding)
{
	uint32_t count = rom->writes < EMU_LOG ? rom->writes : EMU_LOG;
	uint32_t natives = native->writes < EMU_LOG ? native->writes : EMU_LOG;

	for (uint32_t i = 0; i < count; i++) {
		const struct emu_write *w = &rom->write[i];
		bool own = in_stack(w->address) && w->address < c->dead &&
			   (c->abi->width != 64 ||
			    w->address + STACK_ENOUGH >= c->start.gpr[EMU_ESP]);

		for (uint32_t k = 0; k < natives && !own; k++)
			own = overlap(w, &native->write[k]);
		if (!own)
			return lane_find(
				finding, LANE_MEMORY,
				"write of %u bytes to %#llx: native code writes nothing there",
				w->size, (unsigned long long)w->address);
	}
	return true;
}

/* A descriptor table's place may be read for what native code reads of it. */
static bool in_tables(uint64_t address)
{
	return address - EMU_GDT < EMU_TSS - EMU_GDT;
}

/* Reads that native code does not make: what lies there may be nobody's, or a device. */
static bool stray_reads(const struct emu_result *rom, const struct emu_result *native,
			struct lane_finding *finding)
{
	uint32_t count = rom->reads < EMU_LOG ? rom->reads : EMU_LOG;
	uint32_t natives = native->reads < EMU_LOG ? native->reads : EMU_LOG;

	for (uint32_t i = 0; i < count; i++) {
		const struct emu_write *read = &rom->read[i];
		bool own = in_tables(read->address);

		for (uint32_t k = 0; k < natives && !own; k++)
			own = overlap(read, &native->read[k]);
		if (!own)
			return lane_find(finding, LANE_MEMORY,
					 "read of %u bytes at %#llx: native code reads nothing there",
					 read->size, (unsigned long long)read->address);
	}
	return true;
}

/* A present 8-byte entry is either wholly the old or wholly the new one, after every write. */
static bool whole_entries(const struct lane_case *c, const struct emu_result *rom,
			  struct lane_finding *finding)
{
	uint64_t pte = lane_argument_value(c, 1), entry, old, new = lane_argument_value(c, 0);
	uint32_t count = rom->writes < EMU_LOG ? rom->writes : EMU_LOG;

	if (c->abi->width != 64)
		new = c->start.gpr[EMU_EDX] << 32 | (uint32_t)new;

	if (pte - EMU_SCRATCH >= EMU_LANDING - EMU_SCRATCH - 8u)
		return true; /* the read-only view: not by this address */
	memcpy(&old, c->ram + (pte - EMU_RAM), sizeof(old));
	entry = old;
	for (uint32_t i = 0; i < count; i++) {
		const struct emu_write *w = &rom->write[i];

		for (uint32_t k = 0; k < w->size; k++)
			if (w->address + k - pte < sizeof(entry))
				((uint8_t *)&entry)[w->address + k - pte] =
					(uint8_t)(w->value >> 8 * k);
		if ((entry & PTE_PRESENT) && entry != old && entry != new)
			return lane_find(
				finding, LANE_MEMORY,
				"entry after write %u: found %#llx present, expected %#llx or %#llx",
				i + 1, (unsigned long long)entry, (unsigned long long)old,
				(unsigned long long)new);
	}
	return true;
}

bool lane_compare_memory(const struct lane_case *c, const struct emu_result *rom,
			 const uint8_t *rom_ram, const struct emu_result *native,
			 const uint8_t *native_ram, struct lane_finding *finding)
{
	if (!stack(c, rom_ram, finding))
		return false;
	if (rom->below)
		return lane_find(finding, LANE_STACK,
				 "bytes below rsp used %u times, first at image offset %#x", rom->below,
				 (uint32_t)(rom->below_at - c->image));
	if (!native)
		return true;
	if (!elsewhere(rom_ram, native_ram, finding) || !stray_writes(c, rom, native, finding) ||
	    !stray_reads(rom, native, finding))
		return false;
	return c->call->number != VMI_CALL_SetPxELong || whole_entries(c, rom, finding);
}
