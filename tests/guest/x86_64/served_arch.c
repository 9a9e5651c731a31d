// SPDX-License-Identifier: GPL-2.0-only
/* Calls of served.c in the registers of x86-64, and its refusals. */
#include "served.h"
#include "pv_ops.h"
#include "test.h"

#define WILD 0x1000000000000000u /* not canonical, with five levels of tables either */

enum { RDI = EDI, RSI = ESI, RDX = EDX, RCX = ECX, R8 = 8 };

void served_flush(struct probe *p, const void *set, uint32_t bits, uintptr_t start, uintptr_t end,
		  uint32_t flags)
{
	p->in[RDI] = (uintptr_t)set;
	p->in[RSI] = bits;
	p->in[RDX] = start;
	p->in[RCX] = end;
	p->in[R8] = flags;
}

void served_cycles(struct probe *p, uint32_t id, uint32_t counter)
{
	p->in[RDI] = id;
	p->in[RSI] = counter;
}

uint64_t served_result(const struct probe *p)
{
	return p->out[EAX];
}

void served_flush_addresses(uintptr_t entry, const void *set, served_flush_fn *flush)
{
	CHECK_EQ("a wild start", flush(entry, set, 256, WILD, WILD + 1, 0), VMI_REFUSED_ADDRESS);
	CHECK_EQ("a wild end", flush(entry, set, 256, 0, WILD, 0), VMI_REFUSED_ADDRESS);
	CHECK_EQ("a wild set", flush(entry, (const void *)WILD, 256, 0, 0, 0), VMI_REFUSED_ADDRESS);
	CHECK_EQ("the range comes first", flush(entry, set, 256, WILD + 1, WILD, 0), VMI_REFUSED_RANGE);
}
