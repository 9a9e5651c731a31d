/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer for people, and one row per slot for scripts. */
#include "cover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR 24 /* columns of the longest bar */

static void print_counts(const struct cover_counts *c)
{
	printf("  %5zu", c->slots);
	for (int i = 0; i < PVOPS_CLASSES; i++)
		printf(" %4zu", c->class[i]);
	printf(" %4zu", c->wanting);
}

static struct cover_kernel kernel_counts(const struct pvops *data, const struct cover_abi *abi,
					 size_t kernel)
{
	struct cover_kernel sum = { 0 };
	for (size_t i = 0; i < data->row_count; i++) {
		struct cover_slot slot = cover_slot(&data->rows[i], abi);
		if (data->rows[i].kernel == kernel)
			cover_count(&sum, &slot);
	}
	return sum;
}

static void print_totals(const struct pvops *data, const struct cover_abi *abi, size_t only)
{
	printf("What the slots become over ABI %s, %zu calls: D direct, A adapt, C compose, N native, "
	       "X inexpressible;\nW: the hook's purpose wants a call or flag that VMI 3.0 lacks.\n\n",
	       abi->name, abi->count);
	if (abi->wide)
		printf("Slots are those of 64-bit builds; %zu that others alone have are left out.\n\n",
		       data->left_out);
	printf("%-11s  slots    D    A    C    N    X    W", "kernel");
	puts(abi->wide ? "" : "   i386    D    A    C    N    X    W");
	for (size_t k = 0; k < data->kernel_count; k++) {
		if (only != COVER_ALL_KERNELS && k != only)
			continue;
		struct cover_kernel sum = kernel_counts(data, abi, k);
		printf("%-11s", data->kernels[k]);
		print_counts(&sum.all);
		if (!abi->wide)
			print_counts(&sum.i386);
		putchar('\n');
	}
}

static void print_slots(const struct pvops *data, const struct cover_abi *abi, size_t kernel)
{
	printf("\nSlots of %s\n\n", data->kernels[kernel]);
	for (size_t i = 0; i < data->row_count; i++) {
		const struct pvops_row *row = &data->rows[i];
		struct cover_slot slot = cover_slot(row, abi);
		if (row->kernel != kernel)
			continue;
		printf("%-13s %s.%s%s  %s", pvops_class_names[slot.class], row->structure, row->slot,
		       row->wide ? " (64-bit builds)" : "", row->calls);
		if (slot.missing >= 0)
			printf("  missing: %d %s", slot.missing, cover_call_name(slot.missing));
		if (row->wants)
			printf("  wants: %s", row->wants);
		putchar('\n');
	}
}

static const struct cover_call *compared; /* by which qsort() compares call numbers */

static int by_weight(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	size_t left = compared[x].carries + compared[x].gain;
	size_t right = compared[y].carries + compared[y].gain;
	return left != right ? (left < right ? 1 : -1) : x - y;
}

static void print_calls(const struct pvops *data, const struct cover_abi *abi, size_t kernel)
{
	struct cover_call calls[COVER_CALLS];
	int order[COVER_CALLS];
	size_t longest = 1;
	cover_calls(calls, data, kernel, abi);
	for (int n = 0; n < COVER_CALLS; n++) {
		order[n] = n;
		if (calls[n].carries > longest)
			longest = calls[n].carries;
	}
	compared = calls;
	qsort(order, COVER_CALLS, sizeof(*order), by_weight);
	printf("\nCalls, by the slots that they carry; cost: slots that fall back to native code "
	       "without this one\ncall; gain: slots that it would serve, were it there\n\n");
	printf("  no call                carries  cost  gain\n");
	for (int i = 0; i < COVER_CALLS; i++) {
		const struct cover_call *c = &calls[order[i]];
		if (!c->carries && !c->gain)
			continue;
		printf("  %2d %-20s %6zu %5zu %5zu  ", order[i], cover_call_name(order[i]), c->carries,
		       c->cost, c->gain);
		for (size_t bar = 0; bar < (c->carries * BAR + longest - 1) / longest; bar++)
			putchar('#');
		putchar('\n');
	}
}

static void print_wants(const struct pvops *data, size_t kernel)
{
	struct cover_want wants[COVER_WANTS];
	size_t count = cover_wants(wants, data, kernel);
	printf("\nNew calls and flags, and what one of them would buy: slots whose purpose it "
	       "serves, and those of\nthem that nothing serves today\n\n");
	if (!count)
		printf("  none is wanted\n");
	for (size_t i = 0; i < count; i++)
		printf("  %-18s serves %3zu, inexpressible today %2zu, since %s\n", wants[i].name,
		       wants[i].rows, wants[i].inexpressible, data->kernels[wants[i].first]);
}

static void print_set(const struct cover_minimum *m)
{
	for (int n = 0, column = 0; n < COVER_CALLS; n++) {
		if (!m->call[n])
			continue;
		if (!column)
			printf("     ");
		column += printf(" %d %s", n, cover_call_name(n));
		if (column > 80) {
			putchar('\n');
			column = 0;
		} else if (n == COVER_CALLS - 1) {
			putchar('\n');
		}
	}
	putchar('\n');
}

static int print_minimum(const struct pvops *data, const struct cover_abi *abi, size_t kernel)
{
	printf("\nSmallest sets of calls for %s (IRET and SYSEXIT are always in)\n\n",
	       data->kernels[kernel]);
	for (int level = 0; level < COVER_LEVELS; level++) {
		struct cover_minimum m;
		if (cover_minimum(&m, data, kernel, abi, (enum cover_level)level))
			return 1;
		printf("  %s: %zu calls", cover_level_names[level], m.count);
		if (m.blocked)
			printf("; not reached: %zu slots cannot be had", m.blocked);
		else if (!m.reached)
			printf("; not reached: IRET or SYSEXIT is not there");
		putchar('\n');
		print_set(&m);
	}
	return 0;
}

static int print_minimum_counts(const struct pvops *data, const struct cover_abi *abi)
{
	printf("\nCalls in the smallest set of each level; - where it cannot be reached "
	       "(--kernel NAME shows the set)\n\nkernel      ");
	for (int level = 0; level < COVER_LEVELS; level++)
		printf(" %12s", cover_level_names[level]);
	putchar('\n');
	for (size_t k = 0; k < data->kernel_count; k++) {
		printf("%-12s", data->kernels[k]);
		for (int level = 0; level < COVER_LEVELS; level++) {
			struct cover_minimum m;
			if (cover_minimum(&m, data, k, abi, (enum cover_level)level))
				return 1;
			if (m.reached)
				printf(" %12zu", m.count);
			else
				printf(" %12s", "-");
		}
		putchar('\n');
	}
	return 0;
}

int cover_print(const struct pvops *data, const struct cover_abi *abi, size_t kernel)
{
	print_totals(data, abi, kernel);
	if (kernel != COVER_ALL_KERNELS)
		print_slots(data, abi, kernel);
	print_calls(data, abi, kernel);
	print_wants(data, kernel);
	return kernel == COVER_ALL_KERNELS ? print_minimum_counts(data, abi) :
					     print_minimum(data, abi, kernel);
}

int cover_print_minimum(const struct pvops *data, const struct cover_abi *abi, size_t kernel,
			enum cover_level level)
{
	struct cover_minimum m;
	if (cover_minimum(&m, data, kernel, abi, level))
		return 1;
	for (int n = 0; n < COVER_CALLS; n++)
		if (m.call[n] && m.needs[n])
			printf("%d %s %s.%s\n", n, cover_call_name(n), m.needs[n]->structure,
			       m.needs[n]->slot);
		else if (m.call[n])
			printf("%d %s -\n", n, cover_call_name(n));
	return 0;
}

void cover_print_tsv(const struct pvops *data, const struct cover_abi *abi, size_t kernel)
{
	printf("kernel\tstruct\tslot\tclass\tvmi_calls\tmissing\twidth\twants\n");
	for (size_t i = 0; i < data->row_count; i++) {
		const struct pvops_row *row = &data->rows[i];
		struct cover_slot slot = cover_slot(row, abi);
		if (kernel != COVER_ALL_KERNELS && row->kernel != kernel)
			continue;
		printf("%s\t%s\t%s\t%s\t%s\t", data->kernels[row->kernel], row->structure, row->slot,
		       pvops_class_names[slot.class], row->calls);
		if (slot.missing >= 0)
			printf("%d %s", slot.missing, cover_call_name(slot.missing));
		else
			putchar('-');
		printf("\t%s\t%s\n", row->wide ? "64" : "any", row->wants ? row->wants : "-");
	}
}
