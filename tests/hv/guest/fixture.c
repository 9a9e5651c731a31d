// SPDX-License-Identifier: GPL-2.0-only
#include "fixture.h"
#include "trap.h"

static uint8_t area[8192] __attribute__((aligned(4096)));
static uint32_t frames[2][1024] __attribute__((aligned(4096)));

bool fixture_there(void)
{
	uint32_t r[4];

	raw_cpuid(HV_LEAF, 0, r);
	return CHECK(r[1] == HV_SIGNATURE_EBX && r[2] == HV_SIGNATURE_ECX && r[3] == HV_SIGNATURE_EDX,
		     "CPUID 0x%08x: found another hypervisor or none", HV_LEAF);
}

uint32_t fixture_call(uint32_t call, uint32_t argument)
{
	asm volatile("vmmcall" : "+a"(call) : "c"(argument) : "memory");
	return call;
}

bool fixture_enter(void)
{
	return fixture_there() && CHECK_EQ("HV_CALL_ENTER", fixture_call(HV_CALL_ENTER, (uint32_t)area), HV_OK);
}

void fixture_leave(void)
{
	fixture_entry(0, 0);
	fixture_entry(1, 0);
	CHECK_EQ("HV_CALL_LEAVE", fixture_call(HV_CALL_LEAVE, 0), HV_OK);
}

volatile uint32_t *fixture_word(uint32_t offset)
{
	return (volatile uint32_t *)(area + offset);
}

uint32_t fixture_try(uint32_t what, uint32_t operation, uint32_t level)
{
	uint32_t before = *fixture_word(HV_REFUSED);

	*fixture_word(HV_REASON) = HV_OK;
	*fixture_word(HV_QUEUE) = what;
	*fixture_word(HV_QUEUE + 4) = operation << 8 | level;
	*fixture_word(HV_COUNT) = 1;
	CHECK_EQ("HV_CALL_FLUSH", fixture_call(HV_CALL_FLUSH, 0), HV_OK);
	CHECK_EQ("entries that wait", *fixture_word(HV_COUNT), 0);
	if (*fixture_word(HV_REASON) == HV_OK)
		CHECK_EQ("refusals of what was done", *fixture_word(HV_REFUSED) - before, 0);
	else
		CHECK(*fixture_word(HV_REFUSED) != before, "a reason, but no refusal counted");
	return *fixture_word(HV_REASON);
}

void fixture_entry(unsigned page, uint64_t value)
{
	memcpy(paging_test_pte(page), &value, paging.pae ? 8 : 4);
}

volatile uint32_t *fixture_page(unsigned page)
{
	return (volatile uint32_t *)(PAGING_TEST_BASE + page * PAGE_SIZE);
}

uint32_t fixture_entry_at(unsigned page)
{
	return (uint32_t)paging_test_pte(page) - LINEAR_BASE;
}

static void touch(void *page)
{
	volatile uint32_t *p = page;

	CHECK(p[0] != HV_SECRET, "the fixture's first word can be read");
	for (uint32_t i = 0; i < PAGE_SIZE / 4; i++)
		p[i] = 0xdeadbeef;
}

/* A fault is as good an answer as nothing to be seen. What was there must be there still. */
void fixture_attack(volatile uint32_t *page)
{
	trap_guard(touch, (void *)page, NULL);
	CHECK(fixture_there(), "the fixture does not answer any more");
}

void fixture_goes_on(unsigned frame)
{
	frames[0][0] = 0x600d0000;
	frames[1][0] = 0x600d0001;
	fixture_entry(1, (uint32_t)frames[frame] | PTE_PRESENT | PTE_WRITE);
	CHECK_EQ("a good update", fixture_try(fixture_entry_at(1), HV_OP_UPDATE, VMI_PAGE_PT), HV_OK);
	CHECK_EQ("the page after it", *fixture_page(1), frames[frame][0]);
}
