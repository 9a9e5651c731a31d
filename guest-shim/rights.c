// SPDX-License-Identifier: GPL-2.0-only
/* The walk through the kernel's page tables that shows what may be written and run. */
#include "rights.h"
#include "frames.h"
#include "paging.h"
#include "test.h"

extern char text_start[], text_end[];

struct census {
	unsigned pages, large, global, both, writable_text;
	uintptr_t first_both;
};

static void count(void *context, uintptr_t address, uint64_t entry, bool large)
{
	struct census *c = context;
	bool write = entry & PTE_WRITE;

	c->pages++;
	c->large += large;
	c->global += !!(entry & PTE_GLOBAL);
	if (write && address >= (uintptr_t)text_start && address < (uintptr_t)text_end)
		c->writable_text++;
	if (write && !(entry & PTE_NX) && !c->both++)
		c->first_both = address;
}

void rights_check(void)
{
	struct census c = { 0 };

	tables_walk(&kernel_mm, &c, count);
	CHECK(c.pages >= frames_end() / (1u << 22), "the walk found %u pages", c.pages);
	CHECK_EQ("writable pages of text", c.writable_text, 0);
	if (paging.nx)
		CHECK(!c.both, "%u pages can be written and run, the first at 0x%08lx", c.both,
		      (unsigned long)c.first_both);
	CHECK_EQ("large pages exist", c.large != 0, paging.large);
	CHECK_EQ("global pages", c.global, paging.global ? c.pages : 0);
	test_note("%u entries, %u large, %u global%s", c.pages, c.large, c.global,
		  paging.nx ? "" : "; without NX, only text is checked");
}

struct range {
	uint64_t start, end; /* physical */
	struct rights_of rights;
};

static void count_range(void *context, uintptr_t address, uint64_t entry, bool large)
{
	uint64_t span = large ? pmd_span() : PAGE_SIZE;
	uint64_t frame = entry & PTE_ADDRESS & ~(span - 1);
	struct range *r = context;

	(void)address;
	if (frame >= r->end || frame + span <= r->start)
		return;
	r->rights.mapped++;
	r->rights.writable += !!(entry & PTE_WRITE);
	r->rights.runnable += !(entry & PTE_NX);
}

struct rights_of rights_of(uint32_t start, uint32_t size)
{
	struct range r = { .start = start, .end = (uint64_t)start + size };

	tables_walk(&kernel_mm, &r, count_range);
	return r.rights;
}
