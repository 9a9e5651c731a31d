/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls 84, 85, 90 and 91, which natively nobody serves: they have no text. What the first two do is
 * the text of RDMSR and WRMSR, if they say that they did it, else nothing; what the others leave alone
 * is what an empty text does. The rest is told again from `hypervised` and `fails` of the spec. The
 * processor is the only one, and its APIC ID is 0.
 */
#include "emu/lane_internal.h"

#define OWN_ID 0u
#define PAGE_BITS 12
#define BITS_NARROW 48 /* of a linear address: the lane has no LA57 */
#define BITS_WIDE 57
#define MSR_SYSENTER_CS 0x174u
#define MSR_SYSENTER_EIP 0x176u

bool lane_is_told(unsigned int call)
{
	return call == VMI_CALL_ReadMSRSafe || call == VMI_CALL_WriteMSRSafe ||
	       call == VMI_CALL_FlushTLBMulti || call == VMI_CALL_GetVcpuCycles;
}

static bool canonical(uint64_t address, unsigned int bits)
{
	int64_t top = (int64_t)address >> (bits - 1);

	return top == 0 || top == -1;
}

/* A register of its width, where `wide` may be all of it. */
static uint64_t value_of(const struct emu_result *rom, enum emu_field field)
{
	uint64_t value = rom->state.value[field];

	return rom->state.width == 64 ? value : (uint32_t)value;
}

static uint64_t faulted(const struct lane_case *c, const struct emu_result *rom)
{
	if (c->call->number == VMI_CALL_WriteMSRSafe)
		return value_of(rom, EMU_EAX);
	return value_of(rom, c->abi->width == 64 ? EMU_EDX : EMU_ECX);
}

unsigned int lane_beside(const struct lane_case *c, const struct emu_result *rom)
{
	const bool done = rom->end == EMU_LANDED && !faulted(c, rom);

	if (c->call->number == VMI_CALL_ReadMSRSafe && done)
		return VMI_CALL_RDMSR;
	if (c->call->number == VMI_CALL_WriteMSRSafe && done)
		return VMI_CALL_WRMSR;
	return VMI_CALL_VcpuKick; /* an empty text */
}

/* May the set be read? Its bytes are added to what native code reads. */
void lane_tell_reads(const struct lane_case *c, struct emu_result *native)
{
	const uint64_t bytes = (lane_argument_value(c, 1) + 7) / 8;

	if (c->call->number == VMI_CALL_FlushTLBMulti && bytes)
		native->read[native->reads++ % EMU_LOG] =
			(struct emu_write){ lane_argument_value(c, 0), (uint32_t)bytes, 0 };
}

/* Registers of every processor with SYSENTER; whatever may be written there. */
static bool must_be_done(const struct lane_case *c)
{
	const bool write = c->call->number == VMI_CALL_WriteMSRSafe;
	const uint64_t reg = lane_argument_value(c, write ? 1 : 0);
	const uint64_t value = c->abi->width == 64 ? lane_argument_value(c, 0) :
			       c->start.gpr[EMU_EDX] << 32 | (uint32_t)c->start.gpr[EMU_EAX];

	if (reg < MSR_SYSENTER_CS || reg > MSR_SYSENTER_EIP)
		return false;
	return !write || canonical(value, BITS_NARROW);
}

static bool check_msr(const struct lane_case *c, const struct emu_result *rom,
		      const struct emu_result *native, struct lane_finding *finding)
{
	const bool read = c->call->number == VMI_CALL_ReadMSRSafe;
	const uint64_t said = faulted(c, rom), expected = said ? 0 : lane_pair(native);

	if (said > 1)
		return lane_find(finding, LANE_RESULT, "faulted: found %#llx, expected 0 or 1",
				 (unsigned long long)said);
	if (said && must_be_done(c))
		return lane_find(finding, LANE_RESULT, "faulted: found 1 for a register that every processor has");
	if (read && lane_pair(rom) != expected)
		return lane_find(finding, LANE_RESULT, "value: found %#llx, expected %#llx",
				 (unsigned long long)lane_pair(rom), (unsigned long long)expected);
	return true;
}

/* Was every page from `start` up to `end` flushed, or everything? */
static bool flushed(const struct lane_case *c, const struct emu_result *rom, uint64_t start, uint64_t end)
{
	const bool global = lane_argument_value(c, 4) & VMI_FLUSH_GLOBAL;
	const bool may_be = c->start.setup.cr4 & EMU_CR4_PGE; /* there may be global pages */
	const uint64_t pages = ((end - 1) >> PAGE_BITS) - (start >> PAGE_BITS) + 1;

	if (rom->global_flushes || (rom->tlb_flushes && !(global && may_be)))
		return true;
	if (!start && !end)
		return false;
	for (uint64_t page = 0; page < pages; page++) {
		uint32_t i = 0;

		while (i < rom->page_flushes && i < EMU_LOG &&
		       rom->page_flush[i] >> PAGE_BITS != (start >> PAGE_BITS) + page)
			i++;
		if (i == EMU_LOG)
			return rom->page_flushes >= pages; /* no more are kept */
		if (i == rom->page_flushes)
			return false;
	}
	return true;
}

static bool check_flush(const struct lane_case *c, const struct emu_result *rom, struct lane_finding *finding)
{
	const uint64_t set = lane_argument_value(c, 0), bits = lane_argument_value(c, 1);
	const uint64_t start = lane_argument_value(c, 2), end = lane_argument_value(c, 3);
	const uint64_t found = value_of(rom, EMU_EAX);
	const bool wide = c->abi->width == 64;
	const bool narrow = !wide || (canonical(set, BITS_NARROW) && canonical(start, BITS_NARROW) &&
				      canonical(end, BITS_NARROW));
	const bool any = !wide || (canonical(set, BITS_WIDE) && canonical(start, BITS_WIDE) &&
				   canonical(end, BITS_WIDE));
	uint64_t expected = (start || end) && end <= start ? VMI_REFUSED_RANGE :
			    !narrow ? VMI_REFUSED_ADDRESS : VMI_REFUSED_OK;

	/* Canonical for five levels of tables alone: a ROM need not look which there are. */
	if (found != expected && !(any && expected == VMI_REFUSED_ADDRESS && found == VMI_REFUSED_OK))
		return lane_find(finding, LANE_RESULT, "result: found %#llx, the spec says %#llx",
				 (unsigned long long)found, (unsigned long long)expected);
	if (found && (rom->global_flushes || rom->tlb_flushes || rom->page_flushes))
		return lane_find(finding, LANE_HIDDEN, "refused, and flushed all the same");
	if (!found && bits > OWN_ID && set - EMU_RAM < EMU_RAM_SIZE && (c->ram[set - EMU_RAM] & 1u << OWN_ID) && !flushed(c, rom, start, end))
		return lane_find(finding, LANE_HIDDEN, "the processor's own bit is set: found %u INVLPG, "
				 "%u flushes, %u global ones, expected all from %#llx to %#llx",
				 rom->page_flushes, rom->tlb_flushes, rom->global_flushes,
				 (unsigned long long)start, (unsigned long long)end);
	return true;
}

static bool check_cycles(const struct lane_case *c, const struct emu_result *rom, struct lane_finding *finding)
{
	enum { COUNTER_REAL, COUNTERS = 3 };
	const bool own = lane_argument_value(c, 0) == OWN_ID;
	const uint64_t counter = lane_argument_value(c, 1);

	if (own && counter == COUNTER_REAL && !lane_pair(rom))
		return lane_find(finding, LANE_RESULT, "result: found 0, expected real time");
	if ((own && counter < COUNTERS) || !lane_pair(rom))
		return true;
	return lane_find(finding, LANE_RESULT, "result: found %#llx, expected 0: there is no such %s",
			 (unsigned long long)lane_pair(rom),
			 own ? "counter" : "processor");
}

bool lane_check_told(const struct lane_case *c, const struct emu_result *rom,
		     const struct emu_result *native, struct lane_finding *finding)
{
	switch (c->call->number) {
	case VMI_CALL_FlushTLBMulti: return check_flush(c, rom, finding);
	case VMI_CALL_GetVcpuCycles: return check_cycles(c, rom, finding);
	default: return check_msr(c, rom, native, finding);
	}
}
