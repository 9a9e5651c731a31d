/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of what VMI_Init and GetRelocationInfo answer. */
#include <stdio.h>

#include "verify/internal.h"

struct verify_label verify_label(uint32_t number)
{
	struct verify_label label;

	if (number < VMI_CALLS && !vmi_calls[number].reserved)
		snprintf(label.text, sizeof(label.text), "call %u %s", number,
			 vmi_calls[number].name);
	else
		snprintf(label.text, sizeof(label.text), "number 0x%x", number);
	return label;
}

/* The first answer about a call. */
static const struct ask_one *first(const struct verify_state *s, unsigned int call)
{
	return &s->ask.answer[call][0][0];
}

void verify_init_answer_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f) || !verify_needs(s, f, VERIFY_init_returns, VERIFY_init_returns) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	bool flow = first(s, VMI_CALL_IRET)->edx && first(s, VMI_CALL_SYSEXIT)->edx;
	uint32_t found = s->ask.init[0].eax;

	if ((found == VMI_INIT_OK) != flow)
		verify_fail(f, "VMI_Init: found 0x%x, expected %s, since IRET and SYSEXIT are %s",
			    found, flow ? "0" : "another value",
			    flow ? "provided" : "not both provided: a client that begins would die");
	else
		verify_pass(f, flow ? "%s" : "it keeps the guest native%s", "");
}

static bool is_entry(const struct ask_one *one)
{
	return (one->edx & 0xFF) == VMI_RELOCATION_CALL_REL ||
	       (one->edx & 0xFF) == VMI_RELOCATION_JUMP_REL;
}

void verify_answer_types_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	for (unsigned int call = 0; call < VMI_CALLS; call++) {
		uint32_t found = first(s, call)->edx;

		if (vmi_calls[call].reserved)
			continue;
		if (found >= VMI_RELOCATIONS) {
			verify_fail(f, "%s: EDX: found 0x%x, expected 0 to %d",
				    verify_label(call).text, found, VMI_RELOCATIONS - 1);
			return;
		}
		if (!(vmi_calls[call].answers >> found & 1)) {
			verify_fail(f, "%s: found the type %s, which its call may not have",
				    verify_label(call).text, vmi_relocation_names[found]);
			return;
		}
	}
	verify_pass(f, "%s", "");
}

/* Does it lie inside the image and behind the entry table? */
static bool inside(const struct verify_state *s, const struct ask_one *one, uint32_t base)
{
	return one->eax - base >= s->image.table_end && one->eax - base < s->candidate.length;
}

void verify_answer_addresses_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	for (unsigned int call = 0; call < VMI_CALLS; call++)
		for (unsigned int load = 0; load < ASK_BASES; load++) {
			const struct ask_one *one = &s->ask.answer[call][load][0];
			uint32_t base = s->ask.base[load];

			if (!is_entry(one) || inside(s, one, base))
				continue;
			verify_fail(f, "%s, loaded at 0x%08x: found 0x%08x, expected 0x%08x to 0x%08x",
				    verify_label(call).text, base, one->eax,
				    base + s->image.table_end, base + s->candidate.length - 1);
			return;
		}
	verify_pass(f, "%s", "");
}

void verify_no_calls_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	VERIFY_EACH_ANSWER(n, load, turn) {
		uint32_t number = s->ask.number[n];
		const struct ask_one *one = &s->ask.answer[n][load][turn];

		if ((number < VMI_CALLS && !vmi_calls[number].reserved) ||
		    one->edx == VMI_RELOCATION_NONE)
			continue;
		verify_fail(f, "%s: EDX: found 0x%x, expected %d (none), since it is no call",
			    verify_label(number).text, one->edx, VMI_RELOCATION_NONE);
		return;
	}
	verify_pass(f, "%s", "");
}

void verify_same_twice_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	for (unsigned int n = 0; n < ASK_NUMBERS; n++)
		for (unsigned int load = 0; load < ASK_BASES; load++) {
			const struct ask_one *one = s->ask.answer[n][load];

			if (one[0].eax == one[1].eax && one[0].edx == one[1].edx)
				continue;
			verify_fail(f, "%s, loaded at 0x%08x: found 0x%08x type 0x%x, then 0x%08x type "
				    "0x%x, expected the same",
				    verify_label(s->ask.number[n]).text, s->ask.base[load],
				    one[0].eax, one[0].edx, one[1].eax, one[1].edx);
			return;
		}
	verify_pass(f, "%s", "");
}

void verify_position_check(struct verify_state *s, struct verify_finding *f)
{
	uint32_t delta = s->ask.base[1] - s->ask.base[0];

	if (!verify_asked(s, f) || !verify_needs(s, f, VERIFY_init_returns, VERIFY_init_returns) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return) ||
	    !verify_needs(s, f, VERIFY_same_twice, VERIFY_same_twice))
		return;
	for (unsigned int call = 0; call < VMI_CALLS; call++) {
		const struct ask_one *low = &s->ask.answer[call][0][0];
		const struct ask_one *high = &s->ask.answer[call][1][0];
		uint32_t expected = low->eax + (is_entry(low) ? delta : 0);

		if (low->edx == high->edx && (!is_entry(low) || high->eax == expected))
			continue;
		verify_fail(f, "%s: found 0x%08x type 0x%x where it is loaded at 0x%08x, expected "
			    "0x%08x type 0x%x, as at 0x%08x",
			    verify_label(call).text, high->eax, high->edx, s->ask.base[1], expected,
			    low->edx, s->ask.base[0]);
		return;
	}
	if (s->ask.init[0].eax != s->ask.init[1].eax) {
		verify_fail(f, "VMI_Init: found 0x%x where it is loaded at 0x%08x, expected 0x%x, as at "
			    "0x%08x", s->ask.init[1].eax, s->ask.base[1], s->ask.init[0].eax,
			    s->ask.base[0]);
		return;
	}
	/* The lane asked at more addresses. */
	for (unsigned int call = 0; s->laned && call < VMI_CALLS; call++) {
		const struct lane_call *tried = &s->lane.call[call];

		if (tried->chosen && (tried->finding.kind == LANE_POSITION ||
				      tried->finding.kind == LANE_ANSWER)) {
			verify_fail(f, "%s: %s", verify_label(call).text, tried->finding.text);
			return;
		}
	}
	verify_pass(f, "%s", "");
}

void verify_groups_check(struct verify_state *s, struct verify_finding *f)
{
	int provided[VMI_GROUPS], missing[VMI_GROUPS];

	if (!verify_asked(s, f) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	for (unsigned int group = 0; group < VMI_GROUPS; group++)
		provided[group] = missing[group] = -1;
	for (int call = 0; call < VMI_CALLS; call++)
		if (!vmi_calls[call].reserved)
			*(first(s, (unsigned int)call)->edx ? &provided[vmi_calls[call].group] :
							      &missing[vmi_calls[call].group]) = call;
	for (unsigned int group = 0; group < VMI_GROUPS; group++)
		if (vmi_groups[group].atomic && provided[group] >= 0 && missing[group] >= 0) {
			verify_fail(f, "group %s: %s is provided and %s is not, expected all or none",
				    vmi_groups[group].name, vmi_calls[provided[group]].name,
				    vmi_calls[missing[group]].name);
			return;
		}
	verify_pass(f, "%s", "");
}

bool verify_has_entry(const struct verify_state *s, unsigned int call)
{
	const struct ask_one *one = first(s, call);

	return !vmi_calls[call].reserved && !(one->lost & EMU_LOST_RETURN) && one->edx < VMI_RELOCATIONS &&
	       vmi_calls[call].answers >> one->edx & 1 && is_entry(one) &&
	       inside(s, one, s->ask.base[0]);
}
