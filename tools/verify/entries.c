/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of the entries that GetRelocationInfo leads to: the cpu lane's findings by kind. */
#include <string.h>

#include "verify/internal.h"

static const uint32_t endbr32 = VROM_ENDBR32;

/* The answers must be such that entries can be believed to be there. */
static bool have_entries(const struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f) || !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_system) ||
	    !verify_needs(s, f, VERIFY_same_twice, VERIFY_same_twice))
		return false;
	for (unsigned int call = 0; call < VMI_CALLS; call++)
		if (verify_has_entry(s, call))
			return true;
	verify_skip(f, "no call has an entry that could be called");
	return false;
}

void verify_endbr_check(struct verify_state *s, struct verify_finding *f)
{
	if (!have_entries(s, f))
		return;
	for (unsigned int call = 0; call < VMI_CALLS; call++) {
		uint32_t offset = s->ask.answer[call][0][0].eax - s->ask.base[0];

		if (!verify_has_entry(s, call))
			continue;
		if (s->candidate.length - offset >= sizeof(endbr32) &&
		    !memcmp(s->rom->bytes + offset, &endbr32, sizeof(endbr32)))
			continue;
		verify_fail(f, "%s at 0x%x: found %02x, expected f3 0f 1e fb: a guest with indirect "
			    "branch tracking could not call it",
			    verify_label(call).text, offset, s->rom->bytes[offset]);
		return;
	}
	verify_pass(f, "%s", "");
}

/* Fails at the first call with a finding of one of these kinds, a mask of 1 << enum lane_kind. */
static void lane_check(struct verify_state *s, struct verify_finding *f, unsigned int kinds)
{
	unsigned int tried = 0;

	if (!have_entries(s, f))
		return;
	if (!s->laned) {
		f->result = VERIFY_BROKEN;
		strcpy(f->text, s->trouble);
		return;
	}
	for (unsigned int call = 0; call < VMI_CALLS; call++) {
		const struct lane_call *c = &s->lane.call[call];

		if (!c->chosen)
			continue;
		if (kinds >> c->finding.kind & 1) {
			verify_fail(f, "%s: %s: %s", verify_label(call).text,
				    lane_kind_names[c->finding.kind], c->finding.text);
			if (c->finding.kind == LANE_BROKEN)
				f->result = VERIFY_BROKEN;
			return;
		}
		tried += c->cases > 0;
	}
	verify_pass(f, "%u entries called", tried);
}

#define KIND(name) (1u << LANE_##name)

void verify_image_unwritten_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f))
		return;
	for (unsigned int load = 0; load < ASK_BASES; load++)
		if (s->ask.init[load].end == EMU_WROTE_IMAGE) {
			verify_fail(f, "VMI_Init: a write to image offset 0x%x",
				    s->ask.init[load].address - s->ask.base[load]);
			return;
		}
	for (unsigned int n = 0; n < ASK_NUMBERS; n++)
		if (s->ask.answer[n][0][0].end == EMU_WROTE_IMAGE) {
			verify_fail(f, "asked for %s: a write to image offset 0x%x",
				    verify_label(s->ask.number[n]).text,
				    s->ask.answer[n][0][0].address - s->ask.base[0]);
			return;
		}
	if (have_entries(s, f))
		lane_check(s, f, KIND(IMAGE));
}

void verify_entries_return_check(struct verify_state *s, struct verify_finding *f)
{
	lane_check(s, f, KIND(END) | KIND(FAULT) | KIND(BROKEN));
}

void verify_entries_stack_check(struct verify_state *s, struct verify_finding *f)
{
	lane_check(s, f, KIND(STACK) | KIND(ESP));
}

void verify_entries_registers_check(struct verify_state *s, struct verify_finding *f)
{
	lane_check(s, f, KIND(REGISTER));
}

void verify_entries_flags_check(struct verify_state *s, struct verify_finding *f)
{
	lane_check(s, f, KIND(FLAGS));
}

void verify_entries_segments_check(struct verify_state *s, struct verify_finding *f)
{
	lane_check(s, f, KIND(SEGMENT));
}

void verify_entries_effect_check(struct verify_state *s, struct verify_finding *f)
{
	lane_check(s, f, KIND(RESULT) | KIND(SYSTEM) | KIND(HIDDEN) | KIND(MEMORY) |
				 KIND(NO_FAULT));
}
