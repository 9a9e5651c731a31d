/* SPDX-License-Identifier: GPL-2.0-only */
/* What served.c needs of the width: where arguments and results of its calls lie. */
#ifndef SERVED_H
#define SERVED_H

#include "binding.h"
#include "probe.h"

/* Arguments of FlushTLBMulti and of GetVcpuCycles. */
void served_flush(struct probe *p, const void *set, uint32_t bits, uintptr_t start, uintptr_t end,
		  uint32_t flags);
void served_cycles(struct probe *p, uint32_t id, uint32_t counter);
/* The result behind the call, of 64 bits where there are two registers. */
uint64_t served_result(const struct probe *p);

typedef uint32_t served_flush_fn(uintptr_t entry, const void *set, uint32_t bits, uintptr_t start,
				 uintptr_t end, uint32_t flags);
/* CHECKs what FlushTLBMulti says of addresses that are not canonical. */
void served_flush_addresses(uintptr_t entry, const void *set, served_flush_fn *flush);

#endif
