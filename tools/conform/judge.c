// SPDX-License-Identifier: GPL-2.0-only
/* The statement's frame, and what its checks add up to. */
#include <stdlib.h>

#include "conform/internal.h"
#include "run/command.h" /* run_set */

struct conform_check *conform_add(struct conform_statement *s, enum conform_kind kind,
				  unsigned int number, const char *name, enum verify_result result)
{
	if (!(s->count & (s->count - 1))) /* a power of two: it is full */
		s->checks = grow(s->checks, (s->count ? s->count * 2 : 1) * sizeof(*s->checks));
	struct conform_check *c = &s->checks[s->count++];
	*c = (struct conform_check){ .kind = kind, .number = number, .result = result };
	run_set(&c->name, name);
	return c;
}

void conform_id(const struct conform_check *c, struct text *id)
{
	text_addf(id, "%c", "VCGM"[c->kind]);
	if (c->kind != CONFORM_GUEST)
		text_addf(id, "%u", c->number);
}

size_t conform_tally(const struct conform_statement *s, enum verify_result result)
{
	size_t found = 0;

	for (size_t i = 0; i < s->count; i++)
		found += s->checks[i].result == result;
	return found;
}

/* Is the call as old as the ROM's version, or older? */
static bool demanded(const struct conform_statement *s, unsigned int n)
{
	const struct vmi_call_info *c = &vmi_calls[n];

	return !c->reserved && (c->since_major < s->major ||
				(c->since_major == s->major && c->since_minor <= s->minor));
}

static void conform_judge(struct conform_statement *s)
{
	bool below = true;

	for (size_t i = 0; i < s->levels->count; i++) {
		struct conform_level *level = &s->levels->level[i];

		bool complete = s->major; /* else nothing would be demanded of it */

		for (unsigned int n = 0; n < VMI_CALLS; n++) {
			level->missing[n] = s->levels->of_call[n] == i && demanded(s, n) &&
					    !s->provided[n];
			complete &= !level->missing[n];
		}
		for (size_t k = 0; k < s->count; k++) {
			const struct conform_check *c = &s->checks[k];
			struct text id = { 0 };

			if (c->level != i || c->result == VERIFY_PASSED || c->result == VERIFY_SKIPPED)
				continue;
			conform_id(c, &id);
			words_addf(&level->failed, "%s %s", text_string(&id), c->name);
			text_free(&id);
		}
		level->reached = below && complete && !level->failed.count;
		below = level->reached;
		s->level += level->reached;
	}
}

int conform_run(const struct conform_request *request, struct conform_levels *levels,
		struct conform_statement *s)
{
	*s = (struct conform_statement){ .request = request, .levels = levels };
	int result = conform_offline(s);
	if (!result)
		result = conform_guests(s);
	if (!result)
		conform_judge(s);
	return result;
}

void conform_free(struct conform_statement *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->checks[i].name);
		text_free(&s->checks[i].text);
	}
	free(s->checks);
	*s = (struct conform_statement){ 0 };
}
