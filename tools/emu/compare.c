/* SPDX-License-Identifier: GPL-2.0-only */
/* Did an entry keep its contract, and do what the native text does? Registers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "emu/lane_internal.h"

#define FLAGS_NT 0x4000u
#define RPL 3u
#define VECTOR_UD 6
#define VECTOR_PF 14
#define ENTRY 8u /* bytes of a descriptor or a PAE entry: the largest object written */

const char *const lane_kind_names[] = {
	[LANE_GOOD] = "good",
	[LANE_REGISTER] = "register",
	[LANE_RESULT] = "result",
	[LANE_FLAGS] = "flags",
	[LANE_SYSTEM] = "system register",
	[LANE_HIDDEN] = "hidden effect",
	[LANE_MEMORY] = "memory",
	[LANE_STACK] = "stack",
	[LANE_ESP] = "esp",
	[LANE_IMAGE] = "write into the image",
	[LANE_SEGMENT] = "segment",
	[LANE_FAULT] = "fault",
	[LANE_NO_FAULT] = "missing fault",
	[LANE_END] = "end",
	[LANE_ANSWER] = "answer",
	[LANE_POSITION] = "position",
	[LANE_BROKEN] = "emulator",
};

bool lane_find(struct lane_finding *finding, enum lane_kind kind, const char *format, ...)
{
	va_list args;

	if (finding->kind != LANE_GOOD)
		return false;
	finding->kind = kind;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
	return false;
}

static bool in_image(const struct lane_case *c, uint64_t eip)
{
	return eip - c->image < c->image_size;
}

/* A register of the state against the value it must have. */
static bool same(struct lane_finding *finding, enum lane_kind kind, const struct emu_result *rom,
		 enum emu_field field, uint64_t expected, uint64_t mask)
{
	if (!((rom->state.value[field] ^ expected) & mask))
		return true;
	return lane_find(finding, kind, "%s: found %#llx, expected %#llx",
			 emu_field_name(rom->state.width, field),
			 (unsigned long long)rom->state.value[field], (unsigned long long)expected);
}

static const char *describe(const struct emu_result *r, char *text, size_t size)
{
	snprintf(text, size, "%s (vector %u, %s %#llx)", emu_end_names[r->end],
		 r->end == EMU_FAULTED ? r->vector : 0, emu_field_name(r->state.width, EMU_EIP),
		 (unsigned long long)r->state.value[EMU_EIP]);
	return text;
}

/* General registers that the contract gives away neither as a result nor as clobbered. */
static bool survivors(const struct lane_case *c, const struct emu_result *rom,
		      struct lane_finding *finding)
{
	uint32_t given = c->call->clobber | c->call->out;

	for (unsigned int i = 0; i < emu_gprs(c->abi->width); i++)
		if (i != EMU_ESP && !(given & 1u << i) &&
		    !same(finding, LANE_REGISTER, rom, i, c->start.gpr[i], ~0ull))
			return false;
	return true;
}

static bool results(const struct lane_case *c, const struct emu_result *rom,
		    const struct emu_result *native, struct lane_finding *finding)
{
	for (unsigned int i = 0; i < emu_gprs(c->abi->width); i++) {
		/* After a return from the kernel every register is the other code's. */
		bool result = c->call->noreturn || (c->call->out & 1u << i);

		if (c->call->number == VMI_CALL_RDTSC || lane_is_clock(c->call->number) ||
		    lane_is_told(c->call->number))
			result = false; /* the lane looks at the range */
		if (i != EMU_ESP && result &&
		    !same(finding, LANE_RESULT, rom, i, native->state.value[i], ~0ull))
			return false;
	}
	return true;
}

static bool flags(const struct lane_case *c, const struct emu_result *rom, uint64_t expected,
		  struct lane_finding *finding)
{
	uint64_t mask = ~0ull;

	if ((c->call->clobber & VMI_REG_FLAGS) && !c->call->noreturn)
		mask &= ~(uint64_t)EMU_FLAGS_ARITHMETIC;
	return same(finding, LANE_FLAGS, rom, EMU_EFLAGS, expected, mask);
}

/*
 * Is CR2 the same page fault's? On fetching the next instruction each has its own
 * address, and the parts of an 8-byte entry may be touched in any order.
 */
static bool same_page_fault(const struct emu_result *rom, const struct emu_result *native)
{
	const uint64_t *r = rom->state.value, *n = native->state.value;

	if (rom->end != EMU_FAULTED || rom->vector != VECTOR_PF)
		return false;
	return (r[EMU_CR2] == r[EMU_EIP] && n[EMU_CR2] == n[EMU_EIP]) ||
	       r[EMU_CR2] - n[EMU_CR2] + ENTRY - 1 < 2 * ENTRY - 1;
}

static bool system_registers(const struct emu_result *rom, const struct emu_result *native,
			     struct lane_finding *finding)
{
	for (unsigned int i = EMU_CR0; i < EMU_FIELDS; i++) {
		uint64_t expected = native->state.value[i];

		if (i == EMU_CR2 && same_page_fault(rom, native))
			continue;
		if (!same(finding, LANE_SYSTEM, rom, i, expected, ~0ull))
			return false;
	}
	return true;
}

static bool hidden(const struct lane_case *c, const struct emu_result *rom, const struct emu_result *native,
		   struct lane_finding *finding)
{
	bool rom_all = rom->global_flushes, native_all = native->global_flushes;
	bool pages = native->state.value[EMU_CR4] & EMU_CR4_PGE; /* there may be global pages */

	if (c->call->number == VMI_CALL_FlushTLBMulti)
		return true; /* told.c looks at them */
	if (!rom->cache_flushes != !native->cache_flushes)
		return lane_find(finding, LANE_HIDDEN,
				 "caches flushed: found %u times, expected %u", rom->cache_flushes,
				 native->cache_flushes);
	if (pages && rom_all != native_all)
		return lane_find(finding, LANE_HIDDEN, "global TLB flush: found %d, expected %d",
				 rom_all, native_all);
	if ((rom_all || rom->tlb_flushes) != (native_all || native->tlb_flushes))
		return lane_find(finding, LANE_HIDDEN, "TLB flush: found %u, expected %u",
				 rom->tlb_flushes, native->tlb_flushes);
	if (rom->page_flushes != native->page_flushes ||
	    memcmp(rom->page_flush, native->page_flush, sizeof(rom->page_flush)))
		return lane_find(finding, LANE_HIDDEN,
				 "INVLPG: found %u, first %#llx; expected %u, first %#llx",
				 rom->page_flushes, (unsigned long long)rom->page_flush[0],
				 native->page_flushes, (unsigned long long)native->page_flush[0]);
	if (rom->ports != native->ports || memcmp(rom->port, native->port, sizeof(rom->port)))
		return lane_find(finding, LANE_HIDDEN,
				 "port accesses: found %u, first %#x; expected %u, first %#x",
				 rom->ports, rom->port[0].port, native->ports,
				 native->port[0].port);
	return true;
}

/*
 * A frame that IRET refuses goes to an address in the image that user mode cannot
 * execute, with the GDT's flat ring-3 pair: the fault is then the process's own.
 */
/* May a frame that is refused get that stack? In 64 bit bases do not count. */
static bool refused_stack(const struct lane_case *c, uint64_t ss)
{
	return ss == EMU_SEL_DATA3 ||
	       (c->abi->width == 64 && ss == (EMU_SEL_POISON | 3));
}

static bool refused_frame(const struct lane_case *c, const struct emu_result *rom,
			  const uint8_t *rom_ram, const struct emu_result *native,
			  struct lane_finding *finding)
{
	const uint64_t *v = rom->state.value;
	const unsigned int width = c->abi->width, word = width / 8;
	uint64_t frame = c->dead - 5 * word; /* EIP, CS, EFLAGS, ESP, SS */
	uint64_t cs = width == 64 ? EMU_SEL_CODE3_64 : EMU_SEL_CODE3;
	char text[96];

	if (rom->end != EMU_FAULTED || (rom->vector != VECTOR_UD && rom->vector != VECTOR_PF) ||
	    (v[EMU_CS] & RPL) != RPL || !in_image(c, v[EMU_EIP]))
		return lane_find(
			finding, LANE_FAULT,
			"frame with cs %#x, ss %#x: found %s, cs %#x, expected a user-mode fault in the image",
			(uint16_t)emu_peek(c->ram, width, frame + word),
			(uint16_t)emu_peek(c->ram, width, frame + 4 * word), describe(rom, text, sizeof(text)),
			(uint32_t)v[EMU_CS]);
	if (!same(finding, LANE_SYSTEM, rom, EMU_CS, cs, ~0ull) ||
	    (!refused_stack(c, v[EMU_SS]) &&
	     !same(finding, LANE_SYSTEM, rom, EMU_SS, EMU_SEL_DATA3, ~0ull)) ||
	    !same(finding, LANE_ESP, rom, EMU_ESP, emu_peek(c->ram, width, frame + 3 * word), ~0ull) ||
	    !same(finding, LANE_FLAGS, rom, EMU_EFLAGS, emu_peek(c->ram, width, frame + 2 * word) | 2,
		  ~0ull))
		return false;
	for (unsigned int i = 0; i < EMU_FIELDS; i++) {
		uint64_t kept = i < EMU_GPRS ? c->start.gpr[i] : native->state.value[i];
		bool own = i == EMU_ESP || i == EMU_EIP || i == EMU_EFLAGS || i == EMU_CS ||
			   i == EMU_SS || i == EMU_CR2;
		/* In user mode a segment of the kernel's is no longer there. */
		own |= (i == EMU_DS || i == EMU_ES) && kept == EMU_SEL_DATA0 && !v[i];
		if (!own && !same(finding, i < EMU_GPRS ? LANE_REGISTER : LANE_SYSTEM, rom, i,
				  kept, ~0ull))
			return false;
	}
	return lane_compare_memory(c, rom, rom_ram, NULL, NULL, finding);
}

static bool fault(const struct lane_case *c, const struct emu_result *rom, const uint8_t *rom_ram,
		  const struct emu_result *native, struct lane_finding *finding)
{
	/* Past the call's own code (user mode, wild target) the addresses are one and the same. */
	bool own_code = native->state.value[EMU_EIP] - c->native.eip < LANE_NATIVE_SIZE;

	if (rom->vector != native->vector)
		return lane_find(finding, LANE_FAULT, "vector: found %u, expected %u", rom->vector,
				 native->vector);
	if (!own_code &&
	    !same(finding, LANE_FAULT, rom, EMU_EIP, native->state.value[EMU_EIP], ~0ull))
		return false;
	if (own_code && !in_image(c, rom->state.value[EMU_EIP]))
		return lane_find(finding, LANE_FAULT,
				 "%s of the fault: found %#llx, expected %#llx to %#llx",
				 emu_field_name(c->abi->width, EMU_EIP),
				 (unsigned long long)rom->state.value[EMU_EIP],
				 (unsigned long long)c->image,
				 (unsigned long long)(c->image + c->image_size - 1));
	if (rom->vector == VECTOR_PF && !same_page_fault(rom, native) &&
	    !same(finding, LANE_FAULT, rom, EMU_CR2, native->state.value[EMU_CR2], ~0ull))
		return false;
	/* It had left already: what it left behind is the other code's. */
	if (!own_code && (!same(finding, LANE_ESP, rom, EMU_ESP, native->state.value[EMU_ESP], ~0ull) ||
			  !flags(c, rom, native->state.value[EMU_EFLAGS], finding)))
		return false;
	if (c->call->noreturn && !results(c, rom, native, finding))
		return false;
	return survivors(c, rom, finding) && system_registers(rom, native, finding) &&
	       lane_compare_memory(c, rom, rom_ram, NULL, NULL, finding);
}

/* Ends that no contract allows, whatever the native text does. */
static bool came_back(const struct lane_case *c, const struct emu_result *rom,
		      const struct emu_result *native, struct lane_finding *finding)
{
	char found[96], expected[96];
	bool never = c->call->noreturn && !native;

	if (rom->end == EMU_BROKEN || (native && native->end == EMU_BROKEN))
		return lane_find(finding, LANE_BROKEN, "Unicorn error %u, native %u",
				 (uint32_t)rom->address, native ? (uint32_t)native->address : 0);
	if (rom->end == EMU_WROTE_IMAGE)
		return lane_find(finding, LANE_IMAGE, "a write to image offset %#x",
				 (uint32_t)(rom->address - c->image));
	if (rom->end == EMU_RAN_AWAY)
		return lane_find(finding, LANE_END,
				 "found %s, expected an end within %d instructions",
				 describe(rom, found, sizeof(found)),
				 never ? LANE_POWER_LIMIT : LANE_LIMIT);
	if (never || (!native && rom->end == EMU_LANDED))
		return true;
	if (native && rom->end == native->end)
		return true;
	if (rom->end == EMU_FAULTED && rom->address - EMU_POISON < EMU_POISON)
		return lane_find(finding, LANE_SEGMENT,
				 "DS, ES, FS or GS used at image offset %#x (linear %#llx)",
				 (uint32_t)(rom->state.value[EMU_EIP] - c->image),
				 (unsigned long long)rom->address);
	return lane_find(finding,
			 rom->end == EMU_FAULTED		? LANE_FAULT
			 : native && native->end == EMU_FAULTED ? LANE_NO_FAULT
								: LANE_END,
			 "found %s, expected %s", describe(rom, found, sizeof(found)),
			 native ? describe(native, expected, sizeof(expected)) : "a return");
}

bool lane_compare(const struct lane_case *c, const struct emu_result *rom, const uint8_t *rom_ram,
		  const struct emu_result *native, const uint8_t *native_ram,
		  struct lane_finding *finding)
{
	/* The native IRET faulted before it left ring 0: so may no ROM's. */
	bool stayed = native && native->end == EMU_FAULTED && !(native->state.value[EMU_CS] & RPL);

	if (native && c->user_frame && c->flat_pair && (stayed || c->bad_target) &&
	    c->call->number == VMI_CALL_IRET &&
	    rom->end != EMU_BROKEN && rom->end != EMU_WROTE_IMAGE)
		return refused_frame(c, rom, rom_ram, native, finding);
	if (!came_back(c, rom, native, finding))
		return false;
	if (!native && c->call->noreturn)
		return lane_compare_power(c, rom, finding);
	if (native && native->end == EMU_FAULTED)
		return fault(c, rom, rom_ram, native, finding);

	unsigned int width = c->abi->width;
	uint64_t at_entry = c->start.gpr[EMU_ESP];
	uint64_t esp = native ? native->state.value[EMU_ESP] : at_entry + width / 8;
	uint64_t eip = native ? native->state.value[EMU_EIP] : emu_peek(c->ram, width, at_entry);
	bool inside = rom->end == EMU_HALTED; /* each halted in its own code */
	if ((!inside && !same(finding, LANE_END, rom, EMU_EIP, eip, ~0ull)) ||
	    !same(finding, LANE_ESP, rom, EMU_ESP, esp, ~0ull) || !survivors(c, rom, finding) ||
	    !flags(c, rom, native ? native->state.value[EMU_EFLAGS] : c->start.eflags, finding))
		return false;
	if (native && (!results(c, rom, native, finding) ||
		       !system_registers(rom, native, finding) || !hidden(c, rom, native, finding)))
		return false;
	return lane_compare_memory(c, rom, rom_ram, native, native_ram, finding);
}
