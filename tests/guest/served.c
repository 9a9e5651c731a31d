// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that only a hypervisor answers better than the guest's own code, where the ROM answers them:
 * TLBs of other processors, and their cycles. They have no slot, so the ROM itself is asked, and the
 * entry is called with every register known. Where it answers NONE, that is all that is checked.
 * calls_3_2.c has the model-specific registers, which have slots.
 */
#include "apic.h"
#include "coverage.h"
#include "cpu.h"
#include "foreign.h"
#include "frames.h"
#include "image_place.h"
#include "memory.h"
#include "paging.h"
#include "rom_place.h"
#include "served.h"
#include "test.h"

#define PAGE_INDEX 0x79u
#define PAGE_AT (PAGING_TEST_BASE + PAGE_INDEX * PAGE_SIZE)
#define PAGE ((volatile uint32_t *)PAGE_AT)
#define ATTEMPTS 10
#define COUNTERS 3u /* real, available, stolen time */
#define NOBODY 0xfeu

static uint32_t frames[2][PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

/* The entry of a call; 0, and the test says so, if there is none. */
static uintptr_t entry_of(int call)
{
	struct vmi_registers answer = { 0, 0 };

	if (!rom_get_reloc()) {
		test_note("no ROM");
		CHECK(true, "nobody to ask");
		return 0;
	}
	CHECK_EQ("asking", foreign_call(rom_get_reloc(), (uint8_t)call, &answer), VMI_CALL_RETURNED);
	if (answer.edx == VMI_RELOCATION_NONE) {
		test_note("NONE");
		return 0;
	}
	CHECK_EQ("answer", answer.edx, VMI_RELOCATION_CALL_REL);
	CHECK(rom_contains(answer.eax), "the entry lies outside the image");
	test_note("CALL");
	coverage_reached(call);
	return answer.eax;
}

static uint64_t called(int call, struct probe *p)
{
	const char *lost;

	probe_run(p);
	lost = probe_lost(p, GUEST_ABI->calls[call].clobber | GUEST_ABI->calls[call].out);
	CHECK(!lost, "call %d lost %s", call, lost);
	return served_result(p);
}

static uint32_t flush(uintptr_t entry, const void *set, uint32_t bits, uintptr_t start, uintptr_t end,
		      uint32_t flags)
{
	struct probe p;

	probe_init(&p, entry);
	served_flush(&p, set, bits, start, end, flags);
	return (uint32_t)called(VMI_CALL_FlushTLBMulti, &p);
}

static void set_entry(unsigned frame)
{
	uint64_t value = image_physical((uintptr_t)frames[frame]) | PTE_PRESENT | PTE_WRITE;

	memcpy(paging_test_pte(PAGE_INDEX), &value, paging.pae ? 8 : 4);
}

/* Whether an entry of the TLB is there behind the call; set NULL: without one. */
static bool survives(uintptr_t entry, const uint8_t *set, uint32_t bits, uintptr_t start, uintptr_t end)
{
	bool seen = false;

	for (int i = 0; i < ATTEMPTS && !seen; i++) { /* a hypervisor may empty the TLB meanwhile */
		uint32_t value;

		set_entry(0);
		asm volatile("invlpg (%0)" : : "r"(PAGE) : "memory");
		value = *PAGE;
		set_entry(1);
		if (set)
			CHECK_EQ("flush", flush(entry, set, bits, start, end, 0), VMI_REFUSED_OK);
		value = *PAGE;
		asm volatile("invlpg (%0)" : : "r"(PAGE) : "memory");
		seen = value == frames[0][0];
	}
	return seen;
}

TEST(flush_multi, "served.flush-multi", VMI_CALL_FlushTLBMulti)
{
	uintptr_t entry = entry_of(VMI_CALL_FlushTLBMulti);
	static uint8_t own[32], others[32];
	uint32_t id = apic_present() ? apic_id() : 0;
	bool stays;

	if (!entry)
		return;
	memset(own, 0, sizeof(own));
	memset(others, 0, sizeof(others));
	own[id / 8 % 32] |= (uint8_t)(1u << id % 8);
	frames[0][0] = 0xf0f0f0f0;
	frames[1][0] = 0x0f0f0f0f;
	stays = survives(entry, NULL, 0, 0, 0);
	CHECK(!survives(entry, own, 256, PAGE_AT, PAGE_AT + 1), "a page outlives its flush");
	CHECK(!survives(entry, own, 256, PAGE_AT - PAGE_SIZE, PAGE_AT + PAGE_SIZE), "a page outlives a range");
	CHECK(!survives(entry, own, 256, PAGE_AT - 8 * PAGE_SIZE, PAGE_AT + 512 * PAGE_SIZE),
	      "a page outlives a large range");
	CHECK(!survives(entry, own, 256, 0, 0), "a page outlives a flush of everything");
	/* Of nobody, a ROM may flush more than it has to. */
	survives(entry, others, 256, PAGE_AT, PAGE_AT + 1);
	survives(entry, own, 0, PAGE_AT, PAGE_AT + 1);
	CHECK_EQ("an empty range", flush(entry, own, 256, PAGE_AT, PAGE_AT, 0), VMI_REFUSED_RANGE);
	CHECK_EQ("one backwards", flush(entry, own, 256, PAGE_AT, PAGE_AT - 1, 0), VMI_REFUSED_RANGE);
	CHECK_EQ("one with end 0", flush(entry, own, 256, PAGE_AT, 0, 0), VMI_REFUSED_RANGE);
	served_flush_addresses(entry, own, flush);
	memset(paging_test_pte(PAGE_INDEX), 0, paging.pae ? 8 : 4);
	asm volatile("invlpg (%0)" : : "r"(PAGE) : "memory");
	test_note("CALL; without a flush an entry %s", stays ? "stays" : "goes");
}

static uint64_t cycles(uintptr_t entry, uint32_t id, uint32_t counter)
{
	struct probe p;

	probe_init(&p, entry);
	served_cycles(&p, id, counter);
	return called(VMI_CALL_GetVcpuCycles, &p);
}

TEST(vcpu_cycles, "served.vcpu-cycles", VMI_CALL_GetVcpuCycles)
{
	uintptr_t entry = entry_of(VMI_CALL_GetVcpuCycles);
	uint32_t id = apic_present() ? apic_id() : 0;
	uint64_t before, after;

	if (!entry)
		return;
	before = cycles(entry, id, 0);
	after = cycles(entry, id, 0);
	CHECK(before && after > before, "real time does not pass");
	before = cycles(entry, id, 1);
	after = cycles(entry, id, 1);
	CHECK(after >= before, "available time runs backwards");
	CHECK_EQ("no such counter", cycles(entry, id, COUNTERS), 0);
	CHECK_EQ("no such counter at all", cycles(entry, id, 0xffffffff), 0);
	CHECK_EQ("no such processor", cycles(entry, NOBODY, 0), 0);
	CHECK_EQ("none by a number of 32 bits", cycles(entry, 0xfffffffe, 0), 0);
}
