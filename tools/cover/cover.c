/* SPDX-License-Identifier: GPL-2.0-only */
/* Slots over calls, and the sums. */
#include "cover.h"

#include <string.h>

bool cover_term(const struct pvops_term *term, const struct cover_abi *abi)
{
	for (int i = 0; i < term->count; i++)
		if (abi->call[term->calls[i]])
			return true;
	return false;
}

struct cover_slot cover_slot(const struct pvops_row *row, const struct cover_abi *abi)
{
	for (size_t i = 0; i < row->term_count; i++)
		if (!cover_term(&row->terms[i], abi))
			return (struct cover_slot){ row, row->needed ? PVOPS_INEXPRESSIBLE : PVOPS_NATIVE,
						    row->terms[i].calls[0] };
	return (struct cover_slot){ row, row->class, -1 };
}

static void count(struct cover_counts *counts, const struct cover_slot *slot)
{
	counts->slots++;
	counts->class[slot->class]++;
	counts->wanting += slot->row->wants != NULL;
}

void cover_count(struct cover_kernel *kernel, const struct cover_slot *slot)
{
	count(&kernel->all, slot);
	if (!slot->row->wide)
		count(&kernel->i386, slot);
}

static bool names(const struct pvops_row *row, int call)
{
	for (size_t i = 0; i < row->term_count; i++)
		for (int k = 0; k < row->terms[i].count; k++)
			if (row->terms[i].calls[k] == call)
				return true;
	return false;
}

static bool in_kernel(const struct pvops_row *row, size_t kernel)
{
	return kernel == COVER_ALL_KERNELS || row->kernel == kernel;
}

void cover_calls(struct cover_call calls[COVER_CALLS], const struct pvops *data, size_t kernel,
		 const struct cover_abi *abi)
{
	struct cover_abi other = *abi;
	memset(calls, 0, COVER_CALLS * sizeof(*calls));
	for (size_t i = 0; i < data->row_count; i++) {
		const struct pvops_row *row = &data->rows[i];
		bool served = cover_slot(row, abi).missing < 0;
		for (int n = 0; n < COVER_CALLS && row->term_count && in_kernel(row, kernel); n++) {
			if (!names(row, n))
				continue;
			other.call[n] = !abi->call[n];
			bool otherwise = cover_slot(row, &other).missing < 0;
			other.call[n] = abi->call[n];
			calls[n].carries += served && abi->call[n];
			calls[n].cost += served && !otherwise;
			calls[n].gain += !served && otherwise;
		}
	}
}

size_t cover_wants(struct cover_want wants[COVER_WANTS], const struct pvops *data, size_t kernel)
{
	size_t total = 0;
	for (size_t i = 0; i < data->row_count; i++) {
		const struct pvops_row *row = &data->rows[i];
		size_t k = 0;
		if (!row->wants || !in_kernel(row, kernel))
			continue;
		while (k < total && strcmp(wants[k].name, row->wants))
			k++;
		if (k == COVER_WANTS)
			continue;
		if (k == total)
			wants[total++] = (struct cover_want){ .name = row->wants,
							      .first = row->kernel };
		wants[k].rows++;
		wants[k].inexpressible += row->class == PVOPS_INEXPRESSIBLE;
	}
	return total;
}
