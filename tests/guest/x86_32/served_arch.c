// SPDX-License-Identifier: GPL-2.0-only
/* Calls of served.c in the registers of i386. */
#include "served.h"

void served_flush(struct probe *p, const void *set, uint32_t bits, uintptr_t start, uintptr_t end,
		  uint32_t flags)
{
	p->in[EAX] = (uintptr_t)set;
	p->in[EDX] = bits;
	p->in[ECX] = start;
	p->args[0] = end;
	p->args[1] = flags;
}

void served_cycles(struct probe *p, uint32_t id, uint32_t counter)
{
	p->in[EAX] = id;
	p->in[EDX] = counter;
}

uint64_t served_result(const struct probe *p)
{
	return (uint64_t)p->out[EDX] << 32 | p->out[EAX];
}

/* Every address of 32 bits is canonical. */
void served_flush_addresses(uintptr_t entry, const void *set, served_flush_fn *flush)
{
	(void)entry, (void)set, (void)flush;
}
