// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wild batches: each is refused with its reason, and what comes after it is done. The queue here
 * is the test's own, so nothing that a ROM would check stands before the hypervisor.
 */
#include "fixture.h"
#include "trap.h"
#include "user.h"

static uint32_t page[1024] __attribute__((aligned(4096)));
static uint32_t table[1024] __attribute__((aligned(4096)));

#define RIGHTS (PTE_PRESENT | PTE_WRITE)

static void check_refused(const char *what, uint32_t reason, uint32_t entry, uint32_t operation, uint32_t level)
{
	CHECK_EQ(what, fixture_try(entry, operation, level), reason);
}

TEST(wild, "hv.wild-entries")
{
	static const uint32_t levels[] = { 0, VMI_PAGE_PD, VMI_PAGE_PDP, VMI_PAGE_PML4, 3, 0xff };
	uint32_t at = fixture_entry_at(0);

	if (!fixture_enter())
		return;
	fixture_goes_on(0);
	check_refused("an operation that is none", HV_E_OP, at, 3, VMI_PAGE_PT);
	check_refused("another one", HV_E_OP, at, 0xffffff, VMI_PAGE_PT);
	for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		CHECK(fixture_try(at, HV_OP_UPDATE, levels[i]) == HV_E_LEVEL, "an update with level %u", levels[i]);
	check_refused("a table that was never announced", HV_E_TABLE, (uint32_t)table, HV_OP_UPDATE, VMI_PAGE_PT);
	check_refused("an address between entries", HV_E_TABLE, at + 1, HV_OP_UPDATE, VMI_PAGE_PT);
	check_refused("an entry behind the RAM", HV_E_TABLE, HV_FRAMES * PAGE_SIZE, HV_OP_UPDATE, VMI_PAGE_PT);
	check_refused("an entry in the hypervisor", HV_E_TABLE, HV_BASE, HV_OP_UPDATE, VMI_PAGE_PT);
	check_refused("the last entry there is", HV_E_TABLE, 0xfffffffc, HV_OP_UPDATE, VMI_PAGE_PT);
	check_refused("a table behind the RAM", HV_E_TABLE, HV_FRAMES, HV_OP_ALLOCATE, VMI_PAGE_PT);
	check_refused("a table in the hypervisor", HV_E_TABLE, HV_BASE >> 12, HV_OP_ALLOCATE, VMI_PAGE_PT);
	check_refused("a table of no level", HV_E_LEVEL, (uint32_t)table >> 12, HV_OP_ALLOCATE, 0);
	check_refused("a table of two levels", HV_E_LEVEL, (uint32_t)table >> 12, HV_OP_ALLOCATE, 3);
	check_refused("the release of a frame behind the RAM", HV_E_TABLE, 0xffffffff, HV_OP_RELEASE, 0);
	check_refused("the release of what is in CR3", HV_E_USED, raw_read_cr3() >> 12, HV_OP_RELEASE, 0);
	check_refused("another level for it", HV_E_USED, raw_read_cr3() >> 12, HV_OP_ALLOCATE, VMI_PAGE_PT);
	fixture_goes_on(1);
	fixture_leave();
}

/* The entry maps nothing of use, and above all nothing of the hypervisor's. */
TEST(frame, "hv.wild-frame")
{
	static const uint32_t wild[] = { HV_BASE, HV_FRAMES * PAGE_SIZE, 0xfffff000, 0xf0000000 };

	if (!fixture_enter())
		return;
	for (unsigned i = 0; i < sizeof(wild) / sizeof(*wild); i++) {
		fixture_entry(0, wild[i] | RIGHTS);
		check_refused("a frame outside", HV_E_FRAME, fixture_entry_at(0), HV_OP_UPDATE, VMI_PAGE_PT);
		fixture_attack(fixture_page(0));
	}
	if (paging.pae) {
		fixture_entry(0, 1ull << 40 | (uint32_t)page | RIGHTS);
		check_refused("a frame above 4 GiB", HV_E_FRAME, fixture_entry_at(0), HV_OP_UPDATE, VMI_PAGE_PT);
	}
	fixture_entry(0, 0);
	check_refused("nothing", HV_OK, fixture_entry_at(0), HV_OP_UPDATE, VMI_PAGE_PT);
	fixture_goes_on(0);
	fixture_leave();
}

TEST(count, "hv.wild-count")
{
	static const uint32_t counts[] = { HV_QUEUE_MAX + 1, 0x80000000, 0xffffffff };

	if (!fixture_enter())
		return;
	for (unsigned i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		*fixture_word(HV_REASON) = HV_OK;
		*fixture_word(HV_COUNT) = counts[i];
		CHECK_EQ("the call", fixture_call(HV_CALL_FLUSH, 0), HV_OK);
		CHECK_EQ("the reason", *fixture_word(HV_REASON), HV_E_COUNT);
		CHECK_EQ("entries that wait", *fixture_word(HV_COUNT), 0);
	}
	fixture_goes_on(0);
	fixture_leave();
}

/* A whole queue of rubbish is refused entry by entry. */
TEST(full, "hv.wild-queue")
{
	uint32_t random = 1;

	if (!fixture_enter())
		return;
	for (uint32_t i = 0; i < HV_QUEUE_MAX; i++) {
		random = random * 1664525u + 1013904223u;
		*fixture_word(HV_QUEUE + 8 * i) = random | 0xf8000000; /* never in the RAM */
		*fixture_word(HV_QUEUE + 8 * i + 4) = random >> 3;
	}
	*fixture_word(HV_COUNT) = HV_QUEUE_MAX;
	fixture_call(HV_CALL_FLUSH, 0);
	CHECK_EQ("entries refused", *fixture_word(HV_REFUSED), HV_QUEUE_MAX);
	fixture_goes_on(1);
	fixture_leave();
}

TEST(calls, "hv.wild-calls")
{
	static const uint32_t areas[] = { 0, 2, HV_BASE, HV_FRAMES * PAGE_SIZE - 4096, 0xfffffffc };

	if (!fixture_there())
		return;
	fixture_call(HV_CALL_LEAVE, 0); /* whoever had entered */
	CHECK_EQ("a call before entering", fixture_call(HV_CALL_FLUSH, 0), HV_E_CALL);
	for (unsigned i = 0; i < sizeof(areas) / sizeof(*areas); i++)
		CHECK(fixture_call(HV_CALL_ENTER, areas[i]) == HV_E_AREA, "an area at 0x%08x is taken", areas[i]);
	if (!fixture_enter())
		return;
	CHECK_EQ("call 0", fixture_call(0, 0), HV_E_CALL);
	CHECK_EQ("call 5", fixture_call(5, 0), HV_E_CALL);
	CHECK_EQ("CR3 in the hypervisor", fixture_call(HV_CALL_CR3, HV_BASE), HV_E_TABLE);
	CHECK_EQ("CR3 behind the RAM", fixture_call(HV_CALL_CR3, 0xfffff000), HV_E_TABLE);
	fixture_goes_on(0);
	fixture_leave();
}

void user_vmmcall(void);
asm(".pushsection .text\n\t.globl user_vmmcall\nuser_vmmcall:\n\tvmmcall\n\tud2\n\t.popsection");

/* User mode has no business with it. */
TEST(user, "hv.user-call")
{
	struct user_context context;
	struct trap_info trap = { 0 };

	if (!fixture_enter())
		return;
	user_context_init(&context, user_vmmcall);
	user_run(&context, &trap);
	CHECK_EQ("vector of VMMCALL in user mode", trap.regs.vector, TRAP_UD);
	CHECK_EQ("where", trap.regs.ip, (uint32_t)user_vmmcall);
	fixture_goes_on(1);
	fixture_leave();
}

/* More tables than there is room for: what is in use still works. */
TEST(room, "hv.no-room")
{
	uint32_t span = pmd_span(), made = 0;
	void *first = pmd_entry(&kernel_mm, USER_BASE);

	if (!fixture_there())
		return;
	fixture_call(HV_CALL_LEAVE, 0);
	for (uint32_t at = USER_BASE; at < USER_END; at += span, made++) {
		uint32_t frame = frame_alloc();
		uint64_t value = frame | RIGHTS;

		if (!frame)
			break;
		memcpy(pmd_entry(&kernel_mm, at), &value, paging.pae ? 8 : 4);
	}
	if (!fixture_enter())
		return;
	CHECK_EQ("the reason", *fixture_word(HV_REASON), HV_E_ROOM);
	for (unsigned i = 0; i < 8; i++)
		fixture_goes_on(i & 1);
	fixture_leave();
	for (uint32_t at = USER_BASE; made--; at += span) {
		void *pmd = pmd_entry(&kernel_mm, at);

		frame_put((uint32_t)entry_read(pmd) & ~0xfffu);
		memset(pmd, 0, paging.pae ? 8 : 4);
	}
	raw_write_cr3(raw_read_cr3());
	CHECK_EQ("the first directory entry at the end", entry_read(first), 0);
}
