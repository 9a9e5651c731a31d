/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of VMI_Init and GetRelocationInfo: that they come back and leave the machine as it was. */
#include "verify/internal.h"

static const struct {
	unsigned int what; /* enum emu_lost bits */
	const char *text;
} losses[] = {
	{ EMU_LOST_STACK | EMU_LOST_ABOVE, "ESP, or a word of the caller's on the stack, was changed" },
	{ EMU_LOST_REGISTERS, "a register that the callee saves was changed" },
	{ EMU_LOST_FLAGS, "IF or DF was changed" },
	{ EMU_LOST_SEGMENTS, "DS, ES, FS or GS was changed" },
	{ EMU_LOST_SYSTEM, "GDTR, IDTR, CR0, CR3 or CR4 was changed" },
};

static bool returned(const struct ask_one *one)
{
	return !(one->lost & EMU_LOST_RETURN);
}

static void fail_return(struct verify_finding *f, const char *who, const struct ask_one *one,
			uint32_t base)
{
	if (one->end == EMU_FAULTED)
		verify_fail(f, "%s, loaded at 0x%08x: found exception %u at image offset 0x%x, expected "
			    "a return", who, base, one->vector, one->eip - base);
	else if (one->end == EMU_RAN_AWAY)
		verify_fail(f, "%s, loaded at 0x%08x: found more than %u instructions, expected a "
			    "return", who, base, ASK_LIMIT);
	else if (one->end == EMU_WROTE_IMAGE)
		verify_fail(f, "%s, loaded at 0x%08x: found a write to image offset 0x%x, expected a "
			    "return", who, base, one->address - base);
	else
		verify_fail(f, "%s, loaded at 0x%08x: it %s with EIP 0x%08x, expected a return", who,
			    base, emu_end_names[one->end], one->eip);
}

void verify_init_returns_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f))
		return;
	for (unsigned int load = 0; load < ASK_BASES; load++)
		if (!returned(&s->ask.init[load])) {
			fail_return(f, "VMI_Init", &s->ask.init[load], s->ask.base[load]);
			return;
		}
	verify_pass(f, "%s", "");
}

static void init_keeps(struct verify_state *s, struct verify_finding *f, size_t loss)
{
	if (!verify_asked(s, f) || !verify_needs(s, f, VERIFY_init_returns, VERIFY_init_returns))
		return;
	for (unsigned int load = 0; load < ASK_BASES; load++)
		if (s->ask.init[load].lost & losses[loss].what) {
			verify_fail(f, "VMI_Init, loaded at 0x%08x: %s", s->ask.base[load],
				    losses[loss].text);
			return;
		}
	verify_pass(f, "%s", "");
}

void verify_answers_return_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_asked(s, f))
		return;
	VERIFY_EACH_ANSWER(n, load, turn) {
		const struct ask_one *one = &s->ask.answer[n][load][turn];
		struct verify_label label = verify_label(s->ask.number[n]);

		if (!returned(one)) {
			fail_return(f, label.text, one, s->ask.base[load]);
			return;
		}
	}
	verify_pass(f, "%s", "");
}

static void answers_keep(struct verify_state *s, struct verify_finding *f, size_t loss)
{
	if (!verify_asked(s, f) ||
	    !verify_needs(s, f, VERIFY_answers_return, VERIFY_answers_return))
		return;
	VERIFY_EACH_ANSWER(n, load, turn)
		if (s->ask.answer[n][load][turn].lost & losses[loss].what) {
			verify_fail(f, "asked for %s, loaded at 0x%08x: %s",
				    verify_label(s->ask.number[n]).text, s->ask.base[load],
				    losses[loss].text);
			return;
		}
	verify_pass(f, "%s", "");
}

#define KEEPS(what, loss)                                                                      \
	void verify_init_##what##_check(struct verify_state *s, struct verify_finding *f)      \
	{                                                                                      \
		init_keeps(s, f, loss);                                                        \
	}                                                                                      \
	void verify_answers_##what##_check(struct verify_state *s, struct verify_finding *f)   \
	{                                                                                      \
		answers_keep(s, f, loss);                                                      \
	}
KEEPS(stack, 0)
KEEPS(registers, 1)
KEEPS(flags, 2)
KEEPS(segments, 3)
KEEPS(system, 4)
