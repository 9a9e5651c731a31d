// SPDX-License-Identifier: GPL-2.0-only
/* The checks of verify, and of each call what the same run of the emulator found. */
#include <string.h>

#include "conform/internal.h"

static void add_verify(struct conform_statement *s, const struct verify_report *report)
{
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		const struct verify_finding *f = &report->check[n];
		struct conform_check *c =
			conform_add(s, CONFORM_VERIFY, n, verify_name(n), f->result);

		c->level = s->levels->summed[n] ? CONFORM_OPTIONAL : 0;
		text_addf(&c->text, "%s", f->text);
	}
}

static enum verify_result call_result(const struct lane_call *call, bool laned)
{
	const enum lane_kind kind = call->finding.kind;

	if (kind != LANE_GOOD)
		return kind == LANE_BROKEN ? VERIFY_BROKEN : VERIFY_FAILED;
	return laned && call->cases ? VERIFY_PASSED : VERIFY_SKIPPED;
}

static void say_call(struct text *text, unsigned int n, const struct lane_call *call, bool laned)
{
	const struct lane_exception *exception = lane_exception(32, n);

	if (call->finding.kind != LANE_GOOD)
		text_addf(text, "%s: %s", lane_kind_names[call->finding.kind], call->finding.text);
	else if (!laned)
		text_addf(text, "nothing was called: see the V checks");
	else if (call->answer == VMI_RELOCATION_NONE)
		text_addf(text, "not provided");
	else if (call->answer == VMI_RELOCATION_NOP)
		text_addf(text, "answered NOP: it has no entry");
	else if (!call->cases)
		text_addf(text, "it has no entry that can be called: see the V checks");
	else
		text_addf(text, "%u calls", (unsigned int)call->cases);
	if (call->cases && exception)
		text_addf(text, "; %s: %s; see %s", exception->in_part ? "in part" : "hardly",
			  exception->reason, exception->guest_test);
}

static void add_calls(struct conform_statement *s, const struct verify_report *report)
{
	const size_t last = s->levels->count - 1;

	for (unsigned int n = 0; n < VMI_CALLS; n++) {
		const struct lane_call *call = &report->call[n];
		const size_t level = s->levels->of_call[n];

		if (vmi_calls[n].reserved)
			continue;
		s->provided[n] = report->laned && call->answer > VMI_RELOCATION_NONE;
		struct conform_check *c = conform_add(s, CONFORM_CALL, n, vmi_calls[n].name,
						      call_result(call, report->laned));
		c->level = level == CONFORM_OPTIONAL ? last : level;
		say_call(&c->text, n, call, report->laned);
	}
}

int conform_offline(struct conform_statement *s)
{
	static struct verify_report report;
	const struct conform_request *r = s->request;
	struct verify_request request = { .bytes = r->bytes, .size = r->size, .emulate = true,
					  .seed = r->seed, .rounds = r->rounds };

	memcpy(request.leave_out, r->leave_out, sizeof(request.leave_out));
	if (verify_run(&request, &report)) {
		fprintf(stderr, "pvrom: error: out of memory\n");
		return 2;
	}
	if (report.check[VERIFY_signature].result == VERIFY_PASSED) {
		struct vrom_header header = { 0 };
		const size_t some = offsetof(struct vrom_header, jump_slots);

		memcpy(&header, r->bytes, r->size < some ? r->size : some);
		s->major = header.api_version_maj;
		s->minor = header.api_version_min;
	}
	add_verify(s, &report);
	add_calls(s, &report);
	return 0;
}
