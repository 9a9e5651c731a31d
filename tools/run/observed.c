/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "observed.h"

#include <string.h>

#include "expect.h"

/* Call numbers in ranges, as in `0-48 61`. */
static void add_bound(struct text *to, const bool bound[VMI64_CALLS])
{
	for (int first = 0; first < VMI64_CALLS; first++) {
		int last = first;
		if (!bound[first])
			continue;
		while (last + 1 < VMI64_CALLS && bound[last + 1])
			last++;
		text_addf(to, " %d", first);
		if (last > first)
			text_addf(to, "-%d", last);
		first = last;
	}
}

int observed_fields(const struct cell_result *r, struct text *to, struct text *why)
{
	struct run_expect e = { .status = VERDICT_GOOD, .census = true };
	if (r->verdict != VERDICT_GOOD) {
		text_addf(why, "the run is %s: %s", verdict_name(r->verdict), text_string(&r->why));
		return -1;
	}
	for (size_t i = 0; i < r->report.bind_count; i++) {
		const struct bind_line *b = &r->report.binds[i];
		if (b->kind != BIND_NATIVE && b->number >= 0 && !e.bound[b->number]) {
			e.bound[b->number] = true;
			e.bound_count++;
		}
	}
	for (const struct report *boot = &r->report; boot; boot = boot->before)
		for (size_t i = 0; i < boot->skips.count; i++)
			if (!words_contain(&e.skips, boot->skips.list[i]))
				words_add(&e.skips, boot->skips.list[i]);
	if (!e.bound_count)
		words_add(&e.reasons, r->report.outcome);
	bool met = expect_met(&e, r, why); /* a call whose slots differ, say */
	if (met) {
		text_addf(to, "    expect-bound");
		add_bound(to, e.bound);
		text_addf(to, "%s\n", e.bound_count ? "" : " none");
		if (!e.bound_count)
			text_addf(to, "    expect-reason %s\n", r->report.outcome);
		text_addf(to, "    expect-skipped");
		for (size_t i = 0; i < e.skips.count; i++)
			text_addf(to, " %s", e.skips.list[i]);
		text_addf(to, "%s\n", e.skips.count ? "" : " none");
	}
	words_free(&e.reasons);
	words_free(&e.skips);
	return met ? 0 : -1;
}
